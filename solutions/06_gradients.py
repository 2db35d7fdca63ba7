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
# # 06 · Gradients
#
# Forward, a layer makes an image into a feature map. Backward, it answers two questions. How
# should the *kernel* change? That is training. And how should the *image* change? That is how one
# fools a network. At the end of this notebook you can
#
# - write the gradients of a correlation down, entry by entry, and see that they are correlations;
# - say where the flip goes, and why;
# - check any gradient by nudging numbers;
# - write the backward pass of a whole convolution layer;
# - change a handwritten digit a little, so that a classifier takes it for another one.
#
# **How to work here.** Plan about two hours; the end of section 4 is a good place for a break.
# Where it says *Predict*, write your guess down before you run the cell. Under every cell that you
# fill in stands a `check`. It tries public examples and says what is wrong first. Your points come
# from other inputs. Of an answer by hand it sees only whether it is complete.
#
# **House rules for all five functions.**
#
# - They **return NumPy arrays** and leave their inputs as they are. Two functions return several
#   arrays: a tuple, in the order of the docstring. *Part 1* in a message of `check` is the first.
# - Loops are fine. Nobody asks for speed or for error handling.
# - Do not call `np.convolve`, `np.correlate`, `scipy.signal`, `scipy.ndimage` or `convkit` in
#   them. They would do the exercise for you, and a function that calls them gets no points
#   (`check` does not look for them). Your own earlier functions are welcome, and so is the rest
#   of NumPy.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import (
    check_gradient,
    conv2d,
    conv_matrix2d,
    correlate2d,
    load_digits,
    numerical_gradient,
    toeplitz_matrix,
    viz,
)
from convkit import conv2d_backward as convkit_backward
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · Four numbers in, two numbers out
#
# Everything in this notebook is one rule, the **chain rule**, and patience. So begin with the
# smallest case: a signal $x$ of four entries, a kernel $w$ of three, two outputs.
#
# $$ \begin{aligned}
# y_0 &= w_0 x_0 + w_1 x_1 + w_2 x_2 \\
# y_1 &= \phantom{w_0 x_0 + {}} w_0 x_1 + w_1 x_2 + w_2 x_3
# \end{aligned} $$
#
# Behind the layer, something computes a loss $L$ from $y_0$ and $y_1$. The layer need not know
# what. It is only told how much the loss moves when an output moves:
# $\delta_0 = \partial L / \partial y_0$ and $\delta_1 = \partial L / \partial y_1$. This is the
# **upstream gradient**. In code it is called `dy`. Likewise `dx` is short for
# $\partial L / \partial x$ and `dw` for $\partial L / \partial w$. A gradient always has the shape
# of the thing that it belongs to.
#
# **To the signal.** Ask each entry: in which outputs do you occur, and what stands in front of
# you?
#
# $$ \frac{\partial L}{\partial x_0} = w_0 \delta_0 \qquad
# \frac{\partial L}{\partial x_1} = w_1 \delta_0 + w_0 \delta_1 \qquad
# \frac{\partial L}{\partial x_2} = w_2 \delta_0 + w_1 \delta_1 \qquad
# \frac{\partial L}{\partial x_3} = w_2 \delta_1 $$
#
# **To the kernel.** Same question, other letters:
#
# $$ \frac{\partial L}{\partial w_0} = x_0 \delta_0 + x_1 \delta_1 \qquad
# \frac{\partial L}{\partial w_1} = x_1 \delta_0 + x_2 \delta_1 \qquad
# \frac{\partial L}{\partial w_2} = x_2 \delta_0 + x_3 \delta_1 $$
#
# ### By hand: both gradients
#
# Take $x = [1, 4, 0, 2]$, $w = [2, -1, 3]$ and $\delta = [1, -2]$. The first entry together:
# $\partial L / \partial x_0 = w_0 \delta_0 = 2 \cdot 1 = 2$. Give all four entries of `hand_dx`
# and all three of `hand_dw`, as lists.

# %% value hand_dx
hand_dx = [2, -5, 5, -6]

# %% test hand_dx
check("hand_dx", hand_dx)

# %% value hand_dw
hand_dw = [-7, 4, -4]

# %% test hand_dw
check("hand_dw", hand_dw)

# %% [markdown]
# **Now look at the pattern.** In the gradient to the kernel, $\delta$ lies on $x_0, x_1$, then on
# $x_1, x_2$, then on $x_2, x_3$. It *slides*. That is a correlation.
#
# *Predict:* the gradient to the signal is a correlation too. What slides over what? What must be
# done to it first?

# %% figure pattern_1d
signal, kernel, upstream = np.array([3, 0, 1, 2]), np.array([1, 5, -1]), np.array([2, 1])
display(viz.sliding_kernel_1d(x=signal, w=upstream))
display(viz.sliding_kernel_1d(x=upstream, w=kernel[::-1], padding=2))

