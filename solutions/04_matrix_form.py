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
# # 04 · Convolution as a matrix
#
# A kernel that slides multiplies and adds, and nothing else. So there must be a matrix that does
# the same. This notebook finds it twice: first the *kernel* becomes a matrix, then the *image*
# does. The first shows what a convolution layer is. The second is how layers are computed. At
# the end of this notebook you can
#
# - write down the matrix of a correlation, for signals and for images;
# - say why a convolution layer can do less than a fully connected one, and why that is a good
#   bargain;
# - send a gradient back through a layer by transposing one matrix;
# - lay the windows of a batch out as rows (*im2col*) and compute a whole layer as one matrix
#   product, without a loop over pixels;
# - say when that is faster, from what you have measured yourself.
#
# **How to work here.** Plan about 90 minutes. Where it says *Predict*, write your guess down
# before you run the cell. Under every cell that you fill in stands a `check`. It tries public
# examples and says what is wrong first. For an answer by hand it sees only whether the answer is
# complete. Your points come from other inputs. A matrix by hand is a list of its rows, and each row
# a list.
#
# **House rules for all four functions.**
#
# - They **return a NumPy array** and leave their inputs as they are.
# - Do not call `np.convolve`, `np.correlate`, or anything of `scipy` or `convkit` in them. They
#   would do the exercise for you, and a function that calls them gets no points. Your own earlier
#   functions are welcome, and so is the rest of NumPy.
# - Loops are fine, except in the last function. There is one more rule, and it stands there.
# - As in all deep learning, nothing is flipped: "convolution layer" means correlation.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
import sys
from collections import Counter
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import conv2d as convkit_conv2d
from convkit import viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · The kernel becomes a matrix
#
# A kernel slides along the signal at the top. Each place where it stops is one row of the matrix
# below. Press play and watch the two orange frames: they always stand over each other.

# %% figure rows_of_a_matrix
viz.toeplitz_rows(x=[2, 0, 3, 1, 4], w=[1, -2, 1], padding=1)

# %% [markdown]
# A row holds the kernel where the window stands, and zeros where it does not look. Multiply the
# matrix by the signal, and every row does what one window does:
#
# $$ y[i] = \sum_{j} T[i, j] \; x[j] = \sum_{a=0}^{k-1} w[a] \; x[i + a],
# \qquad\text{so}\qquad T[i, \, i + a] = w[a], \quad\text{and 0 elsewhere} $$
#
# From row to row everything moves one column to the right. So each diagonal holds one number
# again and again. Such a matrix is called a **Toeplitz matrix**.
#
# ### By hand: a padded signal
#
# A signal $x = (x_1, x_2, x_3, x_4)$ gets one zero at each end:
# $\bar{x} = (0, x_1, x_2, x_3, x_4, 0)$. The kernel is $w = [3, -1, 2]$. Which matrix of 4 rows
# and 6 columns turns $\bar{x}$ into its correlation with $w$?
#
# The first output is $3 \cdot 0 - 1 \cdot x_1 + 2 \cdot x_2$. This gives the first row.

# %% value padded_matrix
padded_matrix = [
    [3, -1, 2, 0, 0, 0],
    [0, 3, -1, 2, 0, 0],
    [0, 0, 3, -1, 2, 0],
    [0, 0, 0, 3, -1, 2],
]

# %% test padded_matrix
check("padded_matrix", padded_matrix)

# %% [markdown]
# (The course document where this exercise comes from calls the operation a convolution and writes
# it $\bar{x} * w$. Its matrix holds $w_1, w_2, w_3$ in this order, so it is a correlation. For a
# true convolution each row would hold $w_3, w_2, w_1$.)
#
# ### By hand: the padding moves into the matrix
#
# The first column of your matrix only ever meets the first zero of $\bar{x}$. Which other column
# meets nothing but a zero? Leave both out. What remains is a matrix of 4 rows and 4 columns that
# takes $x$ itself and gives the same four numbers.

# %% value unpadded_matrix
unpadded_matrix = [[-1, 2, 0, 0], [3, -1, 2, 0], [0, 3, -1, 2], [0, 0, 3, -1]]

# %% test unpadded_matrix
check("unpadded_matrix", unpadded_matrix)

# %% [markdown]
# Two matrices, one correlation? The cell tries both on the same signal.

