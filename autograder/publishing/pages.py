"""HTML pages from templates. Everything is escaped unless a template says otherwise."""

from __future__ import annotations

import functools
from typing import Any

import jinja2


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.publishing", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = lambda value: f"{value:g}"
    environment.filters["sentence"] = lambda text: f"{text[:1].upper()}{text[1:]}"
    environment.filters["percent"] = lambda value: f"{100 * value:.0f}\N{NARROW NO-BREAK SPACE}%"
    return environment


def render(template: str, **values: Any) -> str:
    """Fill in one of the templates of this package."""
    return _environment().get_template(template).render(**values)