# %% [markdown]
# (These are other numbers, so that yours stay yours: $x = [3, 0, 1, 2]$, $w = [1, 5, -1]$ and
# $\delta = [2, 1]$.)
#
# In the first picture $x$ is the input and $\delta$ slides, as it is. In the second the kernel
# slides over $\delta$, but **turned round**, and $\delta$ has two zeros at each end. So:
#
# - `dw` is the correlation of `x` with `dy`. Nothing is flipped.
# - `dx` is the correlation of the padded `dy` with the turned kernel, at every place where they
#   overlap. Sliding a turned kernel has a name of its own: it is the **full convolution** of `dy`
#   with `w`.
#
# For a signal of $n$ and a kernel of $k$ entries, $y$ and `dy` have $n - k + 1$. Then the first
# correlation has $n - (n - k + 1) + 1 = k$ entries and the second
# $(n - k + 1) + 2(k - 1) - k + 1 = n$. As it must be.
#
# ### Your turn: `correlate1d_backward`
#
# The forward pass is the correlation $y_i = \sum_a w_a \, x_{i + a}$, stride 1, no padding. `x` has
# the shape `(n,)`, `w` has the shape `(k,)` and $1 \le k \le n$. `dy` has the shape
# `(n - k + 1,)`. Return `dx` and `dw`, with the shapes of `x` and `w`. Each array may hold whole
# numbers or fractions; the answers keep their fractions.
#
# <details><summary><b>Hint: two ways to go</b></summary>
#
# *Gather:* for each entry of the answer, collect what belongs to it. These are the two
# correlations above. *Scatter:* go through the outputs. Output `i` has read the window of `k`
# entries that starts at `i`. What does it send back to the entries of that window, and what to the
# kernel? Shares that arrive at the same entry are added. Both ways give the same numbers.
# </details>


# %% solution correlate1d_backward
def correlate1d_backward(dy, x, w):
    """Send the upstream gradient of a correlation back to the signal and to the kernel.

    Parameters
    ----------
    dy : ndarray of shape (n - k + 1,)
        Upstream gradient: the derivative of the loss by each output.
    x : ndarray of shape (n,)
        The signal of the forward pass.
    w : ndarray of shape (k,)
        The kernel of the forward pass.

    Returns
    -------
    dx : ndarray of shape (n,)
        Gradient to the signal.
    dw : ndarray of shape (k,)
        Gradient to the kernel.
    """
    ### BEGIN SOLUTION
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw
    ### END SOLUTION


# %% test correlate1d_backward
check("correlate1d_backward", correlate1d_backward)

# %% [markdown]
# Now let your function check your hand.

# %% figure hand_and_code
with waiting_for("correlate1d_backward", "hand_dx", "hand_dw", what="This comparison"):
    dx, dw = correlate1d_backward(np.array([1, -2]), np.array([1, 4, 0, 2]), np.array([2, -1, 3]))
    print("dx by code", dx, "  by hand", np.array(hand_dx, float))
    print("dw by code", dw, "  by hand", np.array(hand_dw, float))

# %% [markdown]
# ## 2 · The same as a matrix
#
# A correlation is linear in $x$. So it is a matrix times $x$, with the kernel in every row:
#
# $$ \begin{bmatrix} y_0 \\ y_1 \end{bmatrix} =
# \begin{bmatrix} w_0 & w_1 & w_2 & 0 \\ 0 & w_0 & w_1 & w_2 \end{bmatrix}
# \begin{bmatrix} x_0 \\ x_1 \\ x_2 \\ x_3 \end{bmatrix} $$
#
# Going back, four numbers come out of two. Some matrix with four rows and two columns does that:
# $\;\partial L / \partial x = M \, \delta$.
#
# ### By hand: the matrix of the way back
#
# Write $M$ down for $w = [2, -1, 3]$. The four gradients of section 1 are its rows. Give nested
# lists, one list for each row.

# %% value backward_matrix
backward_matrix = [[2, 0], [-1, 2], [3, -1], [0, 3]]

# %% test backward_matrix
check("backward_matrix", backward_matrix)

# %% figure matrix_pair
with waiting_for("backward_matrix"):
    dy = np.array([1, -2])
    back = np.array(backward_matrix, float)
    forward_row = [
        viz.Panel(toeplitz_matrix([2, -1, 3], 4), "forward: makes y of x", role="kernel"),
        viz.Panel(back, "your M", role="kernel"),
        viz.Panel(dy[:, None], "dy", role="gradient", before="·"),
        viz.Panel(back @ dy[:, None], "dx", role="gradient", before="="),
    ]
    display(viz.grid_rows(forward_row))

# %% [markdown]
# Compare the two matrices: one is the other's **transpose**. That is no accident of this example.
# Row $i$ of the forward matrix says from where output $i$ *takes*. Column $i$ of its transpose says
# to where output $i$ *gives back*: to the same places, with the same factors. Any layer
# $y = Wx$ has the backward pass $W^\top \delta$. (For that reason, the gradient of a convolution
# layer with respect to its input is also known as *transposed convolution*.)
#
# Where does the flip come from, then? Read the second *row* of your $M$, from left to right: the
# kernel's entries stand there backwards. Transposing has turned them round.
#
# ## 3 · To the kernel of an image
#
# Now two dimensions: an image $X$, a kernel $K$, a feature map $Y$.
#
# $$ Y[i, j] = \sum_{a, b} K[a, b] \; X[i + a, \, j + b] $$
#
# Entry $K[a, b]$ takes part in *every* output. In output $[i, j]$ it is multiplied by
# $X[i + a, j + b]$. So the chain rule adds up over all outputs:
#
# $$ \frac{\partial L}{\partial K[a, b]} =
# \sum_{i, j} \frac{\partial L}{\partial Y[i, j]} \; X[i + a, \, j + b] $$
#
# Compare the two formulas. It is the same sum, with the upstream gradient in the place of the
# kernel. Press play, then go through it with the slider.

