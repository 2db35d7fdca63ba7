"""The program ``autograder``: what has to be settled before other packages are loaded."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line."""
    # The arrays of exercises are small: further threads would only wait, each with a whole core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # nbformat loads jsonschema, and that a grammar of addresses, which takes longer than all else.
    # It does without where there is none, and no schema of a notebook has an address.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from autograder.doors.cli import main as run

    run()


if __name__ == "__main__":
    main()
