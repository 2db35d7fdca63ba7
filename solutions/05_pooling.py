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
# # 05 · Pooling
#
# A window slides over an image and says one number about what it sees: the largest, the mean, a
# norm. Nothing is learned and the image gets smaller. At the end of this notebook you can
#
# - pool by hand and in code, with any stride, and say the size beforehand;
# - say what must stand outside the border of an image, and why that is not always a zero;
# - walk from the mean to the maximum on one formula, and name the place where many get it wrong;
# - choose among the six pooling layers that deep-learning libraries offer;
# - send a gradient back through a maximum and through a mean.
#
# **How to work here.** Plan about 90 minutes. Where it says *Predict*, write your guess down
# before you run the cell: a wrong guess teaches more than a right run. Under every cell that
# you fill in stands a `check`. It tries public examples and says what is wrong first. For an
# answer by hand it sees only whether the answer is complete. Your points come from other inputs,
# so do not fit your code to the examples.
#
# **House rules for all six functions.**
#
# - Images have the shape `(N, H, W, C)`: image, height, width, channel. They need not be square.
#   Each channel of each image is pooled by itself.
# - `size`, `stride` and `padding` are whole numbers. A window has `size` rows and `size` columns.
#   `stride=None` means: windows side by side, so the stride is the size.
# - The functions **return a NumPy array** and leave their inputs as they are. Images may hold
#   whole numbers or fractions, of either sign. Answers keep their fractions.
# - Loops are fine. Nobody asks for speed or for error handling.
# - Do not call `convkit`, `scipy.ndimage` or `scipy.signal` in them. They would do the exercise
#   for you, and a function that calls them gets no points. Your own earlier functions are welcome,
#   and so is the rest of NumPy.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import max_pool2d as convkit_max_pool2d
from convkit import numerical_gradient, viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · One window, one number
#
# Press play, then go through it with the slider. The orange frame is the window. The green frame
# is the pixel that wins.

# %% figure slide
viz.sliding_pool(
    [[3, 1, 0, 2, 5, 4], [2, 7, 4, 1, 0, 6], [0, 5, 6, 8, 1, 1], [4, 2, 3, 1, 9, 0]], size=2
)

# %% [markdown]
# That is **max pooling** with windows of 2 × 2 at stride 2. With $S_{i,j}$ for the pixels of the
# window in row $i$ and column $j$ of the output:
#
# $$ y[i, j] = \max_{(a, b) \in S_{i,j}} x[a, b] $$
#
# The windows are placed as those of a convolution, so the size follows the same formula, rounded
# down: a window that would stick out at the end is left out.
#
# $$ H_\text{out} = \left\lfloor \frac{H + 2 \cdot \text{padding} - \text{size}}{\text{stride}}
# \right\rfloor + 1 $$
#
# One of the course documents behind this notebook prints it without the floor. Then
# 3 × 3 windows at stride 2 on six rows would make two and a half rows.
#
# What is different from a convolution: there is **no parameter**, and channels are **not** added
# up. As many come out as go in.
#
# *Predict:* with a stride smaller than the size the windows overlap. How many numbers come out of
# five rows and seven columns, with windows of 3 × 3 at stride 2? Can one pixel win twice?

# %% figure overlap
viz.sliding_pool(
    [
        [1, 0, 2, 1, 3, 0, 1],
        [0, 4, 1, 0, 2, 5, 0],
        [2, 1, 9, 3, 0, 1, 2],
        [0, 3, 1, 1, 6, 0, 1],
        [1, 0, 2, 7, 1, 2, 0],
    ],
    size=3,
    stride=2,
)

# %% [markdown]
# The 9 won four times. AlexNet pools like this, 3 × 3 at stride 2: its authors report slightly
# lower error rates than with windows side by side.
#
# ### By hand: a shape
#
# A batch of shape `(16, 31, 22, 48)` goes through a max pooling with windows of 5 × 5 at stride 2
# and no padding. Which shape comes out? Give four numbers.

# %% value pool_shape
pool_shape = [16, 14, 9, 48]

# %% test pool_shape
check("pool_shape", pool_shape)

# %% [markdown]
# ### By hand: a map and an image
#
# If you did notebook 02, you have met $C$ and $I$: a feature map and an image.

# %% setup matrices
feature_map_C = np.array([[109, 92, 72], [108, 85, 74], [110, 74, 79]])
image_I = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [-1, 0, 1, 2], [0, -2, 4, 0]])