# %% figure filter_steps
viz.filter_gradient_steps(
    dy=[[1, 0, -1], [2, 1, 0]],
    x=[[2, 0, 1, 3], [1, -1, 2, 0], [0, 3, 1, 1], [2, 1, 0, -2]],
)

# %% [markdown]
# *Predict:* an image of 100 × 100 and a kernel of 3 × 3. How large is what slides? How many places
# does it visit?
#
# <details><summary>Check your guess</summary>
#
# 98 × 98, as large as the feature map and nearly as large as the image. It visits 3 × 3 places, one
# for each entry of the kernel.
# </details>
#
# (One course document that this notebook follows writes this gradient as "convolve". It means what
# libraries mean by that word: the correlation. Nothing is flipped here.)
#
# ### Your turn: `filter_gradient`
#
# One channel, stride 1, no padding. `x` has the shape `(H, W)` and `dy` has the shape
# `(H_out, W_out)` of the feature map, which is at most as large. Return `dk`, of shape
# `(H - H_out + 1, W - W_out + 1)`. Neither image, nor kernel, nor map need be square. Each array
# may hold whole numbers or fractions; the answer keeps its fractions.
#
# <details><summary><b>Hint: who has which shape?</b></summary>
#
# Write three shapes down: the image, what slides, the answer. Loop over the entries of the
# *answer*: the window at `[a, b]` has the shape of `dy`. Or loop over the entries of `dy`: then
# each window has the shape of the kernel, and the windows, each times one number, are added up.
# </details>


# %% solution filter_gradient
def filter_gradient(dy, x):
    """Send the upstream gradient of a correlation back to the kernel.

    Parameters
    ----------
    dy : ndarray of shape (H_out, W_out)
        Upstream gradient.
    x : ndarray of shape (H, W)
        The image of the forward pass.

    Returns
    -------
    ndarray of shape (H - H_out + 1, W - W_out + 1)
        Gradient to the kernel.
    """
    ### BEGIN SOLUTION
    rows, columns = dy.shape
    dk = np.zeros((x.shape[0] - rows + 1, x.shape[1] - columns + 1))
    for a in range(dk.shape[0]):
        for b in range(dk.shape[1]):
            dk[a, b] = np.sum(dy * x[a : a + rows, b : b + columns])
    return dk
    ### END SOLUTION


# %% test filter_gradient
check("filter_gradient", filter_gradient)

# %% [markdown]
# ## 4 · To the image
#
# Which outputs does one pixel touch? Nudge it and watch. Here the pixel at $[2, 3]$ moves by 1,
# everything else stays.
#
# *Predict:* the kernel holds 1 to 9 in reading order. Which of its entries carries the nudge to the
# output at $[0, 1]$, the first that moves?

# %% figure nudge
viz.pixel_influence(k=np.arange(1, 10).reshape(3, 3), input_shape=(5, 6), pixel=(2, 3))

# %% [markdown]
# Look at the right matrix. The kernel stands there **on its head**. For the output at the top left
# of the nudge, the pixel lies at the bottom right of its window, so it is multiplied by the *last*
# entry of the kernel. The further the window has moved right and down, the further left and up in
# the window the pixel lies.
#
# At the border fewer windows hold the pixel. Change the pixel below, and run the cell again.

# %% playground pixel_influence
viz.pixel_influence(k=np.arange(1, 10).reshape(3, 3), input_shape=(5, 6), pixel=(0, 5))

# %% [markdown]
# ### By hand: how many outputs?
#
# An image of 5 × 5, a kernel of 3 × 3, stride 1, no padding. In how many outputs does the pixel at
# row 1, column 2 take part (counted from 0)? Draw the 5 × 5 grid and count windows that hold the
# pixel.

# %% value touched_outputs
touched_outputs = 6

# %% test touched_outputs
check("touched_outputs", touched_outputs)

# %% [markdown]
# Now the chain rule, pixel by pixel. Pixel $[r, c]$ lies in the window of output $[i, j]$ at the
# place $[a, b] = [r - i, \, c - j]$, if that is a place of the kernel. Put $i = r - a$ and
# $j = c - b$:
#
# $$ \frac{\partial L}{\partial X[r, c]} =
# \sum_{a, b} K[a, b] \; \frac{\partial L}{\partial Y[r - a, \, c - b]} $$
#
# with zero where $Y$ has no such entry. The forward pass had a **plus** in the index, this has a
# **minus**: it is a true convolution. To compute it, put zeros round `dy`, $k_h - 1$ above and
# below, $k_w - 1$ left and right, turn the kernel by 180°, and correlate.

# %% figure input_steps
viz.input_gradient_steps(dy=[[1, -2], [3, 0], [0, 2]], k=[[1, 2], [3, 4]])

