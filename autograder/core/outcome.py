"""How a cell, a question or a whole submission ended."""

from enum import StrEnum


class Outcome(StrEnum):
    """One word for how something ended.

    The sandbox says OK, TIMEOUT, MEMORY, OUTPUT, CRASH or INFRA; the intake adds
    TAMPERED and REFUSED, and the judge WRONG and UNDONE.
    """

    OK = "OK"
    WRONG = "WRONG"
    UNDONE = "UNDONE"
    TIMEOUT = "TIMEOUT"
    MEMORY = "MEMORY"
    OUTPUT = "OUTPUT"
    CRASH = "CRASH"
    TAMPERED = "TAMPERED"
    REFUSED = "REFUSED"
    INFRA = "INFRA"


SEVERITY = (
    Outcome.INFRA,
    Outcome.REFUSED,
    Outcome.TIMEOUT,
    Outcome.MEMORY,
    Outcome.OUTPUT,
    Outcome.CRASH,
    Outcome.TAMPERED,
    Outcome.WRONG,
    Outcome.UNDONE,
    Outcome.OK,
)
"""The worst first: a submission has the worst outcome of its parts."""