# %% figure c_and_i
viz.grid_rows(
    [
        viz.Panel(feature_map_C, "C", window=(0, 0, 2, 2)),
        viz.Panel(image_I, "I"),
        viz.Panel(-image_I, "−I"),
    ],
    labels=True,
)

# %% [markdown]
# One number together: the window drawn in $C$ holds 109, 92, 108 and 85. Its maximum is 109.
#
# Max pool $C$ with size 2 and **stride 1**. Give nested lists, one list for each row.

# %% value max_pool_c
max_pool_c = [[109, 92], [110, 85]]

# %% test max_pool_c
check("max_pool_c", max_pool_c)

# %% [markdown]
# **Padding.** What should stand outside the image? Think of a window that hangs over the border.
# The pixels out there do not exist, so they must never win. The number that never wins against
# any other is $-\infty$. So a max pooling pads with $-\infty$, in every library that does it
# right.
#
# Two poolings with size 3, stride 3 and padding 1:
#
# 1. `max_pool_i`: $I$. Draw the ring first. You get a 6 × 6 grid, and four windows lie side by
#    side in it.
# 2. `max_pool_minus_i`: $-I$, the third matrix.

# %% value max_pool_i
max_pool_i = [[4, 4], [0, 4]]

# %% test max_pool_i
check("max_pool_i", max_pool_i)

# %% value max_pool_minus_i
max_pool_minus_i = [[-1, -1], [2, 0]]

# %% test max_pool_minus_i
check("max_pool_minus_i", max_pool_minus_i)

# %% [markdown]
# *Now do both again with zeros in the ring.* For $I$ you get the same numbers, so an exercise
# with $I$ alone never finds out who pads wrongly. For $-I$ you get something else. The cell below
# will show it once your function stands.
#
# ### Your turn: `max_pool2d`
#
# $$ y[n, i, j, c] = \max_{0 \le a, b < \text{size}}
# \text{padded}[\, n, \; i \cdot \text{stride} + a, \; j \cdot \text{stride} + b, \; c \,] $$
#
# `padded` is `x` with `padding` rows and columns of $-\infty$ on all four sides. The padding is at
# most half the size, rounded down, so every window holds a pixel of the image, and the padded
# image is never smaller than a window. `x` may hold whole numbers. Return an array of shape
# `(N, H_out, W_out, C)`.
#
# <details><summary><b>Hint: which axes go away?</b></summary>
#
# At one place `[i, j]` the window of the whole batch has the shape `(N, size, size, C)`. What fits
# into `y[:, i, j, :]` has the shape `(N, C)`. So two axes go away, and which two they are you can
# tell `max`. If NumPy says that it cannot convert infinity to an integer, ask which dtype can hold
# it.
# </details>


# %% solution max_pool2d
def max_pool2d(x, size, stride=None, padding=0):
    """Return the maximum of each window.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        Images.
    size : int
        Height and width of a window.
    stride : int, optional
        From one window to the next; `size` if it is None.
    padding : int
        Rows and columns of minus infinity on each side.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)
        Maxima.
    """
    ### BEGIN SOLUTION
    stride = size if stride is None else stride
    border = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), border, constant_values=-np.inf)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            y[:, i, j, :] = padded[:, top : top + size, left : left + size, :].max(axis=(1, 2))
    return y
    ### END SOLUTION


# %% test max_pool2d
check("max_pool2d", max_pool2d)

# %% figure hand_and_code
with waiting_for("max_pool2d", "max_pool_minus_i", what="This comparison"):
    batch = -image_I[None, :, :, None]
    ring_of_zeros = np.pad(batch, ((0, 0), (1, 1), (1, 1), (0, 0)))
    panels = [
        viz.Panel(np.array(max_pool_minus_i), "by your hand", role="output"),
        viz.Panel(max_pool2d(batch, 3, 3, padding=1)[0, :, :, 0], "by your code", role="output"),
        viz.Panel(max_pool2d(ring_of_zeros, 3)[0, :, :, 0], "with a ring of zeros", role="output"),
    ]
    display(viz.grid_rows(panels))

# %% [markdown]
# With zeros, the border invents pixels that are larger than all that is there. A network with
# ReLU before each pooling never notices, as nothing there is negative. That is why this mistake
# lives long.
#
# ## 2 · The mean
#
# **Average pooling** puts the mean for the maximum. With $|S|$ for the number of pixels in a
# window:
#
# $$ y[i, j] = \frac{1}{|S|} \sum_{(a, b) \in S_{i,j}} x[a, b] $$
#
# It is an old acquaintance: a correlation with a kernel of equal numbers $1 / \text{size}^2$, for
# each channel by itself. So it is linear. The maximum is not.
#
# *Predict:* an image of nothing but ones, padded with zeros. What are the means in the corners?

