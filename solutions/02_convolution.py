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
# # 02 · Convolution
#
# A small grid of numbers slides over an image. At every place it multiplies, adds up, and
# writes down one number. That is all. At the end of this notebook you can
#
# - work out a correlation by hand, with stride and padding, and say its size beforehand;
# - say what turns a correlation into a convolution, and what that buys;
# - fill the border of an image in four ways;
# - find edges in a photograph with a kernel of nine numbers;
# - write a whole convolution layer: a batch of images, many channels, many filters.
#
# **How to work here.** Plan about 80 minutes. Where it says *Predict*, write your guess down
# before you run the cell: a wrong guess teaches more than a right run. Under every cell that
# you fill in stands a `check`. It tries public examples and says what is wrong first. Your
# points come from other inputs, so do not fit your code to the examples.
#
# **House rules for all six functions.**
#
# - They **return a NumPy array** and leave their inputs as they are.
# - Loops are fine. Nobody asks for speed or for error handling.
# - Do not call `np.convolve`, `np.correlate`, `scipy.signal`, `scipy.ndimage` or `convkit` in
#   them. They would do the exercise for you, and a function that calls them gets no points
#   (`check` does not look for them). Your own earlier functions are welcome, and so is the rest
#   of NumPy.
# - `stride` and `padding` are whole numbers, stride at least 1, padding at least 0.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display
from scipy import ndimage, signal

from convkit import conv2d as convkit_conv2d
from convkit import viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · A kernel that slides along a signal
#
# Press play, then go through it with the slider. The orange frame is the *window*. Under the
# picture stands what it computes.

# %% figure slide_1d
viz.sliding_kernel_1d(x=[2, 0, 3, 1, 1, 4, 2], w=[1, -2, 1])

# %% [markdown]
# In words: put the kernel on the first entries, multiply pair by pair, add up. Move one to the
# right. Repeat until the kernel would stick out.
#
# In a formula, for a signal $x$ of $n$ entries and a kernel $w$ of $k$ entries:
#
# $$ y[i] = \sum_{a=0}^{k-1} w[a] \; x[i + a] $$
#
# This is **correlation** (its full name is *cross-correlation*), written $x \star w$. Deep
# learning calls it convolution. The difference comes in section 2.
#
# **How long is the output?** Count the places where the window can start: $0, 1, \dots, n - k$.
# These are $n - k + 1$ places. In the picture $7 - 3 + 1 = 5$. One of the course documents that
# this notebook builds on prints $n - k - 1$, a slip of the pen: it would give 3. The same page
# takes the first window as `x[0:k-1]`. Read as Python, that leaves out its last entry; the slice
# with $k$ entries is `x[0:k]`.
#
# **Stride** $s$: the window jumps $s$ entries at a time and starts at $i \cdot s$.
# **Padding** $p$: first put $p$ zeros at each end.
#
# *Predict:* length 8, kernel 3, stride 2, no padding. How many windows fit? Is every entry read?

# %% figure stride_windows
viz.window_positions(n=8, kernel=3, stride=2)

# %% [markdown]
# A last window that does not fit is left out. That is the floor in
#
# $$ \text{length of } y = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1 $$
#
# ### Your turn: `correlate1d`
#
# `x` has the shape `(n,)` and `w` has the shape `(k,)`. Put `padding` zeros at *each* end of
# `x`. Window `i` starts at `i * stride`:
#
# $$ y[i] = \sum_{a} w[a] \cdot \text{padded}[\, i \cdot \text{stride} + a \,] $$
#
# There is no flip. `x` and `w` may hold whole numbers or fractions, independently of each other.
# The answer keeps its fractions. The padded signal is never shorter than the kernel.
#
# <details><summary><b>Hint: think in lengths</b></summary>
#
# Write three lengths down before you code: the padded signal, one window, the output. The first
# grows by padding at *two* ends. The second is always that of `w`. If the last window comes out
# too short, the third was too long. And which dtype does an array of zeros have that you fill?
# </details>


# %% solution correlate1d
def correlate1d(x, w, stride=1, padding=0):
    """Correlate a signal with a kernel.

    Parameters
    ----------
    x : ndarray of shape (n,)
        The signal.
    w : ndarray of shape (k,)
        The kernel. It is not flipped.
    stride : int
        Distance between two windows.
    padding : int
        Number of zeros at each end of the signal.

    Returns
    -------
    ndarray of shape ((n + 2 * padding - k) // stride + 1,)
        One number for each window.
    """
    ### BEGIN SOLUTION
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride + 1
    y = np.zeros(size)
    for i in range(size):
        window = padded[i * stride : i * stride + len(w)]
        y[i] = np.sum(window * w)
    return y
    ### END SOLUTION


