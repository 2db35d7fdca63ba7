"""What the shell gets from a command."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """The exit codes, beside 2 for wrong use."""

    OK = 0
    FAULT = 1
    REFUSED = 3
    INFRA = 4
    UNFIT = 5
