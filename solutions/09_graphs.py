# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · Graphs
#
# A network has a million weights. Which way should each of them move? Nobody writes a million
# derivatives down. A program does it, with a table of a few rules and one walk through a graph.
# At the end of this notebook you can
#
# - draw a formula as a graph, and send values forward and gradients back by hand;
# - derive the gradients of $\lVert W x \rVert^2$, and check a derivation;
# - write the program yourself: a class `Node` that differentiates whatever you compute with it;
# - say why gradients add up, in which order, and why the walk goes backwards.
#
# **How to work here.** Plan about 80 minutes. Where it says *Predict*, write your guess down
# before you run the cell. Under every cell that you fill in stands a `check`. It tries public
# examples and says what is wrong first. Your points come from other inputs.
#
# **House rules.**
#
# - Do not call `convkit`, `scipy.optimize` or `scipy.differentiate` in your answers: they would do
#   the exercise for you, and an answer that calls them gets no points (`check` does not look for
#   them). The rest of NumPy is welcome, and so are your own earlier functions.
# - Nobody asks for speed or for error handling. Inputs stay as they are.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display

import convkit
from convkit import viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · A formula is a graph
#
# Take $f = (a + b) \cdot c$ with $a = 2$, $b = -1$, $c = 3$. Go through the picture with the
# slider. An arrow leads from each operand to the operation that uses it. First values flow to the
# right (green). Then gradients flow to the left (pink).

# %% figure first_graph
a = convkit.Node(2, name="a")
b = convkit.Node(-1, name="b")
c = convkit.Node(3, name="c")
viz.graph_steps((a + b) * c)

# %% [markdown]
# The pink number under a node says: **if this value grows by a little, by how many times as much
# does the result grow?** It is the derivative of $f$ with respect to the node, and is called its
# *gradient*.
#
# **One number together.** $a + b = 1$, so $f = 1 \cdot 3 = 3$. Now go back. The gradient of the
# result is 1. The product sends to its left side that 1 times the value on its *right* side,
# $1 \cdot 3 = 3$. The plus passes this 3 on to $a$. Test it: with $a = 2.1$ the result is
# $1.1 \cdot 3 = 3.3$. It grew by 0.3, three times as much as $a$.
#
# No operation needs to see the whole graph. Each one takes what comes from above, the **upstream
# gradient** $g$, multiplies it by its own **local derivative**, and sends the product on. That is
# the chain rule, and it is all there is:
#
# | operation | sends to $u$ | sends to $v$ |
# |---|---|---|
# | $u + v$ | $g$ | $g$ |
# | $u - v$ | $g$ | $-g$ |
# | $u \cdot v$ | $g \cdot v$ | $g \cdot u$ |
#
# *Predict:* in $f = a \cdot b + a$ two arrows leave $a$. With $a = 3$ and $b = 4$, which gradient
# does $a$ get?

# %% figure used_twice
a = convkit.Node(3, name="a")
b = convkit.Node(4, name="b")
f = a * b + a
f.backward()
viz.computational_graph(f)

# %% [markdown]
# Two gradients come back to $a$: 4 through the product, 1 through the plus. They are **added**. If
# $a$ grows, $f$ grows in two ways at once.
#
# ### By hand: gradients of three numbers
#
# $$ f = (a - b) \cdot (a \cdot c) \qquad \text{with} \quad a = 2, \; b = 5, \; c = -3 $$
#
# Draw the graph. It has three operations. Send the values forward, then the gradients back. Which
# gradients do $a$, $b$ and $c$ get? Give the three numbers in this order. `check` sees only whether
# your answer is complete.
#
# <details><summary><b>Hint: test one of them</b></summary>
#
# Make $c$ larger by 1, keep the others, and work $f$ out again. By how much did it change? The
# formula is a straight line in $c$, so that must be the gradient to $c$. It works for $b$, too.
# </details>

# %% value scalar_gradients
scalar_gradients = [3, 6, -6]

# %% test scalar_gradients
check("scalar_gradients", scalar_gradients)

