"""What keeps a notebook of another course from being run here."""


class ForeignError(RuntimeError):
    """A notebook cannot be run here; the message says what to do."""
