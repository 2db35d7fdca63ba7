"""``length_by_hand``: the length of the vector (2, 3, 6), found with pencil and paper."""

from autograder.authoring import chaff, value, wheat


@wheat
def right():
    return 7


@chaff(says="This is the sum of the squares. The length is its square root.", breaks=["value"])
def sum_of_squares():
    return 49


@chaff(says="You added the entries up. Square them first.", breaks=["value"])
def sum_of_entries():
    return 11


EXERCISE = value(
    "length_by_hand",
    "the length of (2, 3, 6)",
    oracle=lambda: (2**2 + 3**2 + 6**2) ** 0.5,
    wheats=(right,),
    misconceptions=(sum_of_squares, sum_of_entries),
)