# %% figure dark_corners
viz.sliding_pool(np.ones((3, 4)), size=3, stride=1, padding=1, kind="average").frame(0)

# %% [markdown]
# The border darkens the image. There are two conventions: count the zeros, and divide by
# $\text{size}^2$ always, or leave them out, and divide by the number of real pixels. Libraries
# differ in their defaults. PyTorch counts them unless told otherwise (`count_include_pad=True`),
# and so do `convkit` and this exercise.
#
# ### Your turn: `avg_pool2d`
#
# Windows, strides, sizes and paddings are those of `max_pool2d`. The border is zeros, and **they
# count**: every sum is divided by `size * size`. `x` may hold whole numbers. The answer keeps its
# fractions.
#
# <details><summary><b>Hint: what changes?</b></summary>
#
# Two things: what stands in the border, and what is made of a window. Shapes and slices stay. If
# the check speaks of cut-off fractions, look at the dtype of the array that you fill.
# </details>


# %% solution avg_pool2d
def avg_pool2d(x, size, stride=None, padding=0):
    """Return the mean of each window.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        Images.
    size : int
        Height and width of a window.
    stride : int, optional
        From one window to the next; `size` if it is None.
    padding : int
        Rows and columns of zeros on each side; they count.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)
        Means.
    """
    ### BEGIN SOLUTION
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            y[:, i, j, :] = padded[:, top : top + size, left : left + size, :].mean(axis=(1, 2))
    return y
    ### END SOLUTION


# %% test avg_pool2d
check("avg_pool2d", avg_pool2d)

# %% [markdown]
# ## 3 · From the mean to the maximum
#
# The mean listens to every pixel. The maximum listens to one. **LP pooling** has a dial between
# the two, the exponent $p$:
#
# $$ y[i, j] = \Big( \sum_{(a, b) \in S_{i,j}} \big| x[a, b] \big|^p \Big)^{1/p} $$
#
# That is the $p$-norm of the window. A large $p$ makes large pixels count more.
#
# ### By hand: turn the dial
#
# The window is $\begin{bmatrix} 2 & -6 \\ 3 & 0 \end{bmatrix}$. Work out its LP pooling for
# $p = 1$, for $p = 2$, and for $p \to \infty$. Give the three numbers in this order. For the last
# one, think of which pixel outgrows all others.

# %% value lp_by_hand
lp_by_hand = [11, 7, 6]

# %% test lp_by_hand
check("lp_by_hand", lp_by_hand)

# %% [markdown]
# *Predict:* how does the number move between the first and the last? Does it ever reach 3, the
# largest pixel?

# %% figure dial
with waiting_for("lp_by_hand"):
    at_one, at_two, at_infinity = lp_by_hand
    print(f"Yours: {at_one} for p = 1, {at_two} for p = 2, {at_infinity} for p infinite")
    display(viz.lp_norms([[2, -6], [3, 0]]))

# %% [markdown]
# It falls towards the largest **absolute value**, not towards the largest pixel. So "LP pooling
# with $p \to \infty$ is max pooling" is true for pixels that are not negative, and false for
# others. Two more warnings:
#
# - The formula is often printed **without the bars** around $x$, in a course document behind this
#   notebook and in the manual of PyTorch, whose `LPPool2d` really leaves them out. With odd $p$
#   pixels then cancel. Our window has at $p = 1$ the "norm" $2 - 6 + 3 + 0 = -1$, and at $p = 3$
#   there is the cube root of $8 - 216 + 27 = -181$ to take, for which NumPy gives `nan`.
# - At $p = 1$ it is the **sum** of the absolute values, not their mean.
#
# ### By hand: average from LP
#
# An image has no negative pixel. LP pooling with $p = 1$ and windows of 3 × 3 gives 36 in one
# place. What does average pooling with the same windows give there?

# %% value average_from_lp
average_from_lp = 4

# %% test average_from_lp
check("average_from_lp", average_from_lp)

# %% [markdown]
# ### Your turn: `lp_pool2d`
#
# Windows and strides are those of `max_pool2d`, without padding. `p` is a number from 1 to 10,
# whole or not, or `np.inf`. For `p = np.inf` return the limit: the largest absolute value. Mind
# the bars: half of the pixels may be negative.
#
# <details><summary><b>Hint: a sum is a mean in disguise</b></summary>
#
# You may write the window loop a third time. Or you take an image of powers, and one of your
# functions that already adds up windows, nearly: which factor lies between a mean and a sum?
# Infinity does not go through the formula, as $1 / p$ is 0 there and any number to the power of 0
# is 1. Treat it first.
# </details>


