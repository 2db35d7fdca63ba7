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
# # 03 · Gaussian blobs
#
# So far a convolution looked for something in an image. It can also *paint*. Here it turns single
# points of light into soft round blobs. Then we take its kernel apart and get the same picture for
# a fraction of the work. At the end you can
#
# - build a Gaussian kernel, and say how large it must be;
# - say what a convolution does to a single white pixel, to many of them, and to overlaps;
# - say on which pixel a blob is centred, also when its kernel has no middle;
# - see from a kernel whether it is a column times a row, and what that saves;
# - tell when the cheaper way is faster on a real machine, and when it is not.
#
# **How to work here.** Plan about 60 minutes. Where it says *Predict*, write your guess down before
# you run the cell. Under every cell that you fill in stands a `check`. It tries public examples and
# says what is wrong first. Your points come from other inputs, so do not fit your code to the
# examples.
#
# **House rules for all four functions.**
#
# - They **return NumPy arrays** and leave their inputs as they are. Loops are fine.
# - You wrote convolutions yourself in notebook 02. Here you **may call ready-made ones**:
#   `np.convolve`, and those of `scipy.signal` and `scipy.ndimage`. Then it is up to you to know
#   what they do at the border. Your own earlier functions are welcome, too.
# - **Ready-made Gaussians are ruled out**: everything in `scipy.signal.windows`,
#   `scipy.signal.get_window`, `gaussian_filter`, `gaussian_filter1d` and `fourier_gaussian` of
#   `scipy.ndimage`. So is all of `convkit`. A function that calls them, itself or through another
#   function of yours, gets no points (`check` does not look for them).
# - Points are pairs `(row, column)`, counted from 0. Nobody asks for error handling.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
import scipy
from IPython.display import display
from scipy import ndimage, signal

from convkit import viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · A bell
#
# A *Gaussian bell* is high in its centre and falls off smoothly on all sides. One number says how
# wide it is: its *standard deviation*, `std` for short, in pixels.

# %% figure profile
viz.bell_profile(size=13, std=2)

# %% [markdown]
# The grey line is the bell. A kernel takes its height at whole pixels, the orange dots. In a
# formula, at distance $r$ from the centre:
#
# $$ g(r) = \exp\left(-\frac{r^2}{2 \, \text{std}^2}\right) $$
#
# At the centre that is 1. After one `std` it is 0.607, after two 0.135, after three 0.011, which on
# a screen is as good as black. So a kernel that shall hold nearly the whole bell reaches three
# `std` to each side: **about 6 `std` pixels and one in the middle**.
#
# (In statistics a factor $1 / (\sqrt{2\pi}\,\text{std})$ stands in front. It makes the area 1. We
# want the *centre* to be 1 and leave it out.)
#
# **In two dimensions** nothing changes but the distance. For a pixel $u$ rows below and $v$ columns
# to the right of the centre, Pythagoras says $r^2 = u^2 + v^2$. With $\text{std} = 2$ and a pixel 1
# down and 1 to the right:
#
# $$ \exp\left(-\frac{1^2 + 1^2}{2 \cdot 2^2}\right) = \exp\left(-\frac{2}{8}\right) = e^{-0.25}
# \approx 0.779 $$
#
# **By hand:** how high is a bell with $\text{std} = 5$ at the pixel 3 rows below and 4 columns to
# the right of its centre? Find the exponent on paper. For the last step you may let Python do the
# arithmetic; give five digits or more. `check` sees only whether your answer is complete.

# %% value bell_height
bell_height = np.exp(-0.5)

# %% test bell_height
check("bell_height", bell_height)

# %% [markdown]
# ### Where is the centre?
#
# A row of 13 pixels has the indices 0 to 12, and its middle is 6. *Predict:* where is the middle of
# 6 pixels? And how high is the highest dot?

# %% figure profile_even
viz.bell_profile(size=6, std=1.2)

