"""The program ``autograder``: what has to be settled before numpy is loaded."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line."""
    # The arrays of exercises are small: further threads would only wait, each with a whole core.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from autograder.doors.cli import main as run

    run()


if __name__ == "__main__":
    main()