# %% [markdown]
# ### Your turn: `input_gradient`
#
# One channel, stride 1, no padding in the forward pass. `dy` has the shape `(H_out, W_out)` of the
# feature map and `k` has the shape `(kh, kw)`. Return `dx`, of shape
# `(H_out + kh - 1, W_out + kw - 1)`. The kernel may be larger than the feature map. Neither need be
# square. Each array may hold whole numbers or fractions; the answer keeps its fractions.
#
# <details><summary><b>Hint: gather or scatter</b></summary>
#
# *Gather:* as in the picture. The zeros above and the zeros on the left are two different numbers
# unless the kernel is square. *Scatter:* each output sends the kernel back to the window that it
# has read, as it is, times one number. Then there is no flip to think of, and no border. Why is
# that the same?
# </details>


# %% solution input_gradient
def input_gradient(dy, k):
    """Send the upstream gradient of a correlation back to the image.

    Parameters
    ----------
    dy : ndarray of shape (H_out, W_out)
        Upstream gradient.
    k : ndarray of shape (kh, kw)
        The kernel of the forward pass.

    Returns
    -------
    ndarray of shape (H_out + kh - 1, W_out + kw - 1)
        Gradient to the image.
    """
    ### BEGIN SOLUTION
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dx[i : i + kh, j : j + kw] += dy[i, j] * k
    return dx
    ### END SOLUTION


# %% test input_gradient
check("input_gradient", input_gradient)

# %% [markdown]
# ### By hand: a gradient of ones
#
# The image $A$ has 5 × 5 pixels and is correlated with
#
# $$ B = \begin{bmatrix} 4 & 3 & 3 \\ 5 & 5 & 5 \\ 2 & 4 & 3 \end{bmatrix} $$
#
# so the feature map has 3 × 3 entries. The loss is simply their **sum**. Then every entry of the
# upstream gradient is 1. What is the gradient to $A$?
#
# Two entries together. The pixel at $[0, 0]$ lies in one window, at its top left: $4$. The pixel at
# $[0, 1]$ lies in two windows, once in the middle of the top row and once at the top left:
# $3 + 4 = 7$. Go on; give nested lists. (Do you need to know $A$?)

# %% value ones_gradient
ones_gradient = [
    [4, 7, 10, 6, 3],
    [9, 17, 25, 16, 8],
    [11, 23, 34, 23, 11],
    [7, 16, 24, 17, 8],
    [2, 6, 9, 7, 3],
]

# %% test ones_gradient
check("ones_gradient", ones_gradient)

# %% figure ones_by_code
with waiting_for("input_gradient", "ones_gradient"):
    B = np.array([[4, 3, 3], [5, 5, 5], [2, 4, 3]])
    by_code = input_gradient(np.ones((3, 3)), B)
    by_matrix = (conv_matrix2d(B, (5, 5)).T @ np.ones(9)).reshape(5, 5)
    panels = [
        viz.Panel(np.array(ones_gradient, float), "by hand", role="gradient"),
        viz.Panel(by_code, "by your function", role="gradient"),
        viz.Panel(by_matrix, "by the transposed matrix", role="gradient"),
    ]
    display(viz.grid_rows(panels, cell=0.42))

# %% [markdown]
# The pixel in the middle meets all nine entries of $B$, and their sum is 34. The third picture is
# section 2 again: an image can be written as one long vector, and then a correlation is a (large,
# mostly empty) matrix. Its transpose is the way back. Notebook 04 builds that matrix.
#
# ## 5 · Where does the flip go?
#
# Books disagree, and here is why. Some layers correlate, as in this course and in every
# deep-learning library. Others are *written* with a true convolution: a minus in the forward index.
# One of the course documents mixes the two. It defines the layer as a correlation and derives its
# 1-D gradients for that; then it writes the 2-D layer with $x_{i-h, \, j-w}$, a true convolution,
# and derives those gradients. Both derivations are right, for different layers. Here they are side
# by side, in one dimension:
#
# | the layer | forward | to the input | to the kernel |
# |---|---|---|---|
# | correlates |$y_i = \sum_a w_a x_{i+a}$ | $\sum_a w_a \delta_{r-a}$ | $\sum_i \delta_i x_{i+a}$ |
# | convolves |$y_i = \sum_a w_a x_{i-a}$ | $\sum_a w_a \delta_{r+a}$ | $\sum_i \delta_i x_{i-a}$ |
#
# Follow the minus sign. A layer has its flip *either* on the way forward *or* on the way back to
# the input, never in both and never in neither.
#
# ### By hand: the other layer
#
# The same numbers as in section 1: $w = [2, -1, 3]$, $\delta = [1, -2]$, a signal of four entries.
# But now the layer **truly convolves**, and keeps the two outputs for which kernel and signal
# overlap entirely:
#
# $$ \begin{aligned}
# y_0 &= w_2 x_0 + w_1 x_1 + w_0 x_2 \\
# y_1 &= \phantom{w_0 x_0 + {}} w_2 x_1 + w_1 x_2 + w_0 x_3
# \end{aligned} $$
#
# (The formulas in the table would call these two outputs $y_2$ and $y_3$. Here they are counted
# from 0, so do not put numbers into the table: read off the two lines above who goes where.)
#
# What is the gradient to the signal?