# %% figure two_matrices
with waiting_for("padded_matrix", "unpadded_matrix", what="This comparison"):
    x = np.array([5, 1, -2, 4])
    print("4 × 6 matrix, padded signal:", np.array(padded_matrix) @ np.pad(x, 1))
    print("4 × 4 matrix, signal as is: ", np.array(unpadded_matrix) @ x)

# %% [markdown]
# ### Your turn: `toeplitz_matrix`
#
# `w` has the shape `(k,)`, and `n` is the length of the signal, at least `k`. Return the matrix
# $T$ of shape `(n - k + 1, n)` with
#
# $$ T[i, \, i + a] = w[a] \quad\text{for } 0 \le i \le n - k, \; 0 \le a < k,
# \qquad\text{and 0 elsewhere.} $$
#
# There is no padding and no stride. `w` may hold whole numbers or fractions. (The formula for the
# number of rows is the length of the output. One document prints it as $n - k - 1$. Count the
# windows of a kernel of 3 on a signal of 5, and you know better.)
#
# <details><summary><b>Hint: what does one row need?</b></summary>
#
# Start with a matrix of zeros that has the right shape. Row $i$ then needs $k$ numbers, and they
# stand next to each other. In which column does the first of them stand, and in which the last?
# And which dtype does your matrix have: can it hold 0.5?
# </details>


# %% solution toeplitz_matrix
def toeplitz_matrix(w, n):
    """Write the correlation with a kernel as a matrix.

    Parameters
    ----------
    w : ndarray of shape (k,)
        The kernel. It is not flipped.
    n : int
        Length of the signals that the matrix is for; at least k.

    Returns
    -------
    ndarray of shape (n - k + 1, n)
        The matrix whose product with a signal is the correlation, stride 1, no padding.
    """
    ### BEGIN SOLUTION
    k = len(w)
    T = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        T[i, i : i + k] = w
    return T
    ### END SOLUTION


# %% test toeplitz_matrix
check("toeplitz_matrix", toeplitz_matrix)

# %% [markdown]
# ## 2 · What one sees in the matrix
#
# A *fully connected* layer is any matrix: each output looks at each input, with a weight of its
# own. A convolution layer makes two restrictions.
#
# 1. **Local:** an output looks at its neighbourhood only. The rest of its row is 0.
# 2. **Shared:** every output uses the *same* weights.
#
# *Predict:* for 24 inputs, 20 outputs and a kernel of 5, how many weights can be learned with no
# restriction, with the first, and with both? Write three numbers down.

# %% figure three_layers
with waiting_for("toeplitz_matrix"):
    full = np.random.default_rng(0).normal(size=(20, 24))
    local = full * toeplitz_matrix(np.ones(5), 24)
    shared = toeplitz_matrix(np.array([1.5, -0.8, 2.4, -2.0, 0.9]), 24)
    pictures = {"fully connected": full, "local": local, "local and shared": shared}
    display(viz.show_images(pictures, signed=[*pictures], width=2.7))
    for name, matrix in pictures.items():
        print(f"{name:>17}: {len(np.unique(matrix[matrix != 0])):>4} weights to learn")

# %% [markdown]
# White is 0. Mostly zeros: the matrix is **sparse**. Stripes: the same five numbers in every row,
# which is called **weight sharing**. Every convolution layer is also a fully connected layer with
# a very special matrix. The reverse is not true.
#
# ## 3 · Images: blocks of blocks
#
# A matrix multiplies vectors, so the image must become one. Read it like a text: row by row.
# That is what `x.ravel()` does, and pixel `[i, j]` of an image that is $W$ wide lands at
# $i \cdot W + j$. The output is read in the same way.
#
# Below is the matrix for a 2 × 2 kernel on an image of 3 rows and 4 columns. Each row of the
# kernel has its own tint. Look at one block between the thick lines. Have you seen it before?

# %% figure blocks
viz.doubly_blocked(k=[[1, 2], [3, 4]], input_shape=(3, 4))

