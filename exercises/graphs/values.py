"""Values that students work out by hand; nested lists and arrays are both taken.

scalar_gradients
    Gradients to a, b, c of (a - b) * (a * c) at a = 2, b = 5, c = -3.
arrows
    For the graph of the squared length: entry [i, j] counts the arrows from node i to node j.
    The nodes are W, x, q (their product), s (q times q, entry by entry) and f (the sum of s).
forward_by_hand
    Both entries of q, then f, for the matrix `W` and the vector `X`.
dq_by_hand, dW_by_hand, dx_by_hand
    The gradients of f to q, W and x at the same place.
visiting_order
    The order in which backward visits the nodes 0 (f = u * v), 1 (u = a * a), 2 (a), 3 (v = u + a).
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

W: Final = np.array([[0.1, 0.5], [-0.3, 0.8]])
X: Final = np.array([0.2, 0.4])
A, B, C = 2.0, 5.0, -3.0

WRONG: Final = {"value"}


def scalar_gradients() -> np.ndarray:
    """By convkit's engine."""
    a, b, c = (convkit.Node(number) for number in (A, B, C))
    ((a - b) * (a * c)).backward()
    return np.array([float(node.grad) for node in (a, b, c)])


def course_graph() -> dict[str, convkit.Node]:
    """The graph of the squared length after its backward pass."""
    weights, inputs = convkit.Node(W), convkit.Node(X)
    q = weights @ inputs
    f = (q * q).sum()
    f.backward()
    return {"W": weights, "x": inputs, "q": q, "f": f}


def forward_by_hand() -> np.ndarray:
    """Both entries of q, then f."""
    nodes = course_graph()
    return np.append(nodes["q"].value, nodes["f"].value)


def arrows() -> np.ndarray:
    """From W and x to q, twice from q to s, from s to f."""
    count = np.zeros((5, 5), int)
    for start, end in [(0, 2), (1, 2), (2, 3), (2, 3), (3, 4)]:
        count[start, end] += 1
    return count


@wheat
def scalar_gradients_as_a_list():
    return [3, 6, -6]


@chaff(
    says="Your gradient to a holds only what comes back through the product. Two arrows leave a, "
    "so two gradients come back to it, and they are added.",
    breaks=WRONG,
)
def a_from_the_product_only():
    return np.array([9, 6, -6])


@chaff(
    says="Your gradient to a holds only what comes back through the difference. Two arrows leave "
    "a, so two gradients come back to it, and they are added.",
    breaks=WRONG,
)
def a_from_the_difference_only():
    return np.array([-6, 6, -6])


@chaff(
    says="Your gradient to b has the wrong sign. A minus passes its upstream gradient on unchanged "
    "on its left, and with the sign turned on its right.",
    breaks=WRONG,
)
def minus_keeps_the_sign():
    return np.array([3, -6, -6])


@chaff(
    says="At a product you gave each side its own value. Each side gets the value of the other "
    "one, times what comes from above.",
    breaks=WRONG,
)
def own_value_at_each_product():
    return np.array([-15, 3, 18])


@chaff(
    says="These are the local derivatives of the two inner operations. The gradient that comes "
    "down from the outer product is not multiplied in.",
    breaks=WRONG,
)
def local_derivatives_only():
    return np.array([-2, -1, 2])


@wheat
def arrows_as_lists():
    return [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 2, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]


@chaff(
    says="You drew one arrow from q to its square. The square is q times q: a product has two "
    "operands, and both are q.",
    breaks=WRONG,
)
def square_with_one_arrow():
    return np.array(
        [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
    )


@chaff(
    says="Your arrows point backwards. The row says where an arrow starts: at an operand. The "
    "column says where it ends: at the result.",
    breaks=WRONG,
)
def arrows_turned_round():
    return np.array(
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 2, 0, 0], [0, 0, 0, 1, 0]]
    )


@wheat
def forward_by_hand_as_a_list():
    return [0.22, 0.26, 0.116]


@chaff(
    says="Your product is right, but the last number is the length: you took the root. The graph "
    "ends with the sum of the squares.",
    breaks=WRONG,
)
def forward_with_a_root():
    return np.array([0.22, 0.26, np.sqrt(0.116)])


@chaff(
    says="You used the columns of W where its rows belong. Each row of W meets the vector.",
    breaks=WRONG,
)
def forward_with_columns():
    return np.array([-0.10, 0.42, 0.1864])