# %% value true_convolution_dx
true_convolution_dx = [3, -7, 4, -4]

# %% test true_convolution_dx
check("true_convolution_dx", true_convolution_dx)

# %% [markdown]
# ### In your own words
#
# Back to the layer that correlates. There is no flip on the way forward. **Why is there one on the
# way back to the image, and none on the way to the kernel?** Answer in three to six sentences. A
# person reads them.

# %% written where_the_flip_is [markdown]
# Output $[i, j]$ multiplies the pixel $[i + a, j + b]$ by $K[a, b]$. Seen from a fixed pixel, the
# outputs that it took part in lie up and to the left of it, and the further away the output, the
# later the entry of the kernel: output $[r - a, c - b]$ used $K[a, b]$. So if we walk through these
# outputs in reading order, we meet the kernel's entries backwards. That is the flip: the plus in
# the index became a minus when we solved $r = i + a$ for $i$. (In matrix form: the rows of the
# transposed matrix hold the kernel backwards.)
#
# Seen from a fixed entry $K[a, b]$, output $[i, j]$ used the pixel $[i + a, j + b]$. If we walk
# through the outputs in reading order, the pixels come in reading order too. The plus stays a plus,
# so nothing is turned.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point** for the image: outputs before the pixel used later entries of the kernel, so the
#   index difference $i = r - a$ has a minus; or the same from the transposed matrix, or from the
#   picture of the nudge.
# - **1 point** for the kernel: outputs and pixels move in the same direction, $[i + a, j + b]$ with
#   $a, b$ fixed, so the sum over $i, j$ is a correlation.
# - Half a point in all for stating the two formulas without a reason.
# ### END MARK SCHEME

# %% [markdown]
# ## 6 · Trust no gradient: nudge it
#
# A wrong gradient does not crash. Training just goes worse, and nobody knows why. There is a test
# that needs no derivation: move one number a little up and a little down, and look how the loss
# moves. This is the **central difference**:
#
# $$ \frac{\partial L}{\partial x} \approx \frac{L(x + h) - L(x - h)}{2h} $$
#
# ### By hand: one central difference
#
# Take $L(w) = w^3$ at $w = 2$ with $h = 0.1$. The true derivative is $3 \cdot 2^2 = 12$. What does
# the fraction give? ($2.1^3 = 9.261$ and $1.9^3 = 6.859$.)

# %% value nudged_derivative
nudged_derivative = 12.01

# %% test nudged_derivative
check("nudged_derivative", nudged_derivative)

# %% [markdown]
# Not quite 12. The error comes from the step. *Predict:* make $h$ smaller and smaller, down to
# $10^{-15}$. Does the error go on shrinking? And what if you step to one side only?

# %% figure step_sizes
print(f"{'h':>8} {'both sides':>14} {'one side':>14}   (errors, for the cube at 2)")
for exponent in range(1, 16, 2):
    h = 10.0**-exponent
    both = ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h) - 12
    one = ((2 + h) ** 3 - 2**3) / h - 12
    print(f"{h:>8.0e} {abs(both):>14.1e} {abs(one):>14.1e}")

# %% [markdown]
# Two errors fight. A large step leaves the tangent. A tiny step subtracts two numbers that agree in
# nearly all their digits, and what is left over is rounding. In between is a valley. With both
# sides it lies near $h = 10^{-5}$, and it is much deeper.
#
# For an array, every entry is nudged in turn: two runs of the whole layer for each entry. So this
# is for testing on small arrays, not for training. `numerical_gradient` does it, and
# `check_gradient` compares. It divides each difference by the larger of the two gradients; where
# both are small, by what is typical of the array.

# %% figure nudged
with waiting_for("input_gradient"):
    rng = np.random.default_rng(4)
    x, k = rng.normal(size=(4, 3)), np.array([[1.0, 2.0], [-1.0, 0.5]])
    dy = rng.normal(size=(3, 2))

    def forward(image):
        return correlate2d(image, k)

    mine = input_gradient(dy, k)
    nudged = numerical_gradient(forward, x, upstream=dy)
    print(check_gradient(forward, x, mine, upstream=dy))
    display(viz.gradient_comparison(mine, nudged))
    print("The same with a kernel that somebody forgot to turn:")
    display(viz.gradient_comparison(input_gradient(dy, k[::-1, ::-1]), nudged))

# %% [markdown]
# The loss is hidden in `upstream`: nudging tests
# $\sum_{i,j} \delta[i, j] \, Y[i, j]$, whose gradient by $Y$ is just $\delta$. White is rounding.
#
# ## 7 · The whole layer
#
# A layer has a batch of images, channels, filters, a bias, a stride and a border. Six letters
# more, and still the same rule: find every product that a number takes part in.
#
# | array | shape | its gradient sums over |
# |---|---|---|
# | `x` | `(N, H, W, C_in)` | windows that hold the pixel, **filters** |
# | `w` | `(kh, kw, C_in, C_out)` | windows, **images** |
# | `b` | `(C_out,)` | windows, **images** |
# | `dy` | `(N, H_out, W_out, C_out)` | given |
#
# Without stride and border, in letters:
#
# $$ \frac{\partial L}{\partial w[a, c, m, f]} =
# \sum_{n, i, j} \delta[n, i, j, f] \; x[n, \, i + a, \, j + c, \, m]
# \qquad
# \frac{\partial L}{\partial x[n, r, q, m]} =
# \sum_{a, c, f} \delta[n, \, r - a, \, q - c, \, f] \; w[a, c, m, f] $$
#
# And the bias? Output $[n, i, j, f]$ has $b[f]$ in it once, with a factor of 1:
# $\;\partial L / \partial b[f] = \sum_{n, i, j} \delta[n, i, j, f]$.
#
# ### By hand: how long are these sums?
#
# Two images of 6 × 7 with 3 channels, 8 filters of 3 × 3, stride 1, no padding: the feature maps
# have 4 × 5 entries. How many products are added up for *one* entry of `dw`? And for one entry of
# `dx` whose pixel lies so far inside that it meets the whole kernel? Give the two numbers as a
# list.

