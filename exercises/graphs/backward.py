"""``backward(W, x)``: both gradients of the squared length of a matrix times a vector.

Given a matrix `W` of shape (m, n), not necessarily square, and a vector `x` of shape (n,), each of
whole numbers or of fractions. For ``f(W, x) = sum over i of (W x)[i]**2`` the gradients
``dW = 2 (W x) x^T`` of shape (m, n) and ``dx = 2 W^T (W x)`` of shape (n,) are returned as arrays,
as a tuple ``dW, dx``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, chaff, generic, wheat, whole_numbers

from .forward import EXAMPLES
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("dW", 2, "the gradient to W, W square"),
    RubricLine("dx", 2, "the gradient to x, W square"),
    RubricLine("not_square", 1, "both gradients, W not square"),
    RubricLine("integers", 1, "both gradients, whole numbers and fractions mixed"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each case asks for one of the two gradients."""
    for part in ("dW", "dx"):
        for n in (2, 3):
            yield Case(part, (generic(rng, n, n), generic(rng, n)), {"part": part})
        for m, n in [(4, 2), (2, 5), (1, 3)]:
            yield Case("not_square", (generic(rng, m, n), generic(rng, n)), {"part": part})
        yield Case("integers", (whole_numbers(rng, 3, 3), generic(rng, 3)), {"part": part})
        yield Case("integers", (generic(rng, 2, 2), whole_numbers(rng, 2)), {"part": part})


def use(backward, W, x, part):
    """One of the two gradients."""
    dW, dx = backward(W, x)
    return dW if part == "dW" else dx


def by_the_engine(W: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The reference: convkit's reverse mode."""
    weights, inputs = convkit.Node(W), convkit.Node(x)
    ((weights @ inputs) ** 2).sum().backward()
    return weights.grad, inputs.grad


@wheat
def closed_forms(W, x):
    q = W @ x
    return 2 * np.outer(q, x), 2 * W.T @ q


@wheat
def step_by_step_along_the_graph(W, x):
    q = W @ x
    df = 1.0
    ds = df * np.ones(len(q))
    dq = ds * q + ds * q
    dW = dq[:, np.newaxis] @ x[np.newaxis, :]
    dx = dq @ W
    return dW, dx


@wheat
def loops_over_every_entry(W, x):
    rows, columns = W.shape
    dW, dx = np.zeros((rows, columns)), np.zeros(columns)
    for i in range(rows):
        q = sum(W[i, j] * x[j] for j in range(columns))
        for j in range(columns):
            dW[i, j] = 2 * q * x[j]
            dx[j] += 2 * q * W[i, j]
    return dW, dx


@wheat
def subscripts(W, x):
    dW = 2 * np.einsum("ij,j,k->ik", W, x, x)
    dx = 2 * np.einsum("ij,ik,k->j", W, W, x)
    return dW, dx


@wheat
def matrices_with_one_column(W, x):
    column = x.reshape(-1, 1)
    q = W @ column
    return [2 * q @ column.T, (2 * W.T @ q).ravel()]


FACTOR_TWO = (
    "The factor 2 is missing. The result of W x goes into the square twice, and from both sides a "
    "gradient comes back."
)


@chaff(says=FACTOR_TWO, breaks={"dW", "dx", "not_square", "integers"})
def factor_two_missing(W, x):
    q = W @ x
    return np.outer(q, x), W.T @ q


@chaff(
    says="Your gradient to W is transposed: exchange the two vectors of the outer product, so that "
    "it gets the shape of W.",
    breaks={"dW", "not_square", "integers"},
)
def outer_product_turned_round(W, x):
    q = W @ x
    return 2 * np.outer(x, q), 2 * W.T @ q


@chaff(
    says="On the way back to x the matrix must be transposed: the gradient comes in at its rows "
    "and leaves at its columns.",
    breaks={"dx", "not_square", "integers"},
)
def matrix_not_transposed(W, x):
    q = W @ x
    dW = 2 * np.outer(q, x)
    return dW, 2 * W @ q


@chaff(
    says="You return the two gradients in the wrong order. First the one to W, then the one to x.",
    breaks={"dW", "dx", "not_square", "integers"},
)
def gradients_exchanged(W, x):
    q = W @ x
    return 2 * W.T @ q, 2 * np.outer(q, x)


@chaff(
    says="You differentiated the matrix product and stopped there: the upstream gradient, twice "
    "the result of W x, is not multiplied in.",
    breaks={"dW", "dx", "not_square", "integers"},
)
def upstream_left_out(W, x):
    ones = np.ones(len(W))
    return np.outer(ones, x), W.T @ ones


@chaff(
    says="In your gradient to W, x is missing: every row holds one number again and again, and the "
    "gradient to a weight also has the entry of x that it meets.",
    breaks={"dW", "not_square", "integers"},
)
def weights_without_the_input(W, x):
    q = W @ x
    return np.outer(2 * q, np.ones(len(x))), 2 * W.T @ q


@chaff(
    says="Your gradient to x stops one step early, at the result of W x. From there it still has "
    "to go back through the matrix, transposed.",
    breaks={"dx", "not_square", "integers"},
)
def stops_before_the_matrix(W, x):
    q = W @ x
    return 2 * np.outer(q, x), 2 * q


@chaff(
    says="You differentiated the length, not the length squared: your gradients are divided by "
    "the length of W x.",
    breaks={"dW", "dx", "not_square", "integers"},
)
def length_not_squared(W, x):
    q = W @ x
    unit = q / np.linalg.norm(q)
    return np.outer(unit, x), W.T @ unit


@chaff(
    says="Your fractions are cut off: a gradient is stored in an array of whole numbers, because "
    "its type was copied from an input. Make arrays of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(W, x):
    q = W @ x
    dW, dx = np.zeros_like(W), np.zeros_like(x)
    for i in range(len(W)):
        dW[i] = 2 * q[i] * x
    for j in range(len(x)):
        dx[j] = 2 * np.sum(W[:, j] * q)
    return dW, dx


@chaff(says=FACTOR_TWO, breaks={"dW", "dx", "not_square", "integers"})
def factor_missing_and_turned_round(W, x):
    q = W @ x
    return np.outer(x, q), W.T @ q


@chaff(
    says="You differentiated the mean of the squares: your gradients are divided by the number of "
    "entries. The function is their sum.",
    breaks={"dW", "dx", "not_square", "integers"},
)
def gradients_of_the_mean(W, x):
    q = W @ x
    return 2 * np.outer(q, x) / len(q), 2 * W.T @ q / len(q)


EXERCISE = Exercise(
    name="backward",
    oracle=by_the_engine,
    cases=cases,
    examples=EXAMPLES,
    parts=("dW", "dx"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    use=use,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        closed_forms,
        step_by_step_along_the_graph,
        loops_over_every_entry,
        subscripts,
        matrices_with_one_column,
    ),
    misconceptions=(
        factor_two_missing,
        outer_product_turned_round,
        matrix_not_transposed,
        gradients_exchanged,
        upstream_left_out,
        weights_without_the_input,
        stops_before_the_matrix,
        length_not_squared,
        stored_as_whole_numbers,
        factor_missing_and_turned_round,
        gradients_of_the_mean,
    ),
    covers=("B4",),
)