# %% solution lp_pool2d
def lp_pool2d(x, size, p, stride=None):
    """Return the p-norm of each window.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        Images.
    size : int
        Height and width of a window.
    p : float
        From 1 (the sum of absolute values) to infinity (the largest of them).
    stride : int, optional
        From one window to the next; `size` if it is None.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)
        Norms.
    """
    ### BEGIN SOLUTION
    magnitude = np.abs(x)
    if p == np.inf:
        return max_pool2d(magnitude, size, stride)
    return (avg_pool2d(magnitude**p, size, stride) * size**2) ** (1 / p)
    ### END SOLUTION


# %% test lp_pool2d
check("lp_pool2d", lp_pool2d)

# %% figure dial_in_code
with waiting_for("lp_pool2d", "max_pool2d", "avg_pool2d", what="This table"):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(1, 6, 8, 1))
    for pixels, name in [(np.abs(x), "no pixel is negative"), (x, "pixels of both signs")]:
        to_mean = np.abs(lp_pool2d(pixels, 2, 1) / 4 - avg_pool2d(pixels, 2)).max()
        to_max = np.abs(lp_pool2d(pixels, 2, 200) - max_pool2d(pixels, 2)).max()
        print(f"{name}: off the mean by {to_mean:.3f} (p = 1, divided by 4)", end=", ")
        print(f"off the maximum by {to_max:.3f} (p = 200)")


# %% [markdown]
# ### Write it down
#
# Let $S$ be the pixels of one window. **Write down the formulas of max, average and LP pooling.
# Then show how the first two come out of the third: which $p$, which factor, for which pixels, and
# why.** For $p \to \infty$, one line of argument is enough: between which two numbers is the norm
# caught? A person reads it. You can write formulas between dollar signs, or in words.

# %% written norms_and_poolings [markdown]
# With $M = \max_{S} |x|$ and $|S|$ pixels in the window:
#
# $$ \text{max: } \max_S x \qquad \text{average: } \frac{1}{|S|} \sum_S x \qquad
# \text{LP: } \Big( \sum_S |x|^p \Big)^{1/p} $$
#
# **Average.** At $p = 1$ LP pooling is $\sum_S |x|$. If no pixel is negative, $|x| = x$, so it is
# the average times the number of pixels: divide by $|S|$.
#
# **Maximum.** One term of the sum is $M^p$, and none is larger. So
# $M^p \le \sum_S |x|^p \le |S| \, M^p$, and with the root
# $M \le \text{LP} \le |S|^{1/p} M$. For $p \to \infty$ the factor $|S|^{1/p}$ goes to 1, so LP
# pooling goes to $M$, the largest *absolute value*. If no pixel is negative, that is the maximum.
# Otherwise it need not be: for $2, -6, 3, 0$ the limit is 6 and the maximum is 3.
#
# ### BEGIN MARK SCHEME
# 3 points.
#
# - **1 point** for the three formulas. LP must have the absolute value; half a point without.
# - **1 point** for the average: $p = 1$, divided by the number of pixels, and the condition that
#   no pixel is negative. Half a point without the condition or without the factor.
# - **1 point** for the maximum: a reason (both bounds, or $M$ taken out of the sum and the rest
#   going to a number between 1 and $|S|$, whose root goes to 1) and the remark that the limit is
#   the maximum of the absolute values. Half a point for the limit without a reason, or if
#   negative pixels are overlooked.
# ### END MARK SCHEME

# %% [markdown]
# ## 4 · Windows that follow from the output
#
# So far you chose the windows, and the size of the output followed. A linear layer at the end of a
# network wants a *fixed* number of inputs, whatever the photograph. So turn it round: choose the
# output, and let the windows follow. That is **adaptive pooling**.
#
# Along an axis of $n$ pixels, window $i$ of $m$ reaches
#
# $$ \text{from } \left\lfloor \frac{i \, n}{m} \right\rfloor
# \quad \text{up to, but not including, } \left\lceil \frac{(i + 1) \, n}{m} \right\rceil $$
#
# Round the beginning down, round the end up. Then no pixel is left out.
#
# *Predict:* seven pixels in three windows. Which pixels lie in two of them?

# %% figure adaptive_seven
viz.adaptive_windows(7, 3)

# %% [markdown]
# *Predict:* five pixels in three windows. Do all windows have the same size?

