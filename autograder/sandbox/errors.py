"""The one error that callers of the sandbox need to know."""


class SandboxError(RuntimeError):
    """The locked room cannot be had. No student is to blame, so no score may follow from it."""