# %% [markdown]
# Every block is the Toeplitz matrix of one *row* of the kernel. And the blocks themselves stand as
# the numbers in a Toeplitz matrix do: from one row of blocks to the next, all moves one block to
# the right. That is why it is called **doubly blocked Toeplitz**.
#
# *Predict, from the picture:* in the first row of the matrix the kernel is `1 2 0 0 3 4`. Why are
# there two zeros between 2 and 3? And why is there no row `0 0 0 1 2 0 0 3 4 …`, which would
# continue the pattern of the first three?
#
# <details><summary><b>Answer</b></summary>
#
# Under the pixel above lies the pixel one whole image row further on: 4 numbers later, and two of
# them are taken. The missing row would be a window that begins in the last column. It would stick
# out of the image on the right and go on in the next row on the left. There is no such window.
# </details>
#
# ### Your turn: `conv_matrix2d`
#
# `k` has the shape `(kh, kw)`, and `input_shape` is the pair `(H, W)`, no smaller than the kernel.
# With `H_out = H - kh + 1` and `W_out = W - kw + 1`, return the matrix $M$ of shape
# `(H_out * W_out, H * W)` for which `M @ x.ravel()` is the correlation of every image `x` with
# `k`, as a vector, stride 1, no padding:
#
# $$ M[\, r \cdot W_{out} + c, \;\; (r + a) \cdot W + (c + b) \,] = k[a, b],
# \qquad\text{and 0 elsewhere.} $$
#
# Images are read row by row, the input as well as the output. `k` may hold whole numbers or
# fractions. The image is not square, as a rule.
#
# <details><summary><b>Hint: a row is an image</b></summary>
#
# A row of $M$ has $H \cdot W$ numbers, as many as an image. Fold one back into the shape $(H, W)$,
# and what you see is an empty image with the kernel lying on it. Where does its corner lie in row
# 0, in row 1, in row $W_{out}$? Making the picture first and flattening it afterwards saves you
# all index arithmetic.
# </details>


# %% solution conv_matrix2d
def conv_matrix2d(k, input_shape):
    """Write the correlation of images with a kernel as a matrix.

    Parameters
    ----------
    k : ndarray of shape (kh, kw)
        The kernel. It is not flipped.
    input_shape : (int, int)
        Height and width of the images that the matrix is for.

    Returns
    -------
    ndarray of shape (H_out * W_out, H * W)
        The matrix whose product with an image, read row by row, is the correlation, read row by
        row.
    """
    ### BEGIN SOLUTION
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k
            rows.append(image.ravel())
    return np.array(rows)
    ### END SOLUTION


# %% test conv_matrix2d
check("conv_matrix2d", conv_matrix2d)

# %% [markdown]
# Now fold three rows of *your* matrix back into images of 4 × 5 pixels. *Predict* where the
# kernel lies in row 5. (Zeros are left empty.)

# %% figure rows_as_images
with waiting_for("conv_matrix2d"):
    M = conv_matrix2d(np.array([[1, 2, 3], [4, 5, 6]]), (4, 5))
    folded = {i: M[i].reshape(4, 5) for i in (0, 1, 5)}
    panels = [
        viz.Panel(image, f"row {i}", role="kernel", hidden=image == 0)
        for i, image in folded.items()
    ]
    display(viz.grid_rows(panels, cell=0.42))

# %% [markdown]
# ### By hand: what sharing saves
#
# A grey image of 28 × 28 pixels and one 5 × 5 kernel, stride 1, no padding, no bias. Think of its
# matrix $M$ and count:
#
# 1. all its entries (so many weights a fully connected layer of these sizes has);
# 2. the entries that hold a number of the kernel;
# 3. the numbers that can be learned.
#
# Give `[entries, of the kernel, learned]`.

# %% value matrix_counts
matrix_counts = [451_584, 14_400, 25]

# %% test matrix_counts
check("matrix_counts", matrix_counts)

# %% [markdown]
# ### In your own words
#
# **Why is a convolution layer less expressive than a fully connected layer of the same sizes?
# Give one function from images to images that the second can compute and the first cannot. And
# why do we take the weaker layer for images?** Answer in four to eight sentences. A person reads
# them.