# %% figure adaptive_five
viz.adaptive_windows(5, 3)

# %% [markdown]
# They need not. So there is no size and no stride that would do the same with `avg_pool2d`. Where
# $m$ divides $n$, windows lie side by side.
#
# One number together: in `[1, 2, 9, 4, 5]`, the middle one of three windows reaches from
# $\lfloor 5/3 \rfloor = 1$ up to $\lceil 10/3 \rceil = 4$. It holds 2, 9 and 4, and its mean is 5.
#
# ### Your turn: `adaptive_avg_pool2d`
#
# `output_size` is a pair `(rows, columns)` of whole numbers, at most `(H, W)`. Rows and columns
# follow the rule above, each for itself. Return the means of the windows, an array of shape
# `(N, rows, columns, C)`.
#
# <details><summary><b>Hint: four numbers for a window</b></summary>
#
# A window has a top, a bottom, a left and a right end. Top and bottom come from `i`, `H` and the
# number of rows. Left and right come from `j`, `W` and the number of columns. For whole numbers
# `//` rounds down. What does it do with a minus in front, and with another minus in front of all?
# </details>


# %% solution adaptive_avg_pool2d
def adaptive_avg_pool2d(x, output_size):
    """Return the means of as many windows as asked for.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        Images.
    output_size : tuple of (int, int)
        Number of windows down and across, at most (H, W).

    Returns
    -------
    ndarray of shape (N, rows, columns, C)
        Means.
    """
    ### BEGIN SOLUTION
    images, height, width, channels = x.shape
    rows, columns = output_size
    y = np.zeros((images, rows, columns, channels))
    for i in range(rows):
        top, bottom = i * height // rows, -(-(i + 1) * height // rows)
        for j in range(columns):
            left, right = j * width // columns, -(-(j + 1) * width // columns)
            y[:, i, j, :] = x[:, top:bottom, left:right, :].mean(axis=(1, 2))
    return y
    ### END SOLUTION


# %% test adaptive_avg_pool2d
check("adaptive_avg_pool2d", adaptive_avg_pool2d)

# %% [markdown]
# With an output of one by one this is the mean of each channel, **global average pooling**. Many
# networks end so: one number for each channel, whatever the size of the photograph.
#
# ## 5 · Six layers side by side
#
# PyTorch has six pooling layers for images. Four of them you have written.
# `AdaptiveMaxPool2d` has the windows of section 4 and takes the maximum.
# `FractionalMaxPool2d` takes the maximum too, of windows at *random* distances, some a pixel
# further apart than others. So it can shrink ten pixels to seven with windows of two. And it
# shrinks the same image a little differently each time, as a safeguard against learning by heart.
#
# *Predict:* six rows and eight columns, windows of 2 × 2, and 4 × 5 where the layer can choose.
# Which outputs can hold a number that is not in the input?

# %% figure six_on_a_grid
viz.six_poolings(np.random.default_rng(8).integers(-9, 10, (6, 8)), size=2, output_size=(4, 5))

# %% [markdown]
# The three maxima pick a number of the input. Means and norms make a new one. (They are rounded to
# one decimal here.) Now a photograph. *Predict:* in which are the stars of the flag largest?

# %% figure six_on_a_photograph
viz.six_poolings(viz.grey_photograph(), size=6, p=4)

# %% [markdown]
# The maximum makes bright things grow: the stars swell and the dark band of the cap gets thinner.
# The mean blurs. LP with $p = 4$ lies between (its grey scale is its own, as its numbers are sums).
#
# One of the course documents asks for as many channels as classes before an adaptive pooling. That
# is a habit of some networks that end in a global average. The layer itself takes any number of
# channels and gives back as many.

# %% playground six_poolings
# Your own array or another size here.
viz.six_poolings(viz.grey_photograph(step=12), size=3, output_size=(20, 5), p=1)

# %% [markdown]
# ### Which one?
#
# **For each of the six layers: what does it do, in one line, and for what would you take it?** Use
# the names that stand in the picture. For example: photographs of all sizes must go into one linear
# layer. Or: a network must shrink its maps slowly, by a factor of 1.4 and not 2. A person reads it.