# %% value products_in_sum
products_in_sum = [40, 72]

# %% test products_in_sum
check("products_in_sum", products_in_sum)

# %% [markdown]
# **Stride.** Each output sends its share to the window that it has read. With a stride, windows
# start at $i \cdot s$, so shares go there, too.
#
# *Predict:* a signal of 8, a kernel of 3, stride 2. What is the gradient to the last entry?

# %% figure stride_windows
viz.window_positions(n=8, kernel=3, stride=2)

# %% [markdown]
# No window reads it, so it has no influence on the loss: its gradient is **0**. It still *has* a
# gradient, since `dx` has the shape of `x`.
#
# **Padding.** The windows were cut from the padded images. So first find the gradient to the
# *padded* images. The border is no part of `x`: what arrives there is thrown away. (One trap: the
# slice `[p:-p]` is the middle for every `p` except one.)
#
# ### Your turn: `conv2d_backward`
#
# The forward pass is
#
# $$ y[n, i, j, f] = b[f] + \sum_{a, c, m} w[a, c, m, f] \cdot
# \text{padded}[\, n, \; i \cdot s + a, \; j \cdot s + c, \; m \,] $$
#
# with `padding` zeros on all four sides of each image. `stride` and `padding` are whole numbers,
# the same for both directions. The shapes are those of the table above, with
# $H_\text{out} = \lfloor (H + 2p - k_h) / s \rfloor + 1$ and the same for the width. Return
# `dx, dw, db` in this order, with the shapes of `x`, `w` and the bias. Arrays may hold whole
# numbers or fractions.
#
# `filter_gradient` and `input_gradient` do not help much here. Write this one from windows.
#
# <details><summary><b>Hint: one window at a time</b></summary>
#
# Loop over the places `[i, j]` of the output. There, the windows of the whole batch have the shape
# `(N, kh, kw, C_in)` and the upstream gradient has `(N, C_out)`. From these two and the kernels
# `(kh, kw, C_in, C_out)` you need two products: one of shape `(N, kh, kw, C_in)`, to be added to
# the same window of the padded gradient, and one of shape `(kh, kw, C_in, C_out)`, to be added to
# `dw`. Which axis is summed away in each? With more loops you may think smaller.
# </details>