# %% written less_expressive [markdown]
# A fully connected layer can be any matrix. The matrices of convolution layers are a small part of
# them: all entries outside the diagonals of the kernel must be 0, and on each diagonal all must be
# equal. So whatever a convolution layer computes, a fully connected one can compute too, with the
# matrix $M$ as its weights. The reverse fails. One example: turning the image upside down. There
# every output looks at a pixel far away, and each output at a different distance. Another example:
# brightening the left half only, which is local but needs different weights at different places.
#
# For images the restriction costs little and saves much. What belongs together in an image is
# mostly close together, and an edge or an eye looks the same wherever it is. So the weights that
# are missing would have been near 0 or equal anyway. With 25 weights in place of 451,584 there is
# far less to learn, so fewer examples are enough, and what was learned at one place holds at all.
#
# ### BEGIN MARK SCHEME
# 3 points.
#
# - **1 point**: a convolution layer is a fully connected layer with a special matrix (zeros outside
#   the window, the same weights in each row), so its functions are a proper subset. "It has fewer
#   parameters" alone earns half a point: fewer parameters need not mean fewer functions.
# - **1 point** for an example that is linear and really out of reach: turn, mirror or transpose the
#   image, swap two distant pixels, treat one region differently, add all pixels into one output
#   (with a kernel smaller than the image). No point for what a kernel can do (blur, move by one
#   pixel) or for what neither layer can do (a maximum, a product of two pixels).
# - **1 point** for why: neighbouring pixels belong together (locality), and the same feature occurs
#   everywhere (stationarity, translation equivariance), so fewer weights do, and they need less
#   data. Either property is enough, if it is named as the reason.
# ### END MARK SCHEME

# %% [markdown]
# ## 4 · The matrix, turned round
#
# Training needs a way back. Given how the loss $L$ changes with each output, how does it change
# with each pixel? For a matrix this is one line of calculus. Pixel $j$ reaches output $i$ with the
# weight $M[i, j]$, so
#
# $$ y = M x \qquad\Longrightarrow\qquad
# \frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial y_i} \, M[i, j],
# \qquad\text{that is}\qquad
# \frac{\partial L}{\partial x} = M^{T} \, \frac{\partial L}{\partial y} $$
#
# What does $M^T$ do in the image? Its columns are the rows of $M$, and these are images with the
# kernel lying on them. So each entry of the upstream gradient **stamps the kernel**, times itself,
# at the place where its window was. Where stamps overlap, they add up.

# %% figure stamps
viz.kernel_stamps(dy=[[1, 2], [-1, 3]], k=[[1, 0, 2], [0, 1, 0]])

# %% [markdown]
# ### By hand: send a gradient back
#
# An image of 3 rows and 4 columns was correlated with the kernel, and the gradient of the loss
# with respect to the output is
#
# $$ k = \begin{bmatrix} 1 & 3 \\ 2 & -1 \end{bmatrix} \qquad
# \frac{\partial L}{\partial y} = \begin{bmatrix} 1 & 0 & -1 \\ 0 & 2 & 0 \end{bmatrix} $$
#
# What is the gradient with respect to the image, as 3 rows of 4 numbers? (Three stamps. The
# matrix $M$ would have 72 entries: you need not write it down.)

# %% value gradient_of_pixels
gradient_of_pixels = [[1, 3, -1, -3], [2, 1, 4, 1], [0, 4, -2, 0]]

# %% test gradient_of_pixels
check("gradient_of_pixels", gradient_of_pixels)

# %% [markdown]
# Now let your matrix do it. And one more question. *Predict:* an image goes forward with $M$, and
# its output goes back with $M^T$. Is that the image again?

# %% figure backwards
with waiting_for("conv_matrix2d", "gradient_of_pixels"):
    k = np.array([[1, 3], [2, -1]])
    dy = np.array([[1, 0, -1], [0, 2, 0]])
    M = conv_matrix2d(k, (3, 4))
    back = (M.T @ dy.ravel()).reshape(3, 4)
    by_hand = viz.Panel(np.array(gradient_of_pixels), "by hand", role="gradient")
    display(viz.grid_rows([viz.Panel(back, "transposed matrix", role="gradient"), by_hand]))
    x = np.arange(12).reshape(3, 4)
    y = M @ x.ravel()
    panels = [
        viz.Panel(x, "image"),
        viz.Panel(y.reshape(2, 3), "forward", role="output", before="→"),
        viz.Panel((M.T @ y).reshape(3, 4), "and back", role="gradient", before="→"),
    ]
    display(viz.grid_rows(panels))

# %% [markdown]
# It is not. A transpose is not an inverse. (Six numbers could not hold twelve anyway.) Layers that
# compute $M^T y$ on purpose, to make small images larger, are called **transposed convolution**.
# They are also called "deconvolution", and that promises too much.
#
# *Predict:* such a layer with stride 2 gets nine ones and a 3 × 3 kernel of ones. Does an even
# surface come out? (In the picture, what goes in still has the name "gradient".)