# %% [markdown]
# The middle of the indices $0, \dots, \text{size} - 1$ is $(\text{size} - 1) / 2$. With an even
# size it lies **between** two pixels. Then no pixel is as high as 1, and the two in the middle are
# equal.
#
# ### Your turn: `gaussian_kernel`
#
# `size` is a whole number, at least 1, odd or even. `std` is positive, a whole number or a
# fraction. Return an array of shape `(size, size)`. Its centre is at `(size - 1) / 2` in both
# directions, and
#
# $$ k[i, j] = \exp\left(-\frac{u^2 + v^2}{2 \, \text{std}^2}\right), \qquad
# u = i - \frac{\text{size} - 1}{2}, \quad v = j - \frac{\text{size} - 1}{2} $$
#
# Do not scale anything: neither to a sum of 1, nor to a largest entry of 1.
#
# <details><summary><b>Hint: distances first</b></summary>
#
# Print the distances of all pixels of *one* row from its centre, for sizes 5 and 4. Neighbours are
# always 1 apart. Then: a vector of shape `(size, 1)` and one of shape `(1, size)` meet in a matrix
# of which shape? Two loops do as well.
# </details>


# %% solution gaussian_kernel
def gaussian_kernel(size, std):
    """Sample a Gaussian bell.

    Parameters
    ----------
    size : int
        Height and width of the kernel, at least 1.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    ndarray of shape (size, size)
        The bell; it would be 1 in its centre.
    """
    ### BEGIN SOLUTION
    offsets = np.arange(size) - (size - 1) / 2
    squares = offsets[:, None] ** 2 + offsets[None, :] ** 2
    return np.exp(-squares / (2 * std**2))
    ### END SOLUTION


# %% test gaussian_kernel
check("gaussian_kernel", gaussian_kernel)

# %% [markdown]
# SciPy has the bell in one dimension. Many old programs, and the exercise sheet that this notebook
# follows, call it `scipy.signal.gaussian`. *Predict:* does that still work?

# %% figure scipy_gaussian
print("SciPy", scipy.__version__)
print("signal.gaussian:        ", "found" if hasattr(signal, "gaussian") else "not found")
print("signal.windows.gaussian:", signal.windows.gaussian(5, std=1.5).round(4))
with waiting_for("gaussian_kernel", what="Your own line"):
    print("your kernel, middle row:", gaussian_kernel(5, 1.5)[2].round(4))

# %% [markdown]
# The old name was taken away in SciPy 1.13 (2024). The new one is `scipy.signal.windows.gaussian`.
#
# ## 2 · Points of light
#
# A canvas is black: an array of zeros. A point of light is a single 1 on it, an *impulse*. Its
# place is written like an array index: `[row, column]`, **row first**. Row 0 is at the top.
#
# ### Your turn: `impulses`
#
# `shape` is the pair `(height, width)`. `points` is a list or a tuple of pairs `(row, column)`, all
# on the canvas. Return an array of shape `(height, width)` that is 0 everywhere, but 1 at each
# point. A point that is given **twice counts twice**: there the canvas is 2. Without any point the
# canvas is black.
#
# <details><summary><b>Hint: two traps</b></summary>
#
# Setting a pixel to 1 twice leaves a 1. And with lists of rows and columns as indices,
# `canvas[rows, columns] += 1` reads all pixels first and writes them later, so it also counts a
# repeated point once. What does a loop do? (`np.add.at` is the way without one.)
# </details>


# %% solution impulses
def impulses(shape, points):
    """Light single pixels of a black canvas.

    Parameters
    ----------
    shape : pair of int
        Height and width.
    points : sequence of pairs of int
        Row and column of each point, from 0.

    Returns
    -------
    ndarray of shape (height, width)
        How often each pixel is named.
    """
    ### BEGIN SOLUTION
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    return canvas
    ### END SOLUTION


# %% test impulses
check("impulses", impulses)

# %% [markdown]
# Here is the task of this notebook: a canvas of 50 × 50 pixels, with two white points at
# `[20, 40]` and `[40, 20]`.
#
# *Predict:* which of the two is at the top right?

# %% setup task
shape, points = (50, 50), [(20, 40), (40, 20)]

# %% figure the_points
with waiting_for("impulses"):
    display(viz.point_map({"two points": impulses(shape, points)}, points))

# %% [markdown]
# **The task: turn each point into a Gaussian blob, with one convolution and nothing else.**
#
# ## 3 · One convolution paints them all
#
# Recall the stamp from notebook 02: a true convolution puts a copy of the kernel on every impulse.
# Copies that overlap add up. The kernel here is a little bell in whole numbers.
#
# *Predict:* which number comes out where the copies of the second and the third point overlap? And
# what becomes of a copy that sticks out over the border?

# %% figure stamps
viz.blob_steps(
    shape=(6, 8),
    points=[(1, 1), (3, 4), (4, 6), (5, 0)],
    kernel=[[1, 2, 1], [2, 4, 2], [1, 2, 1]],
)

