"""The grader: it holds oracles, runs student code in a locked room, and enters what it finds."""

__version__ = "0.1.0"