# %% test correlate1d
check("correlate1d", correlate1d)

# %% [markdown]
# **A kernel is a question.** The kernel `[-1, 1]` asks at every place: how much bigger is the
# next entry?
#
# *Predict:* the signal below is flat, climbs, is flat, falls. Where is the answer 0? Where is it
# negative?

# %% figure question
with waiting_for("correlate1d"):
    hill = np.array([1, 1, 1, 3, 5, 5, 5, 2, 2])
    answer = correlate1d(hill, np.array([-1, 1]))
    signal_row = [viz.Panel(hill, "signal")]
    answer_row = [viz.Panel(answer, "next entry minus this one", role="output")]
    display(viz.grid_rows(signal_row, answer_row))

# %% [markdown]
# ## 2 · Turn the kernel: convolution
#
# An *impulse* is a signal that is 1 in one place and 0 elsewhere. It shows what an operation
# does.
#
# *Predict:* correlate the impulse `[0, 0, 1, 0, 0]` with `[1, 2, 3]`. What comes out: 1 2 3, or
# something else?

# %% figure impulse_1d
viz.sliding_kernel_1d(x=[0, 0, 1, 0, 0], w=[1, 2, 3])

# %% [markdown]
# It comes out **backwards**. The window passes over the impulse from left to right, so the last
# entry of the kernel meets it first.
#
# **Convolution** $x * w$ puts this right: turn the kernel round first, then correlate. Then an
# impulse gives a copy of the kernel. In a formula the plus becomes a minus:
#
# $$ \text{correlation: } \; \sum_a w[a] \, x[i + a]
# \qquad\qquad
# \text{convolution: } \; \sum_a w[a] \, x[i - a] $$
#
# Write the first entries of a convolution out and you see the two indices run against each
# other:
#
# $$ y[0] = w[0]\,x[0], \qquad y[1] = w[0]\,x[1] + w[1]\,x[0], \qquad
# y[2] = w[0]\,x[2] + w[1]\,x[1] + w[2]\,x[0] $$
#
# (Signals in continuous time have an integral for the sum:
# $(x * w)(t) = \int_{-\infty}^{\infty} x(t - a)\, w(a)\, da$.)
#
# **Full** means: count $x$ as zero outside its ends, and keep *every* place where kernel and
# signal overlap in at least one entry. Those are $n + k - 1$ places. The last index with an
# overlap is $(n - 1) + (k - 1)$.
#
# ### Your turn: `convolve1d`
#
# True, full convolution: $y[i] = \sum_a w[a] \, x[i - a]$, with `x` zero outside its ends. `x`
# has the shape `(n,)`, `w` has the shape `(k,)`, both are at least 1 long, and either may be the
# longer. Return an array of shape `(n + k - 1,)`.
#
# <details><summary><b>Hint: reach the length</b></summary>
#
# You already have a function that makes $n + 2p - k + 1$ numbers, and you need $n + k - 1$.
# Which $p$ makes these equal? What must happen to `w` on the way?
# </details>


# %% solution convolve1d
def convolve1d(x, w):
    """Convolve a signal with a kernel, and keep every place where they overlap.

    Parameters
    ----------
    x : ndarray of shape (n,)
        The signal, zero outside its ends.
    w : ndarray of shape (k,)
        The kernel. It is flipped.

    Returns
    -------
    ndarray of shape (n + k - 1,)
        The full convolution.
    """
    ### BEGIN SOLUTION
    return correlate1d(x, w[::-1], padding=len(w) - 1)
    ### END SOLUTION


# %% test convolve1d
check("convolve1d", convolve1d)

# %% [markdown]
# ### By hand: does the order matter?
#
# For convolution it does not. Put $b = i - a$ into the sum and the roles of $x$ and $w$ are
# exchanged: $x * w = w * x$. It is **commutative**. And correlation?
#
# Take $x = [1, 2, 3]$ and $w = [0, 1, 2]$. Pad $x$ with two zeros at each end and let $w$ slide
# over it, without a flip. The first window is $[0, 0, 1]$ and gives $0 \cdot 0 + 0 \cdot 1 +
# 1 \cdot 2 = 2$. Go on, and you get $[2, 5, 8, 3, 0]$.
#
# Now the other way round: pad $w$ with two zeros at each end and let $x$ slide over it. Which
# five numbers come out? `check` sees only whether your answer is complete.

# %% value swapped_correlation
swapped_correlation = [0, 3, 8, 5, 2]

# %% test swapped_correlation
check("swapped_correlation", swapped_correlation)