# %% [markdown]
# Why is that? Write the canvas as a sum of single impulses. Convolution is *linear*: the
# convolution of a sum is the sum of the convolutions. And wherever the impulse stands, the same
# happens around it. So each point gets the same blob, and blobs add up. (A bell looks the same when
# it is turned by 180°, so a correlation would stamp the same blob. Only for even sizes there is a
# difference; wait for it.)
#
# **The result has the size of the canvas** (*same*). Outside the canvas there is nothing: what
# reaches over the border is cut off.
#
# ### By hand: what is left at the border?
#
# A kernel of size 31 is put on the point `[20, 40]` of the 50 × 50 canvas. How many rows and how
# many columns of the blob lie on the canvas? Give `[rows, columns]`.

# %% value visible_part
visible_part = [31, 25]

# %% test visible_part
check("visible_part", visible_part)

# %% [markdown]
# ### A blob without a middle pixel
#
# The exercise sheet asks for blobs of 10 × 10 pixels, centred at the points. That cannot be: ten
# rows have no middle row. An even blob must lean to one side, and somebody has to say to which.
#
# **Our rule.** The *full* convolution has $H + \text{size} - 1$ rows. Its row $m$ is row
# $m - \text{start}$ of the result, where
#
# $$ \text{start} = \left\lfloor \frac{\text{size} - 1}{2} \right\rfloor $$
#
# In the full convolution, the copy of a point at row $p$ covers the rows $p$ to
# $p + \text{size} - 1$. So in the result it covers $p - \text{start}$ to
# $p - \text{start} + \text{size} - 1$. For columns it is the same. With size 3 that is one row up
# and one row down, as it should be. With size 4 it is one row up and **two** down.
#
# **By hand:** a blob of size 10 on the point `[20, 40]`. Which are its first and its last row? Give
# `[first, last]`.

# %% value even_rows
even_rows = [16, 25]

# %% test even_rows
check("even_rows", even_rows)

# %% [markdown]
# This is also what *same* means in most of SciPy, but not in all of it.
#
# *Predict:* six ways to convolve (or correlate) a point in row 20 with a flat kernel of size 4. How
# many different answers?

# %% figure even_kernels
canvas, flat = np.zeros((50, 50)), np.ones((4, 4))
canvas[20, 40] = 1
for name, result in {
    "signal.convolve2d": signal.convolve2d(canvas, flat, mode="same"),
    "signal.convolve": signal.convolve(canvas, flat, mode="same"),
    "signal.fftconvolve": signal.fftconvolve(canvas, flat, mode="same"),
    "ndimage.convolve": ndimage.convolve(canvas, flat, mode="constant"),
    "signal.correlate": signal.correlate(canvas, flat, mode="same"),
    "signal.correlate2d": signal.correlate2d(canvas, flat, mode="same"),
}.items():
    lit = np.flatnonzero(result.max(axis=1) > 0.5)
    print(f"{name:>20}: rows {lit[0]} to {lit[-1]}")

# %% [markdown]
# Two answers, **one index apart**. `signal` and `ndimage` disagree about convolution, and within
# `signal` the two correlations disagree with each other. With odd sizes they all agree. So prefer
# odd kernels, and where you cannot, look before you trust the word *same*.
#
# There is a second trap. `ndimage` mirrors the image at the border unless you say
# `mode="constant"`.
#
# ### By hand: two blobs that melt
#
# Two points lie in one row, 6 pixels apart. Both become blobs with $\text{std} = 3$, from a kernel
# large enough to reach from one to the other. How bright is the image **at one of the points**, and
# how bright **half-way between them**? Give `[at a point, half-way]`, with five digits or more.
#
# *Predict* first, with your eyes closed: is there a dark valley between the two?

# %% value two_heights
two_heights = [1 + np.exp(-2), 2 * np.exp(-0.5)]

# %% test two_heights
check("two_heights", two_heights)