# %% solution conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    """Send the upstream gradient of a convolution layer back to images, kernels and biases.

    Parameters
    ----------
    dy : ndarray of shape (N, H_out, W_out, C_out)
        Upstream gradient.
    x : ndarray of shape (N, H, W, C_in)
        The images of the forward pass.
    w : ndarray of shape (kh, kw, C_in, C_out)
        The kernels of the forward pass.
    stride : int
        Distance between two windows, in both directions.
    padding : int
        Rows and columns of zeros on each side.

    Returns
    -------
    dx : ndarray of shape (N, H, W, C_in)
        Gradient to the images.
    dw : ndarray of shape (kh, kw, C_in, C_out)
        Gradient to the kernels.
    db : ndarray of shape (C_out,)
        Gradient to the biases.
    """
    ### BEGIN SOLUTION
    _, height, width, _ = x.shape
    kh, kw, _, _ = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            top, left = i * stride, j * stride
            window = padded[:, top : top + kh, left : left + kw, :]
            upstream = dy[:, i, j, :]
            dw += np.tensordot(window, upstream, axes=(0, 0))
            share = np.tensordot(upstream, w, axes=(1, 3))
            dpadded[:, top : top + kh, left : left + kw, :] += share
    dx = dpadded[:, padding : padding + height, padding : padding + width, :]
    return dx, dw, dy.sum(axis=(0, 1, 2))
    ### END SOLUTION


# %% test conv2d_backward
check("conv2d_backward", conv2d_backward)

# %% [markdown]
# Now nudge it. You have a test that knows nothing of your derivation:

# %% figure check_the_layer
with waiting_for("conv2d_backward", what="This check"):
    rng = np.random.default_rng(8)
    x, w, b = rng.normal(size=(2, 5, 6, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    options = {"stride": 2, "padding": 1}
    dy = rng.normal(size=conv2d(x, w, b, **options).shape)
    dx, dw, db = conv2d_backward(dy, x, w, **options)
    print("dx:", check_gradient(lambda x: conv2d(x, w, b, **options), x, dx, dy))
    print("dw:", check_gradient(lambda w: conv2d(x, w, b, **options), w, dw, dy))
    print("db:", check_gradient(lambda b: conv2d(x, w, b, **options), b, db, dy))

# %% [markdown]
# ### What does the way back cost?
#
# *Predict:* how many times as long as the forward pass does the backward pass take? Count
# multiplications for `dx` and for `dw`, then measure on *your* machine.


# %% figure timing
def best_milliseconds(function, *arrays):
    return 1e3 * min(repeat(lambda: function(*arrays), number=1, repeat=5))


with waiting_for("conv2d_backward", what="This table"):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(8, 16, 16, 16)), rng.normal(size=(3, 3, 16, 32)), np.zeros(32)
    dy = rng.normal(size=(8, 14, 14, 32))
    forward_time = best_milliseconds(conv2d, x, w, b)
    print(f"{'convkit, forward':<20} {forward_time:8.2f} ms")
    for name, function in [
        ("convkit, backward", convkit_backward),
        ("yours, backward", conv2d_backward),
    ]:
        time = best_milliseconds(function, dy, x, w)
        print(f"{name:<20} {time:8.2f} ms, {time / forward_time:.1f} times the forward pass")

# %% [markdown]
# By multiplications it is exactly twice: each product of the forward pass, kernel entry times
# pixel, returns once for the entry and once for the pixel. What the clock says depends on how much
# is copied around: adding into overlapping windows is slower than reading from them. It also
# depends on how many small products a loop makes where a few large ones would do.
#
# ## 8 · A digit that is none
#
# First a classifier, and data that are real: 8 × 8 handwritten digits, 0 is paper and 1 is ink. The
# network is small: one layer of 8 filters of 3 × 3, a ReLU, one linear layer, softmax. Four fifths
# of the digits train it. Read the last five lines of `gradients`: the way back, one layer after the
# other, each handing its `dx` on as the next one's `dy`. It begins with the gradient of the loss to
# the scores: the probabilities, minus 1 at the right class (notebook 10 derives it).


# %% setup classifier
def probabilities(images, K, c, V, d):
    """Feature maps and class probabilities of a small network."""
    maps = conv2d(images, K, c)
    scores = np.maximum(maps, 0).reshape(len(images), -1) @ V + d
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return maps, exponentials / exponentials.sum(axis=1, keepdims=True)


def gradients(images, labels, K, c, V, d, layer_backward=convkit_backward):
    """Gradients of the mean cross-entropy to the images and to the parameters."""
    maps, p = probabilities(images, K, c, V, d)
    features = np.maximum(maps, 0).reshape(len(images), -1)
    dscores = (p - np.eye(10)[labels]) / len(images)
    dV, dd = features.T @ dscores, dscores.sum(axis=0)
    dmaps = (dscores @ V.T).reshape(maps.shape) * (maps > 0)
    dx, dK, dc = layer_backward(dmaps, images, K)
    return dx, (dK, dc, dV, dd)


def accuracy(images, labels):
    return np.mean(probabilities(images, *parameters)[1].argmax(axis=1) == labels)


train, test = load_digits().split()
train_images, test_images = train.images[..., None], test.images[..., None]
rng = np.random.default_rng(6)
parameters = [
    0.3 * rng.normal(size=(3, 3, 1, 8)),
    np.zeros(8),
    0.05 * rng.normal(size=(6 * 6 * 8, 10)),
    np.zeros(10),
]
velocities = [np.zeros_like(parameter) for parameter in parameters]
for _ in range(6):
    order = rng.permutation(len(train))
    for start in range(0, len(order), 64):
        some = order[start : start + 64]
        _, slopes = gradients(train_images[some], train.labels[some], *parameters)
        for parameter, velocity, slope in zip(parameters, velocities, slopes, strict=True):
            velocity *= 0.9
            velocity -= 0.2 * slope
            parameter += velocity
print(f"right on {accuracy(test_images, test.labels):.1%} of {len(test)} digits it has never seen")

# %% [markdown]
# Training goes *down* the gradient to the parameters. Now freeze them, and go *up* the gradient to
# the **image**: which tiny change makes the loss grow most?
#
# Say that every pixel may change by at most $\varepsilon$. To first order the loss changes by
# $\sum \text{change} \cdot \partial L / \partial x$, pixel by pixel. So each pixel should use all
# of its $\varepsilon$, up where the gradient is positive, down where it is negative. How *large*
# the gradient is does not matter, only its sign:
#
# $$ x_\text{adversarial} = \text{clip}\Big( x + \varepsilon \cdot
# \text{sign}\frac{\partial L}{\partial x}, \; 0, \; 1 \Big) $$
#
# The loss grows by about $\varepsilon \sum |\partial L / \partial x|$. Many tiny pushes, all in the
# bad direction, add up.
#
# ### Your turn: `adversarial_step`
#
# `x` holds numbers from 0 to 1, in any shape; `dx` has the same shape; `epsilon` is a positive
# number. Move every pixel by `epsilon` in the direction in which the loss grows. A pixel whose
# gradient is exactly 0 stays. *Then* cut off: what is below 0 becomes 0, what is above 1 becomes 1.
# Return a new array of the shape of `x`.
#
# <details><summary><b>Hint: three kinds of pixels</b></summary>
#
# Gradient positive, negative, zero. Make one array that holds 1, −1 or 0 for each pixel; the rest
# is arithmetic. Cut off at the very end, on the image and not on the change.
# </details>


# %% solution adversarial_step
def adversarial_step(x, dx, epsilon):
    """Move every pixel by `epsilon` so that the loss grows, and stay between 0 and 1.

    Parameters
    ----------
    x : ndarray of any shape
        Images with numbers from 0 to 1.
    dx : ndarray of the shape of x
        Gradient of the loss to the images.
    epsilon : float
        How far each pixel moves.

    Returns
    -------
    ndarray of the shape of x
        The changed images.
    """
    ### BEGIN SOLUTION
    return np.clip(x + epsilon * np.sign(dx), 0, 1)
    ### END SOLUTION


# %% test adversarial_step
check("adversarial_step", adversarial_step)

# %% [markdown]
# *Predict:* how large must $\varepsilon$ be to fool the network on half of the digits? And is
# random noise of the same size as bad?

# %% figure fooled
with waiting_for("conv2d_backward", "adversarial_step", what="This table"):
    dx, _ = gradients(test_images, test.labels, *parameters, layer_backward=conv2d_backward)
    noise = np.random.default_rng(1).choice([-1.0, 1.0], test_images.shape)
    print(f"{'epsilon':>8} {'along dx':>10} {'random':>10}   (share of digits still right)")
    for epsilon in (0, 0.02, 0.05, 0.1, 0.15, 0.2):
        attacked = accuracy(adversarial_step(test_images, dx, epsilon), test.labels)
        shaken = accuracy(np.clip(test_images + epsilon * noise, 0, 1), test.labels)
        print(f"{epsilon:>8} {attacked:>10.0%} {shaken:>10.0%}")

# %% [markdown]
# Now look at one. The middle picture is the change: blue is more ink, orange is less. Paler pixels
# met 0 or 1 on the way, and white ones stood there already.

# %% figure one_digit
with waiting_for("conv2d_backward", "adversarial_step"):
    dx, _ = gradients(test_images, test.labels, *parameters, layer_backward=conv2d_backward)
    fooled_images = adversarial_step(test_images, dx, 0.1)
    (_, p_before), (_, p_after) = (
        probabilities(images, *parameters) for images in (test_images, fooled_images)
    )
    truth = np.arange(len(test)), test.labels
    which = np.argmax(p_before[truth] - p_after[truth])
    display(
        viz.adversarial_example(
            test_images[which, ..., 0],
            fooled_images[which, ..., 0],
            p_before[which],
            p_after[which],
        )
    )

# %% [markdown]
# You still read the same digit. The network is sure of another one. Nothing is broken in it: on
# digits from real hands it is right nearly always. But it has learned what to look for in *such*
# digits, and your step goes in a direction in which no hand ever writes. Random noise is just as
# large, and mostly harmless, because its pushes cancel each other.
#
# Change `epsilon` and `number` and run:

# %% playground adversarial
number, epsilon = 7, 0.15
with waiting_for("conv2d_backward", "adversarial_step"):
    one = test_images[number : number + 1]
    dx, _ = gradients(one, test.labels[[number]], *parameters, layer_backward=conv2d_backward)
    changed = adversarial_step(one, dx, epsilon)
    (_, p_before), (_, p_after) = (probabilities(image, *parameters) for image in (one, changed))
    display(viz.adversarial_example(one[0, ..., 0], changed[0, ..., 0], p_before[0], p_after[0]))

# %% [markdown]
# ## To think about
#
# To take the step you needed the network's weights. Suppose you only have another network, trained
# by you on similar digits. Would its adversarial digits fool the first one as well? And what would
# happen if a network saw such digits *during* training, with the right labels?
#
# ## What you have now
#
# You can send a gradient back through a correlation: to the kernel by sliding `dy` over the image,
# to the image by sliding the turned kernel over the padded `dy`. You know that the second is a
# transpose in disguise, and you have a test that finds any mistake. Stack such layers, and you can
# train a network that is yours from the first to the last line. Notebook 10 does.
#
# ## Where this comes from
#
# The exercises by hand and the questions follow these course documents. Texts, code and pictures
# were made anew.
#
# - EPFL, CS-233, *Theoretical Exercise 9*, April 2024: the gradients to the kernel and to the image
#   (questions 5 and 6), and that the second serves an attack.
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*:
#   the four and three gradients of section 1, the forward matrix, and the layer with channels. Its
#   2-D layer truly convolves; here every layer correlates, and section 5 says what changes.
# - New York University, DS-GA 1008 Deep Learning, Spring 2019, *Homework Assignment 2*: the
#   gradient of ones.
# - Georgia Tech, CS 4644-DL / 7643-A Deep Learning, the lecture *Convolutional Neural Networks*:
#   what a pixel and a kernel entry affect, and the duality of correlation and convolution.
#
# The step along the sign of the gradient: I. Goodfellow, J. Shlens and C. Szegedy, *Explaining and
# Harnessing Adversarial Examples*, 2015, <https://arxiv.org/abs/1412.6572>. The digits: E. Alpaydin
# and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998,
# CC BY 4.0.