# %% [markdown]
# Compare it with $[2, 5, 8, 3, 0]$. Do you see the pattern? Then let your functions confirm it.

# %% figure commutes
with waiting_for("correlate1d", "convolve1d", what="This comparison"):
    x, w = np.array([1, 2, 3]), np.array([0, 1, 2])
    print("x ⋆ w =", correlate1d(x, w, padding=2), "   w ⋆ x =", correlate1d(w, x, padding=2))
    print("x * w =", convolve1d(x, w), "   w * x =", convolve1d(w, x))

# %% [markdown]
# ## 3 · What stands beyond the border?
#
# At the border a window needs numbers that the image does not have. There are four usual
# answers. The frame is the image. Every cell outside has the colour of the cell that it copies.

# %% figure modes_1d
viz.padding_modes([1, 2, 3, 4], padding=2)

# %% [markdown]
# - **zeros**: darkness.
# - **reflect**: a mirror *in* the outermost pixel. That pixel is not repeated.
# - **replicate**: the outermost pixel again and again.
# - **circular**: the opposite side, as if the image were wrapped round a cylinder.
#
# In two dimensions both directions follow the same rule: pad the rows, then the columns of the
# result. Look at the corners.
#
# *Predict:* for `reflect`, which number stands in the top left corner?

# %% figure modes_2d
viz.padding_modes(np.arange(1, 13).reshape(3, 4), padding=2)

# %% [markdown]
# ### Your turn: `pad2d`
#
# `x` has the shape `(H, W)`. Return an array of shape `(H + 2 * padding, W + 2 * padding)` with
# `x` in the middle. `mode` is one of `"zeros"`, `"reflect"`, `"replicate"`, `"circular"`. With
# padding 0, `x` comes back as it is, in every mode.
#
# `reflect` is only asked for with a padding smaller than both sides of the image, `circular`
# with a padding that is at most as large as either side. For `zeros` and `replicate` the padding
# may be larger than the image.
#
# In this function `np.pad` is not allowed either.
#
# <details><summary><b>Hint: from which row does a row come?</b></summary>
#
# The new image has $H + 2p$ rows, with numbers from $-p$ to $H + p - 1$ if you count from the
# image's own first row. For three of the modes every new row is a copy of an old one. Write down
# for each mode which old row stands at $-1$, at $-2$, at $H$. `x[rows]` takes a whole list of
# rows at once, and `x[:, columns]` takes columns.
#
# One trap: the slice `[p:-p]` is the middle for every $p$ except one. What is its length at
# $p = 0$?
# </details>


# %% solution pad2d
def pad2d(x, padding, mode="zeros"):
    """Surround an image with a border.

    Parameters
    ----------
    x : ndarray of shape (H, W)
        The image.
    padding : int
        Rows and columns added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What the border holds.

    Returns
    -------
    ndarray of shape (H + 2 * padding, W + 2 * padding)
        The image with its border.
    """
    ### BEGIN SOLUTION
    height, width = x.shape
    if mode == "zeros":
        padded = np.zeros((height + 2 * padding, width + 2 * padding))
        padded[padding : padding + height, padding : padding + width] = x
        return padded

    def sources(size):
        places = np.arange(-padding, size + padding)
        if mode == "circular":
            return places % size
        if mode == "replicate":
            return np.clip(places, 0, size - 1)
        last = size - 1
        return last - np.abs(last - np.abs(places))

    return x[sources(height)][:, sources(width)]
    ### END SOLUTION


# %% test pad2d
check("pad2d", pad2d)

# %% [markdown]
# ## 4 · Two dimensions, by hand
#
# Now the window is a rectangle. It goes along a row, then drops to the next one.

# %% figure slide_2d
viz.sliding_kernel(
    x=[[1, 0, 2, 1, 0], [0, 3, 1, 0, 2], [2, 1, 0, 1, 1], [0, 1, 2, 0, 3]],
    k=[[1, 0, -1], [2, 0, -2], [1, 0, -1]],
)

# %% [markdown]
# $$ y[i, j] = \sum_{a=0}^{k_h - 1} \sum_{b=0}^{k_w - 1} k[a, b] \; x[i + a, \, j + b] $$
#
# **One number together.** Here is an image $A$ and a kernel $B$.

# %% setup matrices
image_I = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [-1, 0, 1, 2], [0, -2, 4, 0]])
filter_F = np.array([[1, -1], [0, 2]])
A = np.array([[4, 5, 2, 2, 1], [3, 3, 2, 2, 4], [4, 3, 4, 1, 1], [5, 1, 4, 1, 2], [5, 1, 3, 1, 4]])
B = np.array([[4, 3, 3], [5, 5, 5], [2, 4, 3]])