# %% figure checkerboard
viz.kernel_stamps(dy=np.ones((3, 3)), k=np.ones((3, 3)), stride=2).frame(-1)

# %% [markdown]
# No: where two stamps overlap there stands 2, where four do, 4. Networks that paint pictures with
# such layers leave faint checkerboards in them, if the size of the kernel is not a multiple of the
# stride.
#
# One more thing about $M^T$: stamping a kernel at every entry of an array is the *full, true
# convolution* of notebook 02. Forward correlates, backward convolves. Notebook 06 makes use of it.
#
# ## 5 · The image becomes a matrix
#
# The matrix $M$ is good for thinking. For computing it is poor. You have counted how few of its
# entries are not 0: nearly every multiplication would be by 0.
#
# So turn it round: leave the kernel a short vector, and let the *image* become a matrix. Each
# window is copied into one row. This is **im2col**.

# %% figure windows_as_rows
image = np.stack([np.arange(1, 13), 10 * np.arange(1, 13)], axis=-1).reshape(3, 4, 2)
viz.im2col_rows(image, kernel=2)

# %% [markdown]
# The labels tell what stands where. On the left is the place of the window, `[i, j]`. At the top
# is the place in the window: row, column, channel.
#
# The order matters, because the kernel must be flattened in the same one:
#
# - **Rows:** all windows of the first image, then all of the second. Within an image the window
#   first moves right, then down. Window `[i, j]` of image `n` is row `(n * H_out + i) * W_out + j`.
# - **Columns:** channels come fastest, then columns, then rows of the window. Row `a`, column `c`,
#   channel `m` of the window is column `(a * kw + c) * C + m`.
#
# (*im2col* means "image to columns". In MATLAB and in Caffe, which made the name known, each window
# is a column, and in Caffe the channels come slowest. With channels last, as here, rows are
# natural. In other people's code, look first which it is.)
#
# ### By hand: one window
#
# An image has 3 rows, 3 columns and two channels:
#
# $$ \text{channel 0: } \begin{bmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{bmatrix} \qquad
# \text{channel 1: } \begin{bmatrix} 10 & 20 & 30 \\ 40 & 50 & 60 \\ 70 & 80 & 90 \end{bmatrix} $$
#
# Windows are 2 × 2, stride 1, no padding. What is the *last* row of its im2col matrix? Eight
# numbers, in their order.

# %% value window_as_row
window_as_row = [5, 50, 6, 60, 8, 80, 9, 90]

# %% test window_as_row
check("window_as_row", window_as_row)

# %% [markdown]
# ### By hand: how large does it get?
#
# A batch of 2 images, each 7 rows by 9 columns with 3 channels. Windows are 3 × 3, stride 2, with
# one ring of zeros. How many rows and columns has the matrix? Give `[rows, columns]`.

# %% value columns_shape
columns_shape = [40, 27]

# %% test columns_shape
check("columns_shape", columns_shape)

# %% [markdown]
# ### Your turn: `im2col`
#
# `x` has the shape `(N, H, W, C)`. `kernel` is a whole number `k` for windows of `k` × `k`, or a
# pair `(kh, kw)`; both are asked for. `stride` (at least 1) and `padding` (at least 0) are whole
# numbers and count for both directions. Only height and width are padded, with zeros. Windows that
# do not fit are left out:
#
# $$ H_{out} = \left\lfloor \frac{H + 2p - k_h}{s} \right\rfloor + 1, \qquad
# W_{out} = \left\lfloor \frac{W + 2p - k_w}{s} \right\rfloor + 1 $$
#
# Return a matrix of shape `(N * H_out * W_out, kh * kw * C)`, rows and columns in the order above:
#
# $$ \text{matrix}[\, (n H_{out} + i) W_{out} + j, \;\; (a k_w + c) C + m \,] =
# \text{padded}[\, n, \; i \cdot s + a, \; j \cdot s + c, \; m \,] $$
#
# Loops are fine here. `x` may hold whole numbers or fractions, and the matrix holds the same.
#
# <details><summary><b>Hint: one window at a time</b></summary>
#
# At one place of one image the window has the shape `(kh, kw, C)`. Flattened by `ravel` it has
# `kh * kw * C` numbers. In which order do they come? (NumPy changes the last axis fastest.) Then
# only the order of your loops is left to decide: which of image, row and column is the outermost?
# </details>
#
# <details><summary><b>Hint: a number or a pair</b></summary>
#
# `isinstance(kernel, int)` tells them apart. Do it once, in the first line, and have two names,
# `kh` and `kw`, from then on.
# </details>