@chaff(
    says="Your product is right. Then you added before you squared: square each entry, then add.",
    breaks=WRONG,
)
def forward_squares_the_sum():
    return np.array([0.22, 0.26, 0.2304])


@wheat
def dq_as_a_list():
    return [0.44, 0.52]


@chaff(
    says="The factor 2 is missing. Two arrows run from q into the square, and each brings a "
    "gradient back.",
    breaks=WRONG,
)
def dq_from_one_arrow():
    return np.array([0.22, 0.26])


@chaff(
    says="These are the gradients of the square itself, all ones, as they come from the sum. Take "
    "one more step back: through the product of q with q.",
    breaks=WRONG,
)
def dq_is_ones():
    return np.array([1, 1])


@wheat
def dW_as_lists():
    return [[0.088, 0.176], [0.104, 0.208]]


@chaff(
    says="Your matrix is transposed. The gradient to W has one row for each row of W, so for each "
    "entry of q.",
    breaks=WRONG,
)
def dW_transposed():
    return np.array([[0.088, 0.104], [0.176, 0.208]])


@chaff(
    says="The factor 2 is missing: you went back from q itself, and not from the gradient that "
    "has arrived at q.",
    breaks=WRONG,
)
def dW_without_the_factor():
    return np.array([[0.044, 0.088], [0.052, 0.104]])


@wheat
def dx_as_a_list():
    return [-0.112, 0.636]


@chaff(
    says="You multiplied by W. On the way back it is transposed: each column of W meets the "
    "gradient at q.",
    breaks=WRONG,
)
def dx_not_transposed():
    return np.array([0.304, 0.284])


@chaff(
    says="The factor 2 is missing: you went back from q itself, and not from the gradient that "
    "has arrived at q.",
    breaks=WRONG,
)
def dx_without_the_factor():
    return np.array([-0.056, 0.318])


@wheat
def visiting_order_as_a_list():
    return [0, 3, 1, 2]


@chaff(
    says="You went from each node to its first operand at once. Then u passes its gradient on "
    "before the part that comes through v has arrived.",
    breaks=WRONG,
)
def first_operand_first():
    return np.array([0, 1, 2, 3])


@chaff(
    says="You took the nodes by their distance from the result. But u is an operand of v as well, "
    "so it has to wait until v has been visited.",
    breaks=WRONG,
)
def nearest_first():
    return np.array([0, 1, 3, 2])


@chaff(
    says="This is the order of the forward pass. Backward starts at the result.",
    breaks=WRONG,
)
def order_of_the_forward_pass():
    return np.array([2, 1, 3, 0])


EXERCISES = (
    value(
        "scalar_gradients",
        "gradients of a difference times a product",
        scalar_gradients,
        (scalar_gradients_as_a_list,),
        (
            a_from_the_product_only,
            a_from_the_difference_only,
            minus_keeps_the_sign,
            own_value_at_each_product,
            local_derivatives_only,
        ),
        covers=("B4",),
    ),
    value(
        "arrows",
        "the graph of the squared length",
        arrows,
        (arrows_as_lists,),
        (square_with_one_arrow, arrows_turned_round),
        covers=("B4",),
    ),
    value(
        "forward_by_hand",
        "the forward pass by hand",
        forward_by_hand,
        (forward_by_hand_as_a_list,),
        (forward_with_a_root, forward_with_columns, forward_squares_the_sum),
        covers=("B4",),
    ),
    value(
        "dq_by_hand",
        "backward by hand, to the product",
        lambda: course_graph()["q"].grad,
        (dq_as_a_list,),
        (dq_from_one_arrow, dq_is_ones),
        covers=("B4",),
    ),
    value(
        "dW_by_hand",
        "backward by hand, to the matrix",
        lambda: course_graph()["W"].grad,
        (dW_as_lists,),
        (dW_transposed, dW_without_the_factor),
        covers=("B4",),
    ),
    value(
        "dx_by_hand",
        "backward by hand, to the vector",
        lambda: course_graph()["x"].grad,
        (dx_as_a_list,),
        (dx_not_transposed, dx_without_the_factor),
        covers=("B4",),
    ),
    value(
        "visiting_order",
        "the order of the backward pass",
        lambda: np.array([0, 3, 1, 2]),
        (visiting_order_as_a_list,),
        (first_operand_first, nearest_first, order_of_the_forward_pass),
        covers=("a small engine",),
    ),
)
