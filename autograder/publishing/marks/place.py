"""Where the gradebook is: what nbgrader would open, from wherever it is asked."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from traitlets.config import Config


def gradebook_url(config: Config, root: Path) -> str:
    """The SQLAlchemy URL of the gradebook that a configuration names.

    Parameters
    ----------
    config : Config
        The course's configuration.
    root : Path
        The course directory. nbgrader is started there, and takes a relative path from there.
    """
    url = make_url(CourseDirectory(config=config).db_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        url = url.set(database=os.path.join(root, str(url.database)))
    return url.render_as_string(hide_password=False)


def gradebook_place(url: str) -> str:
    """How a gradebook is shown to people: the path of its file, or its URL without a password."""
    parsed = make_url(url).set(query={})
    return str(parsed.database if parsed.get_backend_name() == "sqlite" else parsed)