# %% solution im2col
def im2col(x, kernel, stride=1, padding=0):
    """Copy every window of a batch of images into one row of a matrix.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        The images.
    kernel : int or (int, int)
        Height and width of a window.
    stride : int
        Distance between two windows, in both directions.
    padding : int
        Rows and columns of zeros on each side.

    Returns
    -------
    ndarray of shape (N * H_out * W_out, kh * kw * C)
        One window a row; channels fastest, then columns, then rows of the window.
    """
    ### BEGIN SOLUTION
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    images, height, width, channels = padded.shape
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    # One tap of all windows at a time.
    windows = np.empty((images, rows, columns, kh, kw, channels), dtype=x.dtype)
    for a in range(kh):
        for c in range(kw):
            down = slice(a, a + (rows - 1) * stride + 1, stride)
            along = slice(c, c + (columns - 1) * stride + 1, stride)
            windows[:, :, :, a, c, :] = padded[:, down, along, :]
    return windows.reshape(images * rows * columns, kh * kw * channels)
    ### END SOLUTION


# %% test im2col
check("im2col", im2col)

# %% [markdown]
# ## 6 · One product
#
# Now the kernels. Each filter, flattened in the same order, becomes one **column**. Then one
# matrix product lets every window meet every filter:

# %% figure one_product
with waiting_for("im2col"):
    rng = np.random.default_rng(2)
    x, w = rng.integers(0, 5, (1, 3, 4, 2)), rng.integers(-2, 3, (2, 2, 2, 3))
    patches, kernels = im2col(x, 2), w.reshape(-1, 3)
    product = [
        viz.Panel(patches, "windows as rows"),
        viz.Panel(kernels, "filters\nas columns", role="kernel", before="·"),
        viz.Panel(patches @ kernels, "feature maps\nas columns", role="output", before="="),
    ]
    display(viz.grid_rows(product, cell=0.42))

# %% [markdown]
# *Predict:* the windows have 8 numbers each, there are 6 windows and 3 filters. How many numbers
# does the product hold, and what do the 6 rows mean? Which shape must it get to be a batch of
# feature maps again?
#
# ### Your turn: `conv2d_im2col`
#
# The whole layer, as in notebook 02:
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
# `x` may hold whole numbers while `w` and `b` hold fractions. The answer keeps its fractions.
#
# **The extra rule: no Python loop over the rows or the columns of the image.** When the image
# grows, no line of your code may run more often. This is counted when your work is marked,
# however a loop is written: comprehensions, `map`, `np.vectorize` and `np.apply_along_axis` are
# loops. You may loop over the taps of the kernel, over images, channels and filters. `np.einsum`
# and `np.tensordot` are not allowed in this function: they would lay out the windows and multiply
# in one call, and that is what you are to see. A function that breaks these rules gets no points,
# even if its numbers are right. `check` knows nothing of them. The cell after it counts for you.
#
# You may call your `im2col`, but what it does counts as well. If it loops over windows, go back
# and write it in another way. It must give the same matrix.
#
# <details><summary><b>Hint: turn the loops inside out</b></summary>
#
# A loop over windows takes *all taps of one window* at each step. Take *one tap of all windows*
# instead: there are only `kh * kw` steps, however large the image is. Which pixels does tap
# `[0, 0]` meet, over all windows? The padded image from its corner on, every `stride`-th row and
# column, `H_out` by `W_out` of them. And tap `[a, c]`? Where in an array of shape
# `(N, H_out, W_out, kh, kw, C)` do these pixels belong? Its last step is a `reshape`.
# </details>
#
# <details><summary><b>Hint: shapes of the product</b></summary>
#
# $(N H_{out} W_{out}, \; k_h k_w C_{in}) \cdot (k_h k_w C_{in}, \; C_{out})$ is
# $(N H_{out} W_{out}, \; C_{out})$. The filters are the last axis of `w` already, and the last
# axis of what you return. So neither `w` nor the product needs a transpose, only new shapes.
# </details>