# %% [markdown]
# ## 2 · The same with a matrix
#
# A layer multiplies by a matrix, and a loss makes one number of what comes out. The smallest case
# of both:
#
# $$ f(W, x) = \lVert W x \rVert^2 = \sum_i (W x)_i^2 $$
#
# ### By hand: draw it
#
# Use three operations and no others: the matrix product `@`, the product `*` entry by entry, and
# the sum Σ over all entries. That makes five nodes. Number them like this:
#
# | number | node | what it is |
# |---|---|---|
# | 0 | $W$ | a leaf |
# | 1 | $x$ | a leaf |
# | 2 | $q$ | $W x$ |
# | 3 | $s$ | the squares of $q$, entry by entry: $q$ `*` $q$ |
# | 4 | $f$ | the sum of $s$ |
#
# Draw the graph on paper. Then write its arrows down as a table of 5 rows and 5 columns: the entry
# in row $i$, column $j$ says **how many arrows lead from node $i$ to node $j$**. Arrows lead from
# an operand to the result.

# %% value arrows
arrows = [
    [0, 0, 1, 0, 0],
    [0, 0, 1, 0, 0],
    [0, 0, 0, 2, 0],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0],
]

# %% test arrows
check("arrows", arrows)

# %% [markdown]
# ### By hand: forward
#
# $$ W = \begin{bmatrix} 0.1 & 0.5 \\ -0.3 & 0.8 \end{bmatrix} \qquad
# x = \begin{bmatrix} 0.2 \\ 0.4 \end{bmatrix} $$
#
# Send the values through your drawing. Give three numbers: both entries of $q$, then $f$.

# %% value forward_by_hand
forward_by_hand = [0.22, 0.26, 0.116]

# %% test forward_by_hand
check("forward_by_hand", forward_by_hand)

# %% [markdown]
# ### By hand: backward
#
# Now the nodes hold arrays. **The gradient of a node always has the shape of its value**: one
# number for each entry. This decides most questions. Three rules are new:
#
# - **Σ** adds entries up, so each entry goes into the result once: a *copy* of the upstream number
#   goes back to every entry.
# - **`*`** works entry by entry, so do its gradients.
# - **`@`**: let $g$ be the gradient that has arrived at $q = W x$. The entry $q_i = \sum_j W_{ij}
#   x_j$ contains the weight $W_{ij}$ once, multiplied by $x_j$. So the weight gets $g_i \cdot x_j$.
#   And $x_j$ stands in *every* $q_i$, multiplied by $W_{ij}$. So it gets $\sum_i g_i \cdot W_{ij}$.
#
# Send the gradients back through your drawing, for the same $W$ and $x$. In this order:
#
# 1. `dq_by_hand`: what has arrived at $q$ in the end. Mind how many arrows leave $q$.
# 2. `dW_by_hand`: two rows, two columns.
# 3. `dx_by_hand`: two numbers.

# %% value dq_by_hand
dq_by_hand = [0.44, 0.52]

# %% test dq_by_hand
check("dq_by_hand", dq_by_hand)

# %% value dW_by_hand
dW_by_hand = [[0.088, 0.176], [0.104, 0.208]]

# %% test dW_by_hand
check("dW_by_hand", dW_by_hand)

# %% value dx_by_hand
dx_by_hand = [-0.112, 0.636]

# %% test dx_by_hand
check("dx_by_hand", dx_by_hand)

# %% [markdown]
# ### Closed forms
#
# You went from arrow to arrow. Put the steps together, and a formula for any $W$ and $x$ comes out.
# At $q$ arrive two equal gradients, $1 \cdot q$ each, so $g = 2q = 2 W x$. With the rule for `@`:
#
# $$ \frac{\partial f}{\partial W_{ij}} = 2 \, (W x)_i \; x_j
# \qquad\qquad
# \frac{\partial f}{\partial x_j} = \sum_i 2 \, (W x)_i \; W_{ij} $$
#
# On the left, every entry of one vector meets every entry of another: an outer product. On the
# right, the sum runs over the *rows* of $W$, so the matrix is transposed:
#
# $$ \nabla_W f = 2 \, (W x) \, x^\top \qquad\qquad \nabla_x f = 2 \, W^\top (W x) $$
#
# ### Your turn: `forward`
#
# `W` has the shape `(m, n)`, not necessarily square. `x` has the shape `(n,)`. Both may hold whole
# numbers or fractions. Return $\lVert W x \rVert^2$: one number.