# %% written which_pooling [markdown]
# - `MaxPool2d`: the largest pixel of each window of a fixed size. To keep the strongest response
#   of a feature, wherever in the window it is.
# - `AvgPool2d`: the mean of each window. To shrink smoothly, where all pixels count the same.
# - `LPPool2d`: the $p$-norm of each window, so something between the sum ($p = 1$) and the largest
#   absolute value ($p \to \infty$). Where strong responses shall count more without silencing the
#   rest; $p = 2$ measures energy.
# - `FractionalMaxPool2d`: the maximum of windows at random distances, for a given output size or
#   ratio. To shrink slowly, by a factor that is not whole, and to make training noisier.
# - `AdaptiveMaxPool2d`: the output size is given, windows follow, the maximum of each. Inputs of
#   any size for a linear layer, where it matters whether a feature is present.
# - `AdaptiveAvgPool2d`: the same with the mean. Inputs of any size for a linear layer; with an
#   output of one by one it is global average pooling.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point**: all six are named and say rightly what they make of a window (maximum, mean,
#   $p$-norm) and how the windows are placed (fixed size, random distances, given output size).
#   Half a point for four or five.
# - **1 point**: a fitting use for each, or for at least four with a reason. Photographs of all
#   sizes: adaptive. A factor of 1.4: fractional.
# - Half a point off for saying that pooling has parameters to learn or mixes channels.
# ### END MARK SCHEME

# %% [markdown]
# ## 6 · The way back
#
# A network learns by asking of each number: if you grow a little, how does the loss change? The
# answer comes from behind. `dy` says it for each *output* of the pooling, and is called the
# **upstream gradient**. We want `dx`, which says it for each *pixel*. So ask each pixel: if it
# moves by a tiny bit, which outputs move, and by how much?
#
# - **Maximum.** If the winner moves, the output moves just as much. If another pixel moves a tiny
#   bit, it still does not win: nothing changes. So the winner gets all, the others get nothing.
# - **Mean.** If any pixel moves by $\varepsilon$, the mean moves by $\varepsilon / |S|$. So each
#   pixel gets an equal share.
# - **Overlap.** A pixel in several windows moves several outputs, and its gradient is the **sum**
#   of what they hand back.
#
# Step through it. Watch the 7.

# %% figure way_back
viz.pooling_gradient(
    dy=[[2, 4, 6], [8, 10, 12]],
    x=[[3, 1, 0, 2], [2, 7, 4, 1], [0, 5, 6, 8]],
    size=2,
    stride=1,
)

# %% [markdown]
# The 7 wins four times and gets $2 + 4 + 8 + 10 = 24$. Compare the sums: all numbers of `dy`
# together make 42. What do those of the two `dx` make?
#
# ### By hand: both ways
#
# $$ x = \begin{bmatrix} 1 & 6 & 2 \\ 0 & 5 & 1 \\ 4 & 2 & 3 \end{bmatrix} \qquad
# dy = \begin{bmatrix} 4 & 8 \\ 12 & 16 \end{bmatrix} $$
#
# with windows of 2 × 2 at stride 1. Send `dy` back through a max pooling (`max_gradient`) and
# through an average pooling (`avg_gradient`). Both answers have the shape of $x$.

# %% value max_gradient
max_gradient = [[0, 12, 0], [0, 28, 0], [0, 0, 0]]

# %% test max_gradient
check("max_gradient", max_gradient)

# %% value avg_gradient
avg_gradient = [[1, 3, 2], [4, 10, 6], [3, 7, 4]]

# %% test avg_gradient
check("avg_gradient", avg_gradient)

# %% [markdown]
# ### Two pixels, one maximum
#
# What if two pixels of a window are equal, and both the largest? Then the maximum has a corner and
# no derivative, and a rule is needed. Three are in use: the first takes all, all take all, all
# share. A formula such as "1 where $x$ equals the maximum", as in a course document behind this
# notebook, silently chooses the second, and then more comes out than went in. Here **the first
# takes all**: first in reading order, row by row from the top left of the window.
#
# ### Your turn: `max_pool2d_backward`
#
# `x` has the shape `(N, H, W, C)` and was pooled without padding. `dy` has the shape of the output,
# `(N, H_out, W_out, C)`. Each window hands its entry of `dy` to its winner. Of equal pixels the
# first one takes all. A pixel that wins in several windows adds up what it gets. All others get 0.
# Return an array of the shape of `x`. `x` may hold whole numbers while `dy` holds fractions. The
# answer keeps its fractions.
#
# <details><summary><b>Hint: one winner has four indices</b></summary>
#
# Loop over the entries of `dy`: image `n`, window `i`, `j`, channel `c`. Each has a window of shape
# `(size, size)`, and the winner has a place in that window. Where is this place in `x`? NumPy finds
# the *first* maximum of a flat array of `size * size` numbers. Its row and column in the window
# are a matter of `//` and `%`.
# </details>


