"""What ends a room before its time."""


class ZygoteDied(Exception):
    """The zygote or a guard is gone: worth one more attempt."""
