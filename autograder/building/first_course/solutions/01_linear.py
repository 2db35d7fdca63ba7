# %% [markdown]
# # Vectors and systems of equations
#
# Fill in the cells that say `YOUR CODE HERE` and `...`. After each of them there is a `check`: it
# tries your answer on a few examples and tells you what it sees. You may run it as often as you
# like.

# %% setup
import numpy as np
from check import check

# %% [markdown]
# ## A length
#
# How long is the vector (2, 3, 6)? Work it out with pencil and paper.

# %% value length
length_by_hand = 7

# %% test length_by_hand
check("length_by_hand", length_by_hand)

# %% [markdown]
# ## A system of equations
#
# Write `solve(A, b)`. `A` is an array of shape (m, n) with m ≤ n, and `b` has m entries. Return an
# array `x` of n entries with `A @ x` equal to `b`. Where there are many, any of them is right.


# %% solution solve
def solve(A, b):
    """Any x with A x = b."""
    ### BEGIN SOLUTION
    return np.linalg.lstsq(A, b)[0]
    ### END SOLUTION


# %% test solve
check("solve", solve)

# %% [markdown]
# When has A x = b more than one solution?

# %% written how_many [markdown]
# When A has more columns than rows, or its columns depend on each other: then some vector that is
# not zero is sent to zero by A, and may be added to a solution.
#
# ### BEGIN MARK SCHEME
# 1 point for the shape or the rank, 1 point for the vectors that A sends to zero.
# ### END MARK SCHEME

# %% [markdown]
# ## A projection
#
# The columns of `A` span a line or a plane. Write a class: `Projector(A)` is made once, and then
# `Projector(A)(v)` gives the point of that line or plane which is nearest to `v`.


# %% solution Projector
class Projector:
    """Projects onto the column space of A."""

    def __init__(self, A):
        ### BEGIN SOLUTION
        self.matrix = A @ np.linalg.pinv(A)
        ### END SOLUTION

    def __call__(self, v):
        ### BEGIN SOLUTION
        return self.matrix @ v
        ### END SOLUTION


# %% test Projector
check("Projector", Projector)