# %% solution max_pool2d_backward
def max_pool2d_backward(dy, x, size, stride=None):
    """Return the gradient to the images of a max pooling.

    Parameters
    ----------
    dy : ndarray of shape (N, H_out, W_out, C)
        Upstream gradient.
    x : ndarray of shape (N, H, W, C)
        The images that were pooled.
    size : int
        Height and width of a window.
    stride : int, optional
        From one window to the next; `size` if it is None.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`.
    """
    ### BEGIN SOLUTION
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        row, column = divmod(np.argmax(window), size)
        dx[n, top + row, left + column, c] += dy[n, i, j, c]
    return dx
    ### END SOLUTION


# %% test max_pool2d_backward
check("max_pool2d_backward", max_pool2d_backward)

# %% [markdown]
# ### Your turn: `avg_pool2d_backward`
#
# `dy` and `x` have the shapes from above, and there was no padding. Each window hands its entry of
# `dy`, divided by `size * size`, to each of its pixels. Where windows overlap, shares are added
# up. Pixels that no window reaches get 0. Return an array of the shape of `x`. Of `x` only the
# shape matters. It may hold whole numbers while `dy` holds fractions. The answer keeps its
# fractions.
#
# <details><summary><b>Hint: the forward loop, read from right to left</b></summary>
#
# Forward, a window of shape `(N, size, size, C)` became numbers of shape `(N, C)`. Backward,
# numbers of shape `(N, C)` go into a window of shape `(N, size, size, C)`. For NumPy to stretch
# them they need the shape `(N, 1, 1, C)`. What do you do with what is there already?
# </details>


# %% solution avg_pool2d_backward
def avg_pool2d_backward(dy, x, size, stride=None):
    """Return the gradient to the images of an average pooling.

    Parameters
    ----------
    dy : ndarray of shape (N, H_out, W_out, C)
        Upstream gradient.
    x : ndarray of shape (N, H, W, C)
        The images that were pooled; only their shape matters.
    size : int
        Height and width of a window.
    stride : int, optional
        From one window to the next; `size` if it is None.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`.
    """
    ### BEGIN SOLUTION
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            top, left = i * stride, j * stride
            share = dy[:, i : i + 1, j : j + 1, :] / size**2
            dx[:, top : top + size, left : left + size, :] += share
    return dx
    ### END SOLUTION


# %% test avg_pool2d_backward
check("avg_pool2d_backward", avg_pool2d_backward)

# %% [markdown]
# **Do not trust, measure.** A gradient can be measured: move each pixel up and down by a tiny bit
# and look what the forward pass does. `numerical_gradient` does that with *your* forward functions.

# %% figure measured
with waiting_for(
    "max_pool2d",
    "avg_pool2d",
    "max_pool2d_backward",
    "avg_pool2d_backward",
    what="This comparison",
):
    rng = np.random.default_rng(6)
    x, dy = rng.normal(size=(2, 7, 6, 2)), rng.normal(size=(2, 3, 2, 2))
    for forward, backward in [
        (max_pool2d, max_pool2d_backward),
        (avg_pool2d, avg_pool2d_backward),
    ]:
        measured = numerical_gradient(lambda moved, f=forward: f(moved, 3, 2), x, dy)
        worked_out = backward(dy, x, 3, 2)
        print(
            f"{backward.__name__}: largest difference {np.abs(measured - worked_out).max():.0e}, "
            f"sum of dy {dy.sum():.4f}, sum of dx {worked_out.sum():.4f}"
        )

# %% [markdown]
# The sums agree: neither pooling loses any gradient. One hands it all to the winner, the other
# spreads it.
#
# ### Is the way back of an average pooling an average pooling?
#
# A course document behind this notebook writes it so: $dX = \text{AveragePool}(dY)$. *Predict:* of
# what shape would that be?

# %% figure not_a_pooling
with waiting_for("avg_pool2d", "avg_pool2d_backward"):
    upstream = np.array([[4.0, 8.0], [12.0, 16.0]])
    batch = upstream[None, :, :, None]
    right = avg_pool2d_backward(batch, np.zeros((1, 4, 4, 1)), 2)[0, :, :, 0]
    display(
        viz.grid_rows(
            [
                viz.Panel(upstream, "dY", role="gradient"),
                viz.Panel(avg_pool2d(batch, 2)[0, :, :, 0], "AveragePool(dY)", role="gradient"),
                viz.Panel(np.kron(upstream, np.ones((2, 2))) / 4, "repeated, / 4", role="gradient"),
                viz.Panel(right, "your dX", role="gradient"),
            ]
        )
    )