# %% [markdown]
# ### Your turn: `blobs`
#
# Put the pieces together: the impulses of `points` on a canvas of `shape`, convolved **once** with
# your kernel of `size` and `std`. (A mistake in one of the pieces shows here again.) Return an
# array of the canvas's shape. Once more, all rules:
#
# - outside the canvas there is nothing: blobs are cut off at the border;
# - the size is kept by the rule from above: `start` is `(size - 1) // 2`, for rows and for columns;
# - overlapping blobs add up, also above 1, and a point given twice is twice as bright;
# - the canvas need not be square, and the kernel may be larger than the canvas. There is at least
#   one point.
#
# <details><summary><b>Hint: one line, or three</b></summary>
#
# With a ready-made convolution whose *same* follows our rule (see the table above) one line is
# enough. By hand: make room for the full convolution, of
# `(height + size - 1, width + size - 1)` pixels. There the copy of a point at `[p, q]` begins at
# `[p, q]`, and nothing ever sticks out. In the end, cut the canvas out. Where does it begin, and
# how many rows has it?
# </details>


# %% solution blobs
def blobs(shape, points, size, std):
    """Paint a Gaussian blob around each point by one convolution.

    Parameters
    ----------
    shape : pair of int
        Height and width of the canvas.
    points : sequence of pairs of int
        Row and column of each point, from 0.
    size : int
        Height and width of the kernel.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    ndarray of shape (height, width)
        The blobs, added up.
    """
    ### BEGIN SOLUTION
    return signal.convolve2d(impulses(shape, points), gaussian_kernel(size, std), mode="same")
    ### END SOLUTION


# %% test blobs
check("blobs", blobs)

# %% [markdown]
# And here is your answer to the task. With $\text{std} = 5$, three `std` to each side and one in
# the middle make a size of 31.

# %% figure the_blobs
with waiting_for("impulses", "gaussian_kernel", "blobs"):
    canvases = {"two points": impulses(shape, points), "two blobs": blobs(shape, points, 31, 5)}
    display(viz.point_map(canvases, points))

# %% [markdown]
# **Is size 10 enough?** In the text of the sheet the blobs have 10 × 10 pixels, and in its
# program the `std` is 5. *Predict:* what does a blob look like whose kernel ends after one `std`?

# %% figure cut_off
with waiting_for("gaussian_kernel", "blobs"):
    middle = [(24, 24)]
    display(
        viz.show_images(
            {f"std 5, size {size}": blobs(shape, middle, size, 5) for size in (31, 19, 10)},
            width=2.5,
        )
    )
    print("At the rim of size 10 the bell is still", gaussian_kernel(10, 5)[0, 5].round(3), "high.")

# %% [markdown]
# A tile, not a blob. So the sheet's own program takes a kernel of 50 × 50. That has no middle
# either. *Predict:* which pixel of its result is the brightest?

# %% figure sheet
bell = signal.windows.gaussian(50, std=5)
canvas = np.zeros((50, 50))
canvas[20, 40] = canvas[40, 20] = 1
painted = signal.convolve2d(canvas, np.outer(bell, bell), mode="same")
brightest = np.argwhere(np.isclose(painted, painted.max()))
print("largest value:", painted.max().round(4))
print("found at:     ", brightest.tolist())

# %% [markdown]
# Each blob has *four* brightest pixels, and none of them reaches 1. The blobs are centred half a
# pixel below and to the right of the points. On a picture nobody sees that. When blobs mark the
# joints of a body or the centres of cells, half a pixel is an error that you can measure.
#
# ### When do two blobs become one?

# %% figure melting
with waiting_for("impulses", "gaussian_kernel", "blobs"):
    pairs = {
        f"{apart / 3:.0f} std apart": blobs((25, 40), [(12, 13), (12, 13 + apart)], 25, 3)
        for apart in (12, 9, 6)
    }
    display(viz.show_images(pairs, width=2.9))
    for name, image in pairs.items():
        print(f"{name}: brightest pixel {image.max():.3f}, in column {image[12].argmax()}")

# %% [markdown]
# At two `std` apart there is no valley any more. The brightest place is *half-way*, where there was
# no point at all. Your two numbers above said so: 1.21 between the points and 1.14 at them. Who
# looks for the brightest pixel now finds one point, and in the wrong place.
#
# ## 4 · Take the kernel apart
#
# A kernel of 31 × 31 has 961 numbers. But look how little one needs to know to write them all down:

# %% figure times_table
viz.column_times_row([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])

