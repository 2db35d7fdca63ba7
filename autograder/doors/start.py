"""The program ``autograder``: what has to be settled before other packages are loaded."""

from __future__ import annotations

import gc
import os
import sys
from types import ModuleType

_OF_A_SERVER = ("assignment_list", "course_list", "formgrader", "validate_assignment")


def main() -> None:
    """Run the command line."""
    # The arrays of exercises are small: further threads would only wait, each with a whole core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # nbformat loads jsonschema, and that a grammar of addresses, which takes longer than all else.
    # It does without where there is none, and no schema of a notebook has an address.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Modules stay: looking through them for garbage, again and again, is a tenth of loading them.
    gc.set_threshold(50_000)
    _leave_out_servers()
    from autograder.doors.cli import main as run

    run()


def _leave_out_servers() -> None:
    """Have nbgrader load without its extensions of a Jupyter server.

    Its package loads them first of all, and with them its applications and all of nbconvert: three
    times what a gradebook takes. Nothing else in nbgrader looks at them.
    """
    for name in _OF_A_SERVER:
        module = ModuleType(f"nbgrader.server_extensions.{name}")
        module.load_jupyter_server_extension = None  # type: ignore[attr-defined]
        sys.modules.setdefault(module.__name__, module)


if __name__ == "__main__":
    main()
