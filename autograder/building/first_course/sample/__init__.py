"""Who is in the sample class: `autograder demo` grades it, and says who did not get what is due."""

from autograder.sample import everyday, troubled, writing_in_turn

# What they write where a person marks: a good answer, a weak one, and none.
ANSWERS = {
    "how_many": (
        "When A has more columns than rows, or columns that depend on each other. Then some vector "
        "other than zero is sent to zero, and I can add it to a solution.",
        "When there are more unknowns.",
        "",
    )
}


def members(assignment):
    """Honest students, and some that hang, break off, tamper or try to forge their grade."""
    yield from writing_in_turn(everyday(assignment), ANSWERS)
    yield from troubled(assignment, "solve")