# %% solution conv2d_im2col
def conv2d_im2col(x, w, b, stride=1, padding=0):
    """Apply a convolution layer to a batch of images, as one matrix product.

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
    kh, kw, _, filters = w.shape
    rows = (x.shape[1] + 2 * padding - kh) // stride + 1
    columns = (x.shape[2] + 2 * padding - kw) // stride + 1
    # (N * H_out * W_out, kh * kw * C_in) @ (kh * kw * C_in, C_out)
    y = im2col(x, (kh, kw), stride, padding) @ w.reshape(-1, filters) + b
    return y.reshape(len(x), rows, columns, filters)
    ### END SOLUTION


# %% test conv2d_im2col
check("conv2d_im2col", conv2d_im2col)

# %% [markdown]
# How often does the busiest line run, for images of three sizes? The three numbers must be equal.


# %% figure busiest_line
def runs_of_busiest_line(function, *arguments):
    runs, previous = Counter(), sys.gettrace()

    def watch(frame, event, _):
        runs[frame.f_code, frame.f_lineno] += event == "line"
        return watch

    sys.settrace(watch)
    try:
        function(*arguments)
    finally:
        sys.settrace(previous)
    return max(runs.values())


with waiting_for("conv2d_im2col", what="This count"):
    for size in [(8, 9), (24, 9), (8, 27)]:
        layer = np.ones((2, *size, 3)), np.ones((2, 3, 3, 4)), np.ones(4)
        print(f"image {size!s:>7}: {runs_of_busiest_line(conv2d_im2col, *layer)} times")

# %% [markdown]
# Two filters on a photograph, with one product: Sobel's kernel and its transpose.

# %% figure photograph
with waiting_for("conv2d_im2col"):
    portrait = viz.grey_photograph()
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    filters = np.stack([sobel, sobel.T], axis=-1)[:, :, None, :]
    maps = conv2d_im2col(portrait[None, :, :, None], filters, np.zeros(2))
    rows, columns = maps.shape[1:3]
    weights = filters.reshape(-1, filters.shape[-1])
    print(f"({rows * columns}, {len(weights)}) @ {weights.shape}")
    edges = {"right − left": maps[0, ..., 0], "below − above": maps[0, ..., 1]}
    display(viz.show_images({"photograph": portrait, **edges}, signed=[*edges], width=2.6))

# %% [markdown]
# ## 7 · How fast is it, honestly?
#
# One of the course documents says that the matrix form "will often be much faster". Let us see.
# Four ways to compute the same layer:
#
# - **loop**: a Python loop over the windows, a small product for each;
# - **yours**: `conv2d_im2col`;
# - **M**: `M @ x.ravel()` with your `conv_matrix2d`. Building $M$ is not counted. (It is for one
#   channel and one filter, so there is no number in the other lines);
# - **convkit**: the library's own.
#
# Times are in milliseconds, the best of a few runs. The last three columns are the memory, in
# kilobytes, of the images, of their im2col matrix, and of $M$.
#
# *Predict:* is the loop ever the fastest? By which factor does im2col make a batch larger? And what
# happens to $M$ when the image grows from 28 × 28 to 48 × 48?


# %% figure timing
def window_loop(x, w, b):
    kh, kw = w.shape[:2]
    y = np.empty((len(x), x.shape[1] - kh + 1, x.shape[2] - kw + 1, len(b)))
    kernels = w.reshape(-1, len(b))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            y[:, i, j] = x[:, i : i + kh, j : j + kw].reshape(len(x), -1) @ kernels + b
    return y


def best_milliseconds(compute):
    once = repeat(compute, number=1, repeat=1)[0]
    return 1e3 * min([once, *repeat(compute, number=1, repeat=20 if once < 0.02 else 2)])


def measure(images, filters):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=images), rng.normal(size=filters), np.zeros(filters[-1])
    milliseconds = {
        "loop": best_milliseconds(lambda: window_loop(x, w, b)),
        "yours": best_milliseconds(lambda: conv2d_im2col(x, w, b)),
        "convkit": best_milliseconds(lambda: convkit_conv2d(x, w, b)),
    }
    kilobytes = {"images": x.nbytes / 1e3, "im2col": im2col(x, filters[:2]).nbytes / 1e3}
    if x.size == images[1] * images[2] and w.size == filters[0] * filters[1]:
        M, pixels = conv_matrix2d(w[:, :, 0, 0], images[1:3]), x.ravel()
        milliseconds["M"] = best_milliseconds(lambda: M @ pixels)
        kilobytes["M"] = M.nbytes / 1e3
    return milliseconds, kilobytes


METHODS, MEMORY = ("loop", "yours", "M", "convkit"), ("images", "im2col", "M")


def row_of_table(images, filters):
    milliseconds, kilobytes = measure(images, filters)
    times = [f"{milliseconds[n]:8.3f}" if n in milliseconds else "       –" for n in METHODS]
    sizes = [f"{kilobytes[n]:9,.1f}" if n in kilobytes else "        –" for n in MEMORY]
    layer = "".join(f"{'×'.join(map(str, shape)):>10}" for shape in (images, filters))
    return f"{layer} |{''.join(times)} |{''.join(sizes)}"


with waiting_for("conv_matrix2d", "im2col", "conv2d_im2col", what="This table"):
    times = "".join(f"{name:>8}" for name in METHODS)
    sizes = "".join(f"{name:>9}" for name in MEMORY)
    lines = [
        f"{'':20} |{'milliseconds':^32} |{'kilobytes':^27}",
        f"{'images':>10}{'filters':>10} |{times} |{sizes}",
    ]
    for images, filters in [
        ((1, 4, 4, 1), (3, 3, 1, 1)),
        ((1, 28, 28, 1), (5, 5, 1, 1)),
        ((1, 48, 48, 1), (5, 5, 1, 1)),
        ((4, 32, 32, 3), (3, 3, 3, 16)),
        ((2, 14, 14, 64), (3, 3, 64, 32)),
        ((2, 14, 14, 64), (1, 1, 64, 32)),
    ]:
        lines.append(row_of_table(images, filters))
    print("\n".join(lines))

# %% [markdown]
# Read your own table. Then see whether you agree:
#
# - The loop pays a fixed price for each window, in Python. Four windows: nothing to save, and
#   im2col has more to prepare. Many windows with little work in each: the product wins by a wide
#   margin. Many channels: each step of the loop is a large product itself, and the margin shrinks.
# - $M$ is one product with nothing to prepare, if somebody has built it. As long as it is small,
#   that is hard to beat. But it has $H_{out} W_{out} \cdot H W$ entries. From 28 × 28 to 48 × 48
#   the image becomes 3 times as large and $M$ 10 times, in memory and in work, and nearly all of
#   that work is multiplying by 0. "Matrix products are fast" is only half of an argument.
# - im2col copies. Every pixel inside the image stands in the matrix up to $k_h k_w$ times, at
#   stride 1. For a 1 × 1 kernel there is nothing to copy: the layer *is* a matrix product.
# - convkit does the same product as you, but lays out a part of the windows at a time, in memory
#   that it uses again. That pays on large layers. On tiny ones, checking the arguments costs more
#   than the layer.
#
# So: often faster, because a good matrix product is one of the best-tuned programs that exist, and
# always with more memory. Libraries choose between several ways, layer by layer.
#
# ## To think about
#
# You have seen two matrices for one layer, $M$ and im2col. In which of them does a *bigger batch*
# make the matrix larger? In which does a *bigger kernel*? And what would im2col's transpose do to
# a gradient: to which pixel does each entry of the matrix go back, and what happens to a pixel
# that was copied nine times? (You know the answer already, from the stamps.)
#
# ## What you have now
#
# You can write a convolution as a matrix, and read locality, weight sharing and the backward pass
# off it. You can compute a layer with one product and know what it costs. Notebook 06 uses the
# way back.
#
# ## Where this comes from
#
# The exercises by hand and the questions follow these course documents. Texts, code and pictures
# were made anew.
#
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*:
#   the matrix of a padded 1-D convolution, sparsity, weight reuse, expressiveness.
# - Georgia Tech, CS 4644-DL / 7643-A Deep Learning, the lecture *Convolutional Neural Networks*:
#   from full to local to shared weights; windows as rows, kernels as columns. It follows P. Warden,
#   *Why GEMM is at the heart of deep learning*, 2015,
#   <https://petewarden.com/2015/04/20/why-gemm-is-at-the-heart-of-deep-learning/>.
#
# Further reading: K. Chellapilla, S. Puri and P. Simard, *High Performance Convolutional Neural
# Networks for Document Processing*, 2006, an early account of layers as matrix products.
# V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016,
# <https://arxiv.org/abs/1603.07285>, on transposed convolution. A. Odena, V. Dumoulin and C. Olah,
# *Deconvolution and Checkerboard Artifacts*, Distill, 2016,
# <https://distill.pub/2016/deconv-checkerboard/>.