# %% [markdown]
# The way back goes *up* to the size of the image. It is an **upsampling** of $dY$, divided by the
# number of pixels in a window. And plain repetition is right only while windows lie side by side
# and fill the image. Otherwise shares overlap, or pixels are left with 0.
#
# ## 7 · How fast is it, honestly?
#
# Four ways to the same maxima, for windows side by side. *Your loops* take one window at a time.
# *All windows* makes one array with all windows in it and takes the maximum over two axes.
# *Pixel by pixel* takes the upper left pixel of all windows at once, then their next pixel, and
# keeps the larger ones: a loop over the few pixels of a window. The last is convkit's own.
#
# *Predict:* which is slowest for small windows? And for large ones?


# %% figure timing
def all_windows(x, size):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return windows[:, ::size, ::size].max(axis=(-1, -2))


def pixel_by_pixel(x, size):
    y = x[:, ::size, ::size]
    for a, b in np.ndindex(size, size):
        y = np.maximum(y, x[:, a::size, b::size])
    return y


def best_milliseconds(pool, x, size):
    def call():
        pool(x, size)

    once = repeat(call, number=1, repeat=1)[0]
    return 1e3 * min([once, *repeat(call, number=1, repeat=20 if once < 0.05 else 1)])


with waiting_for("max_pool2d", what="This table"):
    rng = np.random.default_rng(0)
    ways = {
        "your loops": max_pool2d,
        "all windows": all_windows,
        "pixel by pixel": pixel_by_pixel,
        "convkit": convkit_max_pool2d,
    }
    lines = [f"{'images':>16} {'windows':>8}" + "".join(f"{name:>18}" for name in ways)]
    for shape, size in [((1, 4, 4, 1), 2), ((8, 64, 64, 3), 2), ((8, 32, 32, 32), 16)]:
        x = rng.normal(size=shape)
        times = {name: best_milliseconds(pool, x, size) for name, pool in ways.items()}
        row = "".join(f"{time:>15.3f} ms" for time in times.values())
        fastest = min(times, key=times.get)
        lines.append(f"{shape!s:>16} {f'{size}×{size}':>8}{row}   fastest: {fastest}")
    print("\n".join(lines))

# %% [markdown]
# Every way reads every pixel once. What differs is how long the runs are that compiled code can
# take in one go.
#
# - With many small windows, a loop over windows pays Python's price for each, and `all windows`
#   has the same trouble inside NumPy: its maximum goes over two axes of two entries each. The loop
#   over the *pixels* of a window has four steps, each over whole images.
# - With few large windows it is the other way round: four windows in all for each image, but 256
#   pixels in each. Now your loops have the long runs, and may be as fast as any other.
#
# So the question is not "loop or no loop" but "which loop is the short one?".
#
# ## To think about
#
# Move a photograph by one pixel to the right. How many numbers of a 2 × 2 max pooling at stride 2
# stay as they are? By two pixels? People say that pooling makes a network indifferent to small
# shifts. How much of that is true? And what does a convolution with stride 2 have that a pooling
# with stride 2 has not?
#
# ## What you have now
#
# You can pool with a maximum, a mean and a norm, with windows that you choose or that follow from
# the output, and send gradients back through the first two. You know three traps by name: the zero
# in the border, the missing bars, the tie. The next notebook sends gradients back through the
# convolution itself.
#
# ## Where this comes from
#
# The exercises by hand and the questions follow these course documents. Texts, code and pictures
# were made anew.
#
# - University of Washington, CSE 493G/599G Deep Learning, *Section 3: Convolutions &
#   Vectorization & Matrix-Vector Backprop*: the padded max pooling of $I$.
# - New York University, DS-GA 1008 Deep Learning, Spring 2019, *Homework Assignment 2*: the pooling
#   of $C$, the six layers, and what LP pooling has to do with maximum and average.
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*:
#   the shape of a pooling and its way back.
#
# Further: A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet Classification with Deep
# Convolutional Neural Networks*, 2012 (windows that overlap). M. Lin, Q. Chen and S. Yan, *Network
# in Network*, 2013, <https://arxiv.org/abs/1312.4400> (global average pooling). B. Graham,
# *Fractional Max-Pooling*, 2014, <https://arxiv.org/abs/1412.6071>. The six layers are described in
# the manual of PyTorch, <https://pytorch.org/docs/stable/nn.html#pooling-layers>.
#
# The portrait shows Grace Hopper. It comes with matplotlib.