# %% solution forward
def forward(W, x):
    """Compute the squared length of W x.

    Parameters
    ----------
    W : ndarray of shape (m, n)
        The matrix.
    x : ndarray of shape (n,)
        The vector.

    Returns
    -------
    float
        The sum of the squares of the entries of W x.
    """
    ### BEGIN SOLUTION
    q = W @ x
    return np.sum(q * q)
    ### END SOLUTION


# %% test forward
check("forward", forward)

# %% [markdown]
# ### Your turn: `backward`
#
# Both gradients of `forward`, at the same place. `W` and `x` may hold whole numbers or fractions,
# independently of each other; the answers keep their fractions. Return two arrays, `dW` of shape
# `(m, n)` and `dx` of shape `(n,)`, in this order.
#
# <details><summary><b>Hint: shapes choose for you</b></summary>
#
# You have $g$ of shape `(m,)`, `W` of shape `(m, n)` and `x` of shape `(n,)`. There is only one way
# to make `(m, n)` of $g$ and `x` by products alone, and only one way to make `(n,)` of `W` and $g$
# with a sum over the axis of length $m$. With a square matrix a mistake has the right shape, so try
# a matrix that is not square.
# </details>


# %% solution backward
def backward(W, x):
    """Compute both gradients of the squared length of W x.

    Parameters
    ----------
    W : ndarray of shape (m, n)
        The matrix.
    x : ndarray of shape (n,)
        The vector.

    Returns
    -------
    dW : ndarray of shape (m, n)
        Gradient with respect to W.
    dx : ndarray of shape (n,)
        Gradient with respect to x.
    """
    ### BEGIN SOLUTION
    dq = 2 * (W @ x)
    return np.outer(dq, x), W.T @ dq
    ### END SOLUTION


# %% test backward
check("backward", backward)

# %% [markdown]
# **Never trust a derivation that you have not checked.** Move one entry a little up and a little
# down, and see how much $f$ changes: a *central difference*. It needs two runs of `forward` for
# each entry, and no derivation at all.
#
# *Predict:* to how many digits do the closed forms and the central differences agree?

# %% figure gradient_check
with waiting_for("forward", "backward", "dW_by_hand", "dx_by_hand", what="This comparison"):
    W, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4])
    dW, dx = backward(W, x)
    differences_W = convkit.numerical_gradient(lambda moved: forward(moved, x), W)
    differences_x = convkit.numerical_gradient(lambda moved: forward(W, moved), x)
    columns = ["by hand", "closed form", "central difference"]
    print(f"{'':10}" + "".join(f"{column:>22}" for column in columns))
    for name, *numbers in (
        ("dW", dW_by_hand, dW, differences_W),
        ("dx", dx_by_hand, dx, differences_x),
    ):
        rows = zip(*(np.ravel(each) for each in numbers), strict=True)
        for place, row in zip(np.ndindex(np.shape(numbers[1])), rows, strict=True):
            where = f"{name}{list(place)}"
            print(f"{where:10}" + "".join(f"{number:>22.14f}" for number in row))

# %% [markdown]
# So the closed forms are right, at least here. But look what they cost you: a page of algebra for a
# function of one line. Change the function, and you begin again.
#
# ## 3 · Let the graph do the algebra
#
# You never used that the function was $\lVert W x \rVert^2$. You only used one rule for each
# *operation*. So teach the rules to a program, once. Let it remember what was computed from what.
# It can then go back through any graph.
#
# A **node** knows four things:
#
# | attribute | what it holds |
# |---|---|
# | `value` | an array of floats; of shape `()` for a single number |
# | `grad` | an array of the same shape: what has arrived so far, zeros at first |
# | `children` | the nodes it was computed from; none for a leaf. `a + a` has two: `a` and `a` |
# | `local_gradients` | a function: from its own gradient to one gradient for each child |
#
# ### Who may go first?
#
# Each node is to be visited once. So it may pass its gradient on only when *all* of it has
# arrived. Here is a small graph where this matters: $u = a \cdot a$, $v = u + a$, $f = u \cdot v$.

# %% figure diamond
a = convkit.Node(3, name="a")
u = a * a
v = u + a
f = u * v
viz.computational_graph(f, names={"u": u, "v": v, "f": f})