# %% figure a_and_b
viz.grid_rows(
    [
        viz.Panel(A, "A", window=(0, 0, 3, 3)),
        viz.Panel(B, "B", role="kernel"),
        viz.Panel(image_I, "I"),
        viz.Panel(filter_F, "F", role="kernel"),
    ],
    labels=True,
)

# %% [markdown]
# The top left window of $A$, times $B$, added up row by row:
#
# $$ (4\cdot4 + 5\cdot3 + 2\cdot3) + (3\cdot5 + 3\cdot5 + 2\cdot5) + (4\cdot2 + 3\cdot4 + 4\cdot3)
# = 37 + 40 + 32 = 109 $$
#
# ### By hand: three correlations
#
# Take paper. No bias, no flip. Lay the kernel on the image as it is printed.
#
# 1. `corr_a_b`: $A$ with $B$, padding 0, stride 1. The corner is the 109 from above.
# 2. `corr_stride_1`: $I$ with $F$, padding 0, stride 1.
# 3. `corr_stride_2_padded`: $I$ with $F$, padding 1, stride 2. Draw the ring of zeros first.
#
# Say the size of each answer before you start. Give nested lists, one list for each row.

# %% value corr_a_b
corr_a_b = [[109, 92, 72], [108, 85, 74], [110, 74, 79]]

# %% test corr_a_b
check("corr_a_b", corr_a_b)

# %% value corr_stride_1
corr_stride_1 = [[5, 3, 1], [1, 3, 5], [-5, 7, -1]]

# %% test corr_stride_1
check("corr_stride_1", corr_stride_1)

# %% value corr_stride_2_padded
corr_stride_2_padded = [[2, 6, 0], [-6, 3, 1], [0, -6, 0]]

# %% test corr_stride_2_padded
check("corr_stride_2_padded", corr_stride_2_padded)

# %% [markdown]
# ### Your turn: `correlate2d`
#
# `x` has the shape `(H, W)` and `k` has the shape `(kh, kw)`. Put `padding` zeros on all four
# sides. There is no flip:
#
# $$ y[i, j] = \sum_{a, b} k[a, b] \cdot
# \text{padded}[\, i \cdot \text{stride} + a, \; j \cdot \text{stride} + b \,] $$
#
# The shape is `((H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1)`.
# Neither the image nor the kernel need be square. The padded image is never smaller than the
# kernel.
#
# <details><summary><b>Hint: two heights, two widths</b></summary>
#
# Everything from `correlate1d` happens twice: once for rows, with `H` and `kh`, once for columns,
# with `W` and `kw`. If the check complains about a shape, look for a place where one letter
# stands for both. A window has the shape of `k`, always.
# </details>


# %% solution correlate2d
def correlate2d(x, k, stride=1, padding=0):
    """Correlate an image with a kernel.

    Parameters
    ----------
    x : ndarray of shape (H, W)
        The image.
    k : ndarray of shape (kh, kw)
        The kernel. It is not flipped.
    stride : int
        Distance between two windows, in both directions.
    padding : int
        Rows and columns of zeros on each side.

    Returns
    -------
    ndarray of shape ((H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1)
        The feature map.
    """
    ### BEGIN SOLUTION
    padded = pad2d(x, padding)
    rows = (padded.shape[0] - k.shape[0]) // stride + 1
    columns = (padded.shape[1] - k.shape[1]) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            y[i, j] = np.sum(padded[top : top + k.shape[0], left : left + k.shape[1]] * k)
    return y
    ### END SOLUTION


# %% test correlate2d
check("correlate2d", correlate2d)

# %% [markdown]
# Now let your function check your hand. If they differ, step through the window where they do:
# put your own arrays into `viz.sliding_kernel`.

# %% figure hand_and_code
with waiting_for("correlate2d", what="This comparison"):
    for name, hand, code in [
        ("corr_a_b", corr_a_b, correlate2d(A, B)),
        ("corr_stride_1", corr_stride_1, correlate2d(image_I, filter_F)),
        (
            "corr_stride_2_padded",
            corr_stride_2_padded,
            correlate2d(image_I, filter_F, stride=2, padding=1),
        ),
    ]:
        same = "not filled in yet" if hand is ... else np.array_equal(hand, code)
        print(f"{name}: by code\n{code}\nthe same by hand: {same}\n")

# %% playground slide_your_own
# Your own arrays here. Take `.frame(3)` away to play all steps.
viz.sliding_kernel(x=image_I, k=[[0, 1], [1, 0]], stride=2, padding=1).frame(3)