# %% [markdown]
# It is a multiplication table: **a column times a row**. Such a kernel is called *separable*.
# (These whole numbers are a well-known stand-in for a bell. They come from Pascal's triangle.)
#
# The Gaussian is separable because of one rule for powers, $e^{a + b} = e^a \, e^b$:
#
# $$ \exp\left(-\frac{u^2 + v^2}{2\,\text{std}^2}\right)
# = \exp\left(-\frac{u^2}{2\,\text{std}^2}\right) \cdot
# \exp\left(-\frac{v^2}{2\,\text{std}^2}\right) $$
#
# Each entry is a number for its row times a number for its column.
#
# **How to see it.** In a table every row is a multiple of one and the same row. So look at
# one row of the kernel that is not all 0: are the others multiples of it? (In linear algebra: is
# the rank 1?)
#
# **By hand:** which of these four are separable?
#
# $$ K_0 = \begin{bmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{bmatrix} \quad
# K_1 = \begin{bmatrix} 0 & 1 & 0 \\ 1 & -4 & 1 \\ 0 & 1 & 0 \end{bmatrix} \quad
# K_2 = \begin{bmatrix} 1 & 1 & 1 \\ 1 & 1 & 1 \\ 1 & 1 & 1 \end{bmatrix} \quad
# K_3 = \begin{bmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{bmatrix} $$
#
# Give a list of four numbers, 1 for yes and 0 for no.

# %% value separable
separable = [1, 0, 1, 0]

# %% test separable
check("separable", separable)

# %% [markdown]
# ### Two thin passes
#
# A column times a row is also a column *convolved* with a row. Convolution is associative (notebook
# 02), so
#
# $$ \text{canvas} * (\text{column} * \text{row}) = (\text{canvas} * \text{column}) * \text{row} $$
#
# *Predict:* what becomes of a point in the first pass, which knows only the column?

# %% figure passes
small = np.zeros((7, 8), int)
small[2, 2] = small[4, 5] = 1
viz.two_passes(small, column=[1, 2, 1], row=[1, 2, 1])

# %% [markdown]
# The first pass pulls each point out into an upright line. The second pulls each line out sideways.
#
# ### Your turn: `separable_blobs`
#
# Paint the same blobs by two passes in one dimension. Return **two** arrays, `down, image`, both of
# the canvas's shape:
#
# - `down`: the impulses, convolved with the bell **down the columns**;
# - `image`: `down`, convolved with the bell **along the rows**. This is what `blobs` returns.
#
# The bell has `size` entries, $\exp\left(-u^2 / (2\,\text{std}^2)\right)$ with $u$ counted from the
# centre `(size - 1) / 2`. There it would be 1. All other rules are those of `blobs`; each pass
# keeps the size with the same `start`, and the bell may be longer than a side of the canvas.
#
# <details><summary><b>Hint: two shapes, or one line at a time</b></summary>
#
# A convolution in two dimensions becomes a thin pass when its kernel is one pixel wide. Which
# shapes must the bell have for the two passes? Or go line by line with `np.convolve`. Then beware:
# `np.convolve(..., mode="same")` is as long as the *longer* of its two arguments. Ask it for
# everything, and cut yourself.
#
# Do not take the middle row of your kernel for the bell. It works for odd sizes. What is wrong with
# it for an even one?
# </details>


