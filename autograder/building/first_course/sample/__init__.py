"""Who is in the sample class: `autograder demo` grades it, and says who did not get what is due."""

from autograder.sample import everyday, troubled


def members(assignment):
    """Honest students, and some that hang, break off, tamper or try to forge their grade."""
    yield from everyday(assignment)
    yield from troubled(assignment, "solve")