# %% [markdown]
# ### Valid, same, full
#
# Three sizes have names. For a kernel of size $k$ at stride 1:
#
# | name | padding | size of the output |
# |---|---|---|
# | **valid** | $0$ | $n - k + 1$: no window leaves the image |
# | **same** | $(k - 1) / 2$ | $n$: as large as the image |
# | **full** | $k - 1$ | $n + k - 1$: every overlap counts |
#
# ### Stride throws away
#
# *Predict:* a correlation with stride 2. Could you get it from the one with stride 1?

# %% figure subsampling
with waiting_for("correlate2d"):
    image = np.arange(1, 26).reshape(5, 5) % 7
    every = correlate2d(image, np.ones((2, 2)))
    second = correlate2d(image, np.ones((2, 2)), stride=2)
    kept = np.zeros(every.shape, bool)
    kept[::2, ::2] = True
    display(
        viz.grid_rows(
            [
                viz.Panel(every, "stride 1", role="output"),
                viz.Panel(every, "every second one", role="output", hidden=~kept),
                viz.Panel(second, "stride 2", role="output"),
            ]
        )
    )

# %% [markdown]
# Yes: stride $s$ keeps every $s$-th row and column of the map at stride 1. It is **subsampling**,
# and what it drops is gone. The gain is that the dropped numbers are never computed.
#
# A stride can also skip pixels altogether.
#
# ### By hand: pixels that nobody reads
#
# An input is 5 columns wide, the kernel 3 wide. The stride is 3 and there is no padding. How many
# columns does no window ever see? (Many libraries floor and say nothing. Some books call such a
# stride *invalid*.)

# %% value unseen_columns
unseen_columns = 2

# %% test unseen_columns
check("unseen_columns", unseen_columns)

# %% [markdown]
# Change the numbers below. Which strides read everything? Which padding would save stride 3?

# %% playground windows
viz.window_positions(n=7, kernel=3, stride=2, padding=1)

# %% [markdown]
# ## 5 · Convolution in two dimensions
#
# Turning a kernel round means: upside down *and* left to right, so by 180°. That is
# `k[::-1, ::-1]`. It is **not** the transpose.
#
# *Predict:* an impulse in the middle of an image. What does correlation make of it, what
# convolution?

# %% figure flip_impulse
viz.correlation_and_convolution(np.arange(1, 10).reshape(3, 3))

# %% [markdown]
# Convolution stamps the kernel as it is. Correlation stamps it upside down. For a picture that
# is not an impulse, the two differ just as much:

# %% figure flip_corner
viz.correlation_and_convolution(
    k=[[0, 1, 0], [0, 1, 1], [0, 0, 0]],
    x=[[0, 0, 0, 0, 0], [0, 5, 0, 0, 0], [0, 5, 5, 5, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
)

# %% [markdown]
# ### By hand: one patch
#
# $$ \text{patch} = \begin{bmatrix} 200 & 150 & 150 \\ 100 & 50 & 100 \\ 25 & 25 & 10 \end{bmatrix}
# \qquad
# K = \begin{bmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{bmatrix} $$
#
# A **true convolution** stands with its window on this patch. Turn $K$ by 180° on paper, multiply
# entry by entry, add up. Leave the bias out. What is the number?

# %% value patch_value
patch_value = 65

# %% test patch_value
check("patch_value", patch_value)

# %% [markdown]
# ### Your turn: `convolve2d`
#
# True, full convolution:
#
# $$ y[i, j] = \sum_{a, b} k[a, b] \; x[i - a, \, j - b] $$
#
# with `x` zero outside the image. `x` has the shape `(H, W)` and `k` has the shape `(kh, kw)`.
# Return an array of shape `(H + kh - 1, W + kw - 1)`. Neither need be square, and the kernel may
# be the larger of the two.
#
# <details><summary><b>Hint: two borders</b></summary>
#
# In one dimension the border had $k - 1$ zeros. Here the height needs $k_h - 1$ and the width
# $k_w - 1$. These differ unless the kernel is square, and `pad2d` has one number for both. What
# would be too much, and where could you cut it off again? Or does NumPy pad each side for itself?
# </details>


# %% solution convolve2d
def convolve2d(x, k):
    """Convolve an image with a kernel, and keep every place where they overlap.

    Parameters
    ----------
    x : ndarray of shape (H, W)
        The image, zero outside.
    k : ndarray of shape (kh, kw)
        The kernel. It is turned by 180 degrees.

    Returns
    -------
    ndarray of shape (H + kh - 1, W + kw - 1)
        The full convolution.
    """
    ### BEGIN SOLUTION
    rows, columns = k.shape[0] - 1, k.shape[1] - 1
    return correlate2d(np.pad(x, ((rows, rows), (columns, columns))), k[::-1, ::-1])
    ### END SOLUTION


# %% test convolve2d
check("convolve2d", convolve2d)

# %% [markdown]
# ### Two kernels are one kernel
#
# Convolution is **associative**: $F * (G * I) = (F * G) * I$. First $G$, then $F$, or once with a
# kernel made of both: the result is the same. It works in both directions. Two kernels can be
# merged into one, and some large kernels can be split into two small, cheap ones (notebook 03).
# Correlation is not associative: two correlations in a row are one with the *convolution* of the
# two kernels.
#
# **By hand**, with new kernels: $G = \begin{bmatrix} 2 & 0 & 1 \end{bmatrix}$ and
# $F = \begin{bmatrix} 1 & 2 \\ 0 & -1 \end{bmatrix}$. An image is convolved (truly, full) first
# with $G$, then with $F$. Which *one* kernel does both at once? It has 2 rows and 4 columns.
#
# <details><summary><b>Hint: stamps</b></summary>
#
# Convolution stamps a copy of one kernel at every entry of the other, as large as that entry, and
# adds the stamps up. $F$ has four entries, one of them is 0: three stamps of $G$.
# </details>

# %% value combined_kernel
combined_kernel = [[2, 4, 1, 2], [0, -2, 0, -1]]

# %% test combined_kernel
check("combined_kernel", combined_kernel)

# %% figure associative
with waiting_for("convolve2d", "combined_kernel"):
    G, F2 = np.array([[2, 0, 1]]), np.array([[1, 2], [0, -1]])
    image = np.array([[1, 0, 2], [0, 3, 1]])
    one_kernel = np.array(combined_kernel)
    panels = [
        viz.Panel(convolve2d(convolve2d(image, G), F2), "first G, then F", role="output"),
        viz.Panel(convolve2d(image, one_kernel), "once, with your kernel", role="output"),
    ]
    display(viz.grid_rows(panels))

# %% [markdown]
# ### Where does index 0 sit?
#
# Two ways of counting are common, and books mix them.
#
# **From the corner**, as in this notebook and in code: kernel indices run from $0$ to $k - 1$, and
# a full convolution starts at the first overlap.
#
# **From the centre**, as in most books on images: kernel indices run from $-\frac{k-1}{2}$ to
# $\frac{k-1}{2}$, the middle of the kernel is $[0, 0]$, and the output lies exactly over the
# image:
#
# $$ y(r, c) = \sum_{a = -\frac{k_h - 1}{2}}^{\frac{k_h - 1}{2}} \;
# \sum_{b = -\frac{k_w - 1}{2}}^{\frac{k_w - 1}{2}} k(a, b) \; x(r - a, \, c - b) $$
#
# The numbers are the same. Only their addresses move, by half a kernel.
#
# **By hand:** one white pixel at row 3, column 5, counted from the corner and from 0. The image
# is convolved (full) with a kernel of 3 rows and 5 columns. At which row and column of the full
# output is the *centre* of the kernel? Give `[row, column]`.

# %% value centre_in_full
centre_in_full = [4, 7]

# %% test centre_in_full
check("centre_in_full", centre_in_full)

# %% [markdown]
# ### A kernel without a centre
#
# A kernel with an even number of entries has no middle, so "same" must lean to one side. To
# which? SciPy's own functions do not agree.
#
# *Predict:* four calls, the same signal, the same kernel of two entries. How many different
# answers?

# %% figure even_kernels
x, w = np.arange(1, 8), np.array([1, 10])
print("signal                ", x, "  kernel", w)
print("signal.correlate      ", signal.correlate(x, w, mode="same"))
print("signal.correlate2d    ", signal.correlate2d(x[None], w[None], mode="same")[0])
print("signal.convolve       ", signal.convolve(x, w, mode="same"))
print("ndimage.convolve1d    ", ndimage.convolve1d(x, w, mode="constant"))

# %% [markdown]
# Compare the first two lines: the numbers agree, but they stand **one index** apart, and so do
# those of the last two. Where one reads beyond the left end, the other reads beyond the right one.
# With an even kernel, say the padding yourself and do not trust the word *same*.
#
# ## 6 · Nine numbers that find edges
#
# The kernel $K$ of the patch above is **Sobel's**. It compares what is right of a pixel with
# what is left of it, and smooths a little along the other direction. Its transpose compares below
# with above.
#
# *Predict:* the flag hangs in folds that run up and down. The shoulders run across. Which of the
# two kernels finds which? And what would a flip change?

# %% figure sobel
with waiting_for("correlate2d"):
    portrait = viz.grey_photograph()
    K = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    across, down = correlate2d(portrait, K), correlate2d(portrait, K.T)
    display(
        viz.show_images(
            {"photograph": portrait, "right − left": across, "below − above": down},
            signed=["right − left", "below − above"],
            width=2.6,
        )
    )
    display(
        viz.show_images(
            {
                "edge strength": np.hypot(across, down),
                "right − left, kernel turned": correlate2d(portrait, K[::-1, ::-1]),
            },
            signed=["right − left, kernel turned"],
            width=2.6,
        )
    )

# %% [markdown]
# Blue: brighter towards the right (or below). Orange: darker. *Right − left* finds the folds of the
# flag. *Below − above* finds the shoulders, in orange: the wall is bright, the jacket is dark. Both
# find what is slanted. Turning $K$ by 180° gives $-K$, so
# with the flip blue and orange change places and the edge strength stays as it is.
#
# This is a kernel that somebody *chose*. A network learns its kernels. That is all the difference
# there is.
#
# ## 7 · Many channels, many filters
#
# A colour image has three channels. So a kernel gets three planes, one for each, and the sums of
# all planes are added into **one** number:

# %% figure channels_add
rng = np.random.default_rng(5)
viz.channel_sum(rng.integers(0, 5, (3, 4, 3)), rng.integers(-2, 3, (2, 2, 3)), at=(1, 1))

# %% [markdown]
# A *filter* is such a kernel with all its planes. One filter makes one feature map. A layer has
# many filters, and their maps become the channels of its output.

# %% figure stacks
viz.channel_stacks(input_shape=(2, 6, 8, 3), kernel_shape=(3, 3, 3, 4))

# %% [markdown]
# *Predict:* how many numbers are there in the four filters of the picture, with one bias for each
# filter? Then run:

# %% playground parameters
kernel_height, kernel_width, channels, filters = 3, 3, 3, 4
(kernel_height * kernel_width * channels + 1) * filters

# %% [markdown]
# ### Your turn: `conv2d`
#
# The layer itself. It correlates, as every deep-learning library does.
#
# | array | shape |
# |---|---|
# | `x` | `(N, H, W, C_in)` |
# | `w` | `(kh, kw, C_in, C_out)` |
# | `b` | `(C_out,)` |
# | returned | `(N, H_out, W_out, C_out)`, sizes by the floor formula |
#
# $$ y[n, i, j, f] = b[f] + \sum_{a, c, m} w[a, c, m, f] \cdot
# \text{padded}[\, n, \; i \cdot s + a, \; j \cdot s + c, \; m \,] $$
#
# Only height and width are padded, with zeros. `x` may hold whole numbers (pixels, also `uint8`)
# while `w` and `b` hold fractions. The answer keeps its fractions.
#
# <details><summary><b>Hint: four axes, one window</b></summary>
#
# At one place `[i, j]` the window of the whole batch has the shape `(N, kh, kw, C_in)`. The
# filters have `(kh, kw, C_in, C_out)`. Three axes are summed away, and `(N, C_out)` is left: just
# what fits into `y[:, i, j, :]`. With more loops you may think smaller: for one image `n` and one
# filter `f`, the window and `w[..., f]` have the same shape. The bias is added once for each
# output number, not once for each product.
# </details>


# %% solution conv2d
def conv2d(x, w, b, stride=1, padding=0):
    """Apply a convolution layer to a batch of images.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C_in)
        The images.
    w : ndarray of shape (kh, kw, C_in, C_out)
        The filters. They are not flipped.
    b : ndarray of shape (C_out,)
        One bias for each filter.
    stride : int
        Distance between two windows, in both directions.
    padding : int
        Rows and columns of zeros on each side.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C_out)
        One feature map for each image and filter.
    """
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            windows = padded[:, top : top + kh, left : left + kw, :]
            y[:, i, j, :] = np.tensordot(windows, w, axes=3) + b
    return y
    ### END SOLUTION


# %% test conv2d
check("conv2d", conv2d)

# %% [markdown]
# ## 8 · How fast is it, honestly?
#
# Three ways to compute the same layer: your loops, one `tensordot` over all windows at once, and
# convkit's own. The cell measures on *your* machine, the best of a few runs.
#
# *Predict:* your loops are the slowest everywhere. True?


# %% figure timing
def all_windows(x, w, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))
    return np.tensordot(windows, w, axes=((4, 5, 3), (0, 1, 2))) + b


def best_milliseconds(layer, *arrays):
    def call():
        layer(*arrays)

    once = repeat(call, number=1, repeat=1)[0]
    return 1e3 * min([once, *repeat(call, number=1, repeat=20 if once < 0.05 else 1)])


with waiting_for("conv2d", what="This table"):
    rng = np.random.default_rng(0)
    layers = {"your loops": conv2d, "all windows": all_windows, "convkit": convkit_conv2d}
    lines = [f"{'images':>16} {'filters':>15}" + "".join(f"{name:>16}" for name in layers)]
    for shape, filters in [
        ((1, 4, 4, 1), (3, 3, 1, 1)),
        ((4, 32, 32, 3), (3, 3, 3, 16)),
        ((2, 14, 14, 64), (3, 3, 64, 32)),
    ]:
        arrays = rng.normal(size=shape), rng.normal(size=filters), np.zeros(filters[-1])
        times = {name: best_milliseconds(layer, *arrays) for name, layer in layers.items()}
        fastest = min(times, key=times.get)
        row = "".join(f"{time:>13.3f} ms" for time in times.values())
        lines.append(f"{shape!s:>16} {filters!s:>15}{row}   fastest: {fastest}")
    products = np.prod(arrays[1].shape) * shape[0] * (shape[1] - 2) * (shape[2] - 2)
    lines.append(f"The last layer multiplies {products:,} times, whoever computes it.")
    print("\n".join(lines))

# %% [markdown]
# Nobody multiplies less than the others. What differs is the work *around* the multiplications.
#
# - A Python loop pays a fixed price for each step. With four windows in all that is next to
#   nothing, and a library that first checks its arguments and copies windows into place has no
#   chance to earn that back.
# - With many channels each step of your loop (if it sums over the channels at once) already is a
#   large product in compiled code. Then the price of the loop shows much less.
# - `all windows` copies every pixel up to nine times into one big matrix. Copying costs time
#   and memory, and can eat up what the single product saves.
#
# So "without loops" is not the same as fast. Measure the sizes that you have. Notebook 04 comes
# back to this with *im2col*.
#
# ## 9 · Why may a layer leave out the flip?
#
# Deep-learning libraries call a correlation "convolution". **Why may a layer leave out the flip?
# When would it matter?** Answer in three to six sentences. A person reads them.

# %% written why_no_flip [markdown]
# The entries of the kernel are learned. A layer that flips and a layer that does not can compute
# exactly the same functions: whatever one does with the kernel $k$, the other does with $k$ turned
# by 180°. Training finds that turned kernel just as well, so nothing is won by the flip.
#
# It matters where the kernel is given and not learned: Sobel's kernel with a flip reports the
# opposite sign, and weights copied into a library that flips must be turned first. It also matters
# where the algebra of convolution is needed: only with the flip is the operation commutative and
# associative, and the gradient with respect to the input of a correlation is a true convolution.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point**: the entries are learned, so training finds the turned kernel just as well; the set
#   of functions that the layer can express is the same (a turned kernel is another kernel).
# - **1 point** for at least one case in which it matters: a kernel that is given (Sobel, weights
#   copied into a library that flips), or the algebra of convolution (commutative, associative; the
#   gradient with respect to the input flips).
# - Half a point off for "because kernels are symmetric": learned kernels are not.
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# A 3 × 3 kernel slides over a photograph that is shifted by one pixel. What happens to its feature
# map? And with stride 2? Which of these would you like a network to have that must find a cat
# anywhere in a picture?
#
# ## What you have now
#
# You can slide a kernel by hand and in code, in one dimension, in two, and through channels. You
# know that convolution is correlation with the kernel turned by 180°, and that the turn is what
# makes it commutative and associative. The next notebook uses one convolution to paint.
#
# ## Where this comes from
#
# The exercises by hand and the questions follow these course documents. Texts, code and pictures
# were made anew.
#
# - University of Washington, CSE 493G/599G Deep Learning, *Section 3: Convolutions &
#   Vectorization & Matrix-Vector Backprop*: the correlations of $I$ with $F$.
# - New York University, DS-GA 1008 Deep Learning, Spring 2019, *Homework Assignment 2*: the
#   correlation of $A$ with $B$.
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*:
#   the 1-D correlation step by step.
# - Georgia Tech, CS 4644-DL / 7643-A Deep Learning, the lecture *Convolutional Neural Networks*:
#   the flip, associativity, indexing from the centre and the corner, Sobel's kernel and the patch,
#   padding modes, strides that do not fit, channels.
# - EPFL, CS-233, *Theoretical Exercise 9*, April 2024: the layer's sizes.
#
# The portrait shows Grace Hopper. It comes with matplotlib. Pictures of many more strides and
# paddings: V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016,
# <https://arxiv.org/abs/1603.07285>.