# %% solution separable_blobs
def separable_blobs(shape, points, size, std):
    """Paint a Gaussian blob around each point by two passes in one dimension.

    Parameters
    ----------
    shape : pair of int
        Height and width of the canvas.
    points : sequence of pairs of int
        Row and column of each point, from 0.
    size : int
        Length of the bell.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    down : ndarray of shape (height, width)
        After the pass down the columns.
    image : ndarray of shape (height, width)
        After the pass along the rows as well.
    """
    ### BEGIN SOLUTION
    offsets = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(offsets**2) / (2 * std**2))
    down = signal.convolve2d(impulses(shape, points), bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")
    ### END SOLUTION


# %% test separable_blobs
check("separable_blobs", separable_blobs)

# %% figure two_ways
with waiting_for("impulses", "gaussian_kernel", "blobs", "separable_blobs"):
    down, image = separable_blobs(shape, points, 31, 5)
    display(viz.point_map({"after the first pass": down, "after both": image}, points))
    print("largest difference to blobs:", np.abs(image - blobs(shape, points, 31, 5)).max())

# %% [markdown]
# Why are they not *exactly* equal? A computer rounds after each operation, and the two ways do
# different operations.
#
# ## 5 · What it costs
#
# **By hand:** count multiplications. The canvas has 50 × 50 pixels, and the result has as many. One
# pass with a square kernel of 31 × 31 multiplies once for each pixel of the result and each number
# of the kernel. The black pixels and those beyond the border are multiplied, too: nobody looks
# whether they are 0. Two passes multiply with a column of 31 and then with a row of 31. How many
# multiplications are that? Give `[one square pass, two thin passes]`.

# %% value multiplications
multiplications = [50 * 50 * 31 * 31, 50 * 50 * (31 + 31)]

# %% test multiplications
check("multiplications", multiplications)

# %% [markdown]
# For a kernel of size $K$ it is $K \cdot K$ against $2K$ for each pixel. So the two passes should
# be $K / 2$ times faster. *Should.* The cell measures on *your* machine, the best of a few runs,
# with the photograph that comes below.
#
# *Predict:* by what factor do the two passes win at $K = 3$? At $K = 63$? And is there anything
# faster still?


# %% figure timing
def best_milliseconds(work, *arguments):
    def call():
        work(*arguments)

    once = repeat(call, number=1, repeat=1)[0]
    return 1e3 * min([once, *repeat(call, number=1, repeat=8 if once < 0.02 else 1)])


def square_pass(image, column):
    return signal.convolve2d(image, column @ column.T, mode="same")


def thin_passes(image, column):
    return signal.convolve2d(signal.convolve2d(image, column, mode="same"), column.T, mode="same")


def thin_passes_of_ndimage(image, column):
    down = ndimage.convolve1d(image, column[:, 0], axis=0, mode="constant")
    return ndimage.convolve1d(down, column[:, 0], axis=1, mode="constant")


def through_frequencies(image, column):
    return signal.fftconvolve(image, column @ column.T, mode="same")


with waiting_for("gaussian_kernel", what="This table"):
    portrait = viz.grey_photograph()
    ways = {
        "square pass": square_pass,
        "two passes": thin_passes,
        "(ndimage)": thin_passes_of_ndimage,
        "FFT": through_frequencies,
    }
    lines = [f"{'size':>5}" + "".join(f"{name:>14}" for name in ways) + "  square / two   K / 2"]
    for size in (3, 9, 27, 63):
        column = gaussian_kernel(size, size / 6)[:, [size // 2]]
        times = [best_milliseconds(way, portrait, column) for way in ways.values()]
        row = "".join(f"{time:>11.2f} ms" for time in times)
        lines.append(f"{size:>5}{row}{times[0] / times[1]:>14.1f}{size / 2:>8.1f}")
    print(f"{portrait.shape[0]} × {portrait.shape[1]} pixels", *lines, sep="\n")

# %% [markdown]
# What to look for in your table:
#
# - For **large** kernels the two passes win clearly. But the ratio need not be $K / 2$, and may
#   even be larger: it depends on how well each loop suits the processor and its cache. The column
#   `(ndimage)` is the *same* two passes in another library. A count of multiplications tells you
#   how the cost grows, not what it is.
# - For $K = 3$ there is little to win: 6 multiplications in place of 9. The price is a second walk
#   over the whole image, and a second call. Two passes may well be *slower* here.
# - **FFT** takes a way of its own, through frequencies. It costs nearly the same for every $K$, and
#   it needs no separable kernel. Against the plain loops of `signal.convolve2d` it looks good
#   nearly everywhere. Where it overtakes the two passes, your machine decides.
#
# And now your own two functions, with two points on the canvas of the task.

# %% figure timing_yours
with waiting_for("impulses", "gaussian_kernel", "blobs", "separable_blobs", what="This table"):
    lines = [f"{'size':>5}{'blobs':>15}{'separable_blobs':>20}"]
    for size in (5, 31):
        forms = (blobs, separable_blobs)
        times = [best_milliseconds(form, shape, points, size, 5) for form in forms]
        lines.append(f"{size:>5}{times[0]:>12.2f} ms{times[1]:>17.2f} ms")
    print("\n".join(lines))

# %% [markdown]
# If you put the kernel on each point yourself, `blobs` may well be the *faster* of the two. You
# have made use of something that no convolution knows: the canvas is black nearly everywhere. Two
# points need two copies of 961 numbers, and not a single multiplication. The best algorithm is
# often the one that knows most about its input.
#
# ## 6 · A photograph is many points
#
# A photograph is a canvas, too. It has an impulse at *every* pixel, as high as the pixel is bright.
# So each pixel becomes a blob, and all blobs add up. *Predict:* what does that look like, and how
# bright does it get?

# %% figure too_bright
with waiting_for("gaussian_kernel", what="This comparison"):
    portrait = viz.grey_photograph()
    kernel = gaussian_kernel(13, 2)
    bright = signal.convolve2d(portrait, kernel, mode="same")
    print("mean of the photograph:        ", portrait.mean().round(3))
    print("mean after the convolution:    ", bright.mean().round(3))
    print("sum of all numbers of a kernel:", kernel.sum().round(3))

# %% [markdown]
# In a place of one brightness the result is that brightness times the *sum* of the kernel. To blur
# and not to brighten, divide the kernel by its sum. This is why the Gaussians of many libraries add
# up to 1, and why your own, with a peak of 1, is the right one for painting and the wrong one for
# blurring.

# %% figure blur
with waiting_for("gaussian_kernel"):
    kernel = gaussian_kernel(13, 2) / gaussian_kernel(13, 2).sum()
    blurred = {
        "photograph": portrait,
        "black outside": signal.convolve2d(portrait, kernel, mode="same"),
        "mirrored outside": signal.convolve2d(portrait, kernel, mode="same", boundary="symm"),
    }
    display(viz.show_images(blurred, width=2.6))

# %% [markdown]
# Look at the rim of the picture in the middle. There the kernel reaches into the black outside, and
# light is lost. For painting that was right. For photographs one of the other borders of notebook
# 02 is better.
#
# ## 7 · One brush
#
# Somebody wants a *small* blob ($\text{std} = 1$) at one point and a *large* one ($\text{std} = 6$)
# at another, by **one** convolution of a canvas of impulses, as in this notebook. **Why is that not
# possible? What about the blobs can you still choose for each point, and how? And how would you
# paint the picture with as few convolutions as you can?** Answer in three to six sentences. A
# person reads them.

# %% written one_brush [markdown]
# A convolution does the same everywhere: if the impulse is moved, its result moves with it and does
# not change otherwise. So an impulse at one point and an impulse at another get the same blob, the
# kernel. A kernel of its own for each place would no longer be a convolution.
#
# It is linear, so I can choose how bright a blob is: an impulse of height 0.5 gives a blob of half
# the height. I can also choose where it is.
#
# Two kernels need two convolutions: put the points of the small blobs on one canvas and those of
# the large blobs on another, convolve each with its kernel and add the two results. With $m$
# different widths it takes $m$ convolutions, however many points there are.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point** for the reason: the kernel is the same at every place (a shifted input gives a
#   shifted output; weights are shared), so every impulse gets a blob of the same shape. Half a
#   point for "there is only one kernel" without saying that it is used everywhere.
# - **Half a point** for what is left to choose: the brightness, by the height of the impulse. (The
#   place may be named as well. It is not enough alone.)
# - **Half a point** for two convolutions, one for each width, whose results are added. Other right
#   ways count, too: a wide blob from many impulses of one small kernel (a canvas that already
#   holds a bell in place of one of the points), or blurring once, adding the other points and
#   blurring again.
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# Blur a photograph with a Gaussian of `std` 3, and the result with one of `std` 4. That is the same
# as blurring once, with a Gaussian of which `std`? (Not 7. Think of variances, or try it with your
# functions.) What does it say about a stack of small kernels in place of a large one?
#
# A cone, a disc and a Gaussian all look round. Only one of the three is separable. Which one, and
# what does a blob look like that is made of two passes with a *triangle*?
#
# ## What you have now
#
# You can paint with a convolution: a canvas of impulses says where, the kernel says what. You know
# how large a Gaussian kernel must be, where its centre lies and which way an even one leans. And
# you have split a kernel in two, counted what that saves, and measured what is left of it.
#
# ## Where this comes from
#
# The exercise follows this course document. Texts, code and pictures were made anew.
#
# - EPFL, CS-233, *Theoretical Exercise 9*, April 2024, question 3: the two points, the canvas and
#   the blobs. Its program calls `scipy.signal.gaussian`, which is gone, and its kernel is of even
#   size (section 3).
#
# What became of the function: *SciPy 1.13.0 Release Notes*,
# <https://docs.scipy.org/doc/scipy/release/1.13.0-notes.html>. The portrait shows Grace Hopper. It
# comes with matplotlib. More on separable kernels: R. Szeliski, *Computer Vision: Algorithms and
# Applications*, 2nd edition, 2022, section 3.2.1, <https://szeliski.org/Book/>.
