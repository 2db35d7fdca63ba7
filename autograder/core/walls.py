"""Which walls a person can ask for, in one word."""

from __future__ import annotations

from enum import StrEnum


class Sandbox(StrEnum):
    """Which walls to put around student code; see `sandbox.walls.mechanisms.Walls.named`."""

    AUTO = "auto"
    NO_BUBBLEWRAP = "no-bubblewrap"
    NO_NAMESPACES = "no-namespaces"
    NONE = "none"