# %% [markdown]
# The result sends 12, the value of $v$, straight to $u$. To pass that on at once would be too
# early: another 9 is still on its way to $u$, through $v$. In total $u$ gets 21, and only then is
# it its turn.
#
# ### By hand: the order of the visits
#
# Number the nodes: 0 is $f$, 1 is $u$, 2 is $a$, 3 is $v$. In which order does backward visit them,
# so that each is visited once, after everything that uses it? There is only one such order. Give
# the four numbers.

# %% value visiting_order
visiting_order = [0, 3, 1, 2]

# %% test visiting_order
check("visiting_order", visiting_order)

# %% [markdown]
# **How does a program find such an order?** Turn the question round. Make a list in which each node
# comes *after its children*: to put a node into the list, first put in its children (which first
# put in theirs), then the node itself, unless it is already there. Read from its end, this list is
# an order for backward. It is called a *topological order*.
#
# ### Three rules for arrays
#
# Let $g$ be the gradient of the node itself.
#
# - **Sum.** Every entry gets a copy of $g$.
# - **Matrix product** $Y = A B$: $\; dA = g B^\top$ and $dB = A^\top g$. You need not remember
#   this: it is the only way in which the shapes fit. If $B$ is a *vector*, it has no transpose.
#   Then $dA$ is the outer product of $g$ and the vector, as in your `backward`.
# - **A single number together with an array**, as in $2 \cdot [1, 5, 7]$. The number is used once
#   for each entry. Used three times, it gets three gradients, and they are added.
#
# Sum and single number mirror each other: *what is added up on the way forward is copied on the way
# back; what is copied on the way forward is added up on the way back.*
#
# ### Your turn: `Node`
#
# The constructor is given, and so is one operation as a model: the sign change `-a`. Write the
# others, then `backward`.
#
# | you write | what is asked |
# |---|---|
# | `a + b`, `a - b`, `a * b` | entry by entry; of one shape, or one of them a number, shape `()` |
# | `a @ b` | `a` of shape `(m, k)`, `b` of shape `(k, n)` or `(k,)` |
# | `a.sum()` | all entries added up, shape `()` |
# | `f.backward()` | then `grad` of every leaf is the gradient of `f`, in the shape of its `value` |
#
# Both operands are always nodes. Every operation returns a *new* node. `backward` is called once on
# a graph, on a node that holds a single number. A node may be used as often as you like, even twice
# by the same operation. Values may start as whole numbers; the constructor makes floats of them.
#
# A node passes its gradient on *once*, when all of it has arrived. If each of 12 results in a chain
# is used twice by the next, there are $2^{12}$ ways from the end to the start: `backward` must not
# walk them one by one.
#
# You may change the constructor, or build the class in another way. Only the table counts for your
# points. (The pictures further down read `value`, `grad`, `children` and `operation`.)
#
# <details><summary><b>Hint: the local gradients</b></summary>
#
# Each operation is one line or a few: the value, the children, the sign, and a function of `dy`
# that returns a tuple: one array for each child, in the order of the children. (A tuple of one
# needs its comma; see the model.) With nodes of the same shape, no array changes its shape on the
# way. For `@`, ask `other.value.ndim` whether `b` is a vector. For `sum`, make something of the
# shape of `self.value`, all entries equal to `dy`.
# </details>
#
# <details><summary><b>Hint: backward</b></summary>
#
# Four steps. Build the list in which children come first. Set the gradient of the result itself.
# Which number is that? Walk the list from its end. At each node, ask for its local gradients and
# *add* each to the `grad` of the child that it belongs to. One last thing belongs into this last
# step: what if a child is a single number, and the part that arrives for it has the shape of an
# array?
# </details>


