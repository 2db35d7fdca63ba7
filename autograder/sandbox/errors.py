"""What goes wrong through no fault of a student."""


class SandboxError(RuntimeError):
    """The locked room cannot be had. No student is to blame, so no score may follow from it."""


class ZygoteDied(Exception):
    """The zygote or a guard is gone. Inside the sandbox only: worth one more attempt."""