# %% solution Node
class Node:
    """An array that knows what it was computed from."""

    def __init__(self, value, children=(), operation="", local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.operation = operation
        self.local_gradients = local_gradients

    def __neg__(self):
        return Node(-self.value, (self,), "neg", lambda dy: (-dy,))

    def __add__(self, other):
        ### BEGIN SOLUTION
        return Node(self.value + other.value, (self, other), "+", lambda dy: (dy, dy))
        ### END SOLUTION

    def __sub__(self, other):
        ### BEGIN SOLUTION
        return Node(self.value - other.value, (self, other), "-", lambda dy: (dy, -dy))
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        a, b = self.value, other.value
        return Node(a * b, (self, other), "*", lambda dy: (dy * b, dy * a))
        ### END SOLUTION

    def __matmul__(self, other):
        ### BEGIN SOLUTION
        a, b = self.value, other.value

        def local_gradients(dy):
            return np.outer(dy, b) if b.ndim == 1 else dy @ b.T, a.T @ dy

        return Node(a @ b, (self, other), "@", local_gradients)
        ### END SOLUTION

    def sum(self):
        """Add all entries up."""
        ### BEGIN SOLUTION
        ones = np.ones_like(self.value)
        return Node(np.sum(self.value), (self,), "sum", lambda dy: (dy * ones,))
        ### END SOLUTION

    def backward(self):
        """Fill `grad` of everything that this node was computed from."""
        ### BEGIN SOLUTION
        children_first, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                children_first.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(children_first):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part.sum() if child.value.shape == () else part
        ### END SOLUTION


# %% test Node
check("Node", Node)

# %% [markdown]
# ### See your own engine at work
#
# First the graph of section 2, drawn from *your* nodes, with the gradients that *your* `backward`
# has left in them. On each arrow stands what has to come back along it. Where a node holds
# something else than what arrives at it, the picture says so. Compare with what you found by hand.

# %% figure own_graph
with waiting_for("Node"):
    W, x = Node([[0.1, 0.5], [-0.3, 0.8]]), Node([0.2, 0.4])
    q = W @ x
    s = q * q
    f = s.sum()
    f.backward()
    display(viz.computational_graph(f, names={"W": W, "x": x, "q": q, "s": s, "f": f}))

# %% [markdown]
# And the graph in which $u$ has to wait, in steps. A broken frame means: not everything has arrived
# yet.

# %% figure own_steps
with waiting_for("Node"):
    a = Node(3)
    u = a * a
    v = u + a
    f = u * v
    display(viz.graph_steps(f, names={"a": a, "u": u, "v": v, "f": f}))

# %% [markdown]
# ## 4 · Put it to work: which kernel was it?
#
# Somebody correlated a signal with a secret kernel of three numbers. You have the signal and the
# result. Can you find the kernel?
#
# A correlation is a matrix product: each row of a matrix $P$ is one window of the signal, and
# $y = P k$ (notebooks 02 and 04). So start with a kernel of zeros, measure how far off it is,
#
# $$ \text{loss} = \lVert P k - y \rVert^2, $$
#
# and let your engine say which way to go. Nobody derives anything.
#
# *Predict:* after how many of the steps below are all three numbers right to two digits: 5, 50,
# 500?

# %% figure find_the_kernel
with waiting_for("Node"):
    rng = np.random.default_rng(9)
    signal, secret = rng.normal(size=20), np.array([1.0, -2.0, 0.5])
    windows = np.lib.stride_tricks.sliding_window_view(signal, 3)
    P, y = Node(windows), Node(windows @ secret)
    kernel, guesses = np.zeros(3), {}
    for step in range(51):
        k = Node(kernel)
        error = P @ k - y
        loss = (error * error).sum()
        loss.backward()
        if step in (0, 1, 2, 5, 10, 20, 50):
            guesses[step] = kernel
            numbers = "".join(f"{number:>9.4f}" for number in kernel)
            print(f"step {step:>2}   loss {float(loss.value):>11.7f}   kernel{numbers}")
        kernel = kernel - 0.01 * k.grad
    panels = [viz.Panel(guesses[n].round(2), f"step {n}", "kernel") for n in (1, 5, 20)]
    display(viz.grid_rows([*panels, viz.Panel(secret, "the secret", "kernel")]))

# %% [markdown]
# That is how a convolution layer learns. It has more channels and a longer graph. The rules are
# these.
#
# ## 5 · What does the comfort cost, honestly?
#
# Your closed form and your engine give the same gradients. The cell measures both on *your*
# machine, the best of a few runs, for square matrices.
#
# *Predict:* by which factor is the engine slower for a 2 × 2 matrix? And for 1000 × 1000: is the
# factor gone?


# %% figure timing
def by_the_engine(W, x):
    weights, inputs = Node(W), Node(x)
    product = weights @ inputs
    (product * product).sum().backward()
    return weights.grad, inputs.grad


def best_milliseconds(gradients, W, x):
    return 1e3 * min(repeat(lambda: gradients(W, x), number=1, repeat=15))


with waiting_for("Node", "backward", what="This table"):
    rng = np.random.default_rng(0)
    print(f"{'matrix':>14}{'closed form':>16}{'your engine':>16}")
    for n in (2, 100, 1000):
        W, x = rng.normal(size=(n, n)), rng.normal(size=n)
        closed = best_milliseconds(backward, W, x)
        engine = best_milliseconds(by_the_engine, W, x)
        factor = f"{engine / closed:.1f} times as long"
        print(f"{f'{n} × {n}':>14}{closed:>13.3f} ms{engine:>13.3f} ms   {factor}")

# %% [markdown]
# - For a tiny matrix nearly all the time goes into Python: making nodes, building the order,
#   calling functions. That price depends on the number of *operations*, not on the size of the
#   arrays, so for larger arrays it soon stops showing.
# - Then another price shows. The engine copies its leaves, fills a `grad` with zeros, and adds to
#   it. Each of these goes through the whole matrix once more, and to move a number takes longer
#   than to multiply it. So the factor need not go down to one; it may even grow again. Libraries
#   copy as little as they can.
# - Not on the table: the hour that a derivation takes, and the mistake in it.
#
# ## 6 · Why backwards?
#
# There is another way through the graph. Choose *one* weight, and follow forward how a little
# change of it spreads: each node then carries its derivative with respect to that weight along,
# next to its value. It obeys the same rules and it is right, too. Central differences work in the
# same spirit.
#
# **A network has a million weights and one loss. Why does everyone walk backwards? And when would
# the forward way be the better one? What does walking backwards cost in memory?** Answer in three
# to six sentences. A person reads them.

# %% written why_backwards [markdown]
# One walk forward gives the derivatives of all nodes with respect to *one* weight. So a million
# weights need a million walks, each about as expensive as computing the loss. One walk backward
# gives the derivative of *one* result with respect to all nodes, so with respect to all weights at
# once, at a small multiple of the cost of computing the loss, whatever their number. (Central
# differences need two runs for each weight, and are not exact.)
#
# The forward way is better where there are few inputs and many outputs: the derivative of a whole
# image with respect to one parameter, such as a brightness or a time. It needs one walk where the
# backward way would need one for each output number.
#
# The price is memory: the backward walk uses the values of the forward pass (a product needs the
# value of its other side), so all of them are kept until the walk is over. The forward way can
# forget a value as soon as nothing uses it any more.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point**: one backward walk serves all weights, the forward way (or differences) needs one
#   walk for each weight. The words "one result" or "one loss" must play a part.
# - **½ point** for a case in which the forward way wins: fewer inputs than outputs.
# - **½ point** for memory: the values of the forward pass have to be kept.
# - No point for "because the chain rule goes backwards" alone: it can be worked out in both
#   directions.
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# Begin with a node that holds 1, and forty times do `a = a + a`. How many nodes does the graph
# have? How many ways lead from the result back to the first node? What would happen to an engine
# that follows every way on its own, instead of waiting at each node until all has arrived? (Try it
# with twenty.)
#
# ## What you have now
#
# You can read a formula as a graph, send gradients back by hand, and you own an engine that does it
# for you: a rule for each operation, a list in which children come first, one walk from its end. It
# is the heart of every deep-learning library. The next notebook asks what a network would be
# without the operations that are missing here: those that are not linear.
#
# ## Where this comes from
#
# Texts, code and pictures were made anew.
#
# - University of Washington, CSE 493G/599G Deep Learning, *Section 3: Convolutions & Vectorization
#   & Matrix-Vector Backprop*: the function $\lVert W x \rVert^2$ with these $W$ and $x$, its graph,
#   both passes, the closed forms. There $W$ is square; here it need not be.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind, *Automatic differentiation in
#   machine learning: a survey*, Journal of Machine Learning Research 18(153), 2018: both ways
#   through the graph, and their history.
# - S. Linnainmaa described the backward way in 1970, in his master's thesis (in Finnish); in
#   English: *Taylor expansion of the accumulated rounding error*, BIT 16, 1976.
