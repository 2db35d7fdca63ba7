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
# # 07 · Batch normalization
#
# One layer hands its numbers to the next. Some of its channels are large, some small, some far from
# zero, and all of them change while the network learns. Batch normalization puts each channel back
# to mean 0 and spread 1, again and again, and lets the network choose what it wants instead. At the
# end of this notebook you can
#
# - say which numbers of a batch share a mean, for vectors and for images;
# - normalize a small batch by hand, forwards and backwards;
# - write both forward passes, and both backward passes, and check them against differences;
# - keep running values in training, and say why evaluation needs them;
# - name the two variances that batch normalization uses, and which goes where.
#
# **How to work here.** Plan about 75 minutes. Where it says *Predict*, write your guess down
# before you run the cell. Under every cell that you fill in stands a `check`. It tries public
# examples and says what is wrong first. Your points come from other inputs, so do not fit your code
# to the examples.
#
# **House rules for all five functions.**
#
# - They **return NumPy arrays** and leave their inputs as they are.
# - Loops are fine. Nobody asks for speed or for error handling.
# - Do not call `convkit`, `torch` or `scipy.stats.zscore` in them. They would do the exercise for
#   you, and a function that calls them gets no points (`check` does not look for them). `np.mean`,
#   `np.var` and the rest of NumPy are welcome, and so are your own earlier functions.
# - Batches hold floats, unless it says otherwise.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import check_gradient, conv2d, load_digits, numerical_gradient, viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · Four channels that do not match
#
# Four hand-made filters run over 8 × 8 pictures of digits: one adds up its window, two look for
# edges, one for spots. Their feature maps have the shape `(N, 6, 6, 4)`.
#
# *Predict:* which channel is far from zero? Which has the widest spread?

# %% figure four_channels
digits = load_digits().split()[0].images[:400, :, :, None]
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
spot = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
filters = np.stack([np.ones((3, 3)), sobel, sobel.T, spot], axis=-1)[:, :, None, :]
maps = conv2d(digits, filters)
centred_maps = maps - maps.mean(axis=(0, 1, 2))
viz.feature_distributions(maps, centred_maps / maps.std(axis=(0, 1, 2)))

# %% [markdown]
# On the left, what the filters give. On the right, what the next layer would like: every channel
# around 0, with a spread of 1. Then no channel drowns the others, and one step size suits them all.
#
# How does it get there? Five steps, on a batch of five vectors with two features. The black line is
# the mean, the bar below reaches one standard deviation to each side. Press play, then go through
# it with the slider.

# %% figure steps
viz.normalization_steps(
    x=[[-1, 14], [0, 8], [3, 10], [6, 16], [7, 12]], gamma=[0.5, 2], beta=[2, 6]
)

# %% [markdown]
# The last two steps look odd: why take the scale away and put another one on? Because the new one
# belongs to the network. $\gamma$ and $\beta$ are **learned**, one of each for every feature.
#
# ## 2 · Vectors
#
# A batch `x` of shape `(N, D)`: a row is a vector, a column is a feature. All numbers of one colour
# share one mean and one variance.

# %% figure shared_vectors
viz.shared_statistics([[1, 30], [1, 10], [5, 10], [5, 30]])

# %% [markdown]
# For one column $x_1, \dots, x_N$:
#
# $$ \mu = \frac{1}{N} \sum_i x_i, \qquad
# v = \frac{1}{N} \sum_i (x_i - \mu)^2, \qquad
# z_i = \frac{x_i - \mu}{\sqrt{v + \varepsilon}}, \qquad
# y_i = \gamma \, z_i + \beta $$
#
# **One column together.** The first one above is $1, 1, 5, 5$. Its mean is
# $\frac{1 + 1 + 5 + 5}{4} = 3$. The distances from it are $-2, -2, 2, 2$, their squares all 4, so
# $v = 4$. Its root is 2, and $z = -1, -1, 1, 1$.
#
# Three details, and each costs somebody an evening:
#
# - The sum of squares is divided by $N$, not by $N - 1$. This is the **biased** variance. It is
#   what `np.var` gives. (The other one comes in section 6.)
# - $\varepsilon$ is a tiny number that stands **under the root**, beside the variance. It saves
#   you from dividing by zero when a feature is the same in all vectors. Where a feature hardly
#   varies, $\sqrt{v + \varepsilon}$ and $\sqrt{v} + \varepsilon$ are far apart. Here $\varepsilon
#   = 10^{-8}$ unless the caller says otherwise; torch takes $10^{-5}$.
# - The course document that this follows writes a batch as `(B, N)`, with `N` for the number of
#   *features*. In this notebook `N` always counts vectors or images.
#
# ### By hand: a batch of five
#
# $$ X = \begin{bmatrix} 3 & 12 \\ 5 & 12 \\ 6 & 2 \\ 7 & 12 \\ 9 & 12 \end{bmatrix} $$
#
# 1. `batch_statistics`: two rows. First the means of both features, then their variances.
# 2. `normalized_batch`: the five rows of $z$, with $\varepsilon = 0$.
#
# The numbers come out even. `check` sees only whether your answer is complete.

# %% value batch_statistics
batch_statistics = [[6, 10], [4, 16]]

# %% test batch_statistics
check("batch_statistics", batch_statistics)

# %% value normalized_batch
normalized_batch = [[-1.5, 0.5], [-0.5, 0.5], [0, -2], [0.5, 0.5], [1.5, 0.5]]

# %% test normalized_batch
check("normalized_batch", normalized_batch)

# %% [markdown]
# ### Your turn: `batch_norm`
#
# `x` has the shape `(N, D)` with `N` at least 2; `gamma` and `beta` have the shape `(D,)`.
# Normalize each feature by its own mean and biased variance, with `eps` under the root; then scale
# and shift: $y = \gamma z + \beta$. Return an array of shape `(N, D)`.
#
# `x` may hold whole numbers; the answer keeps its fractions. A feature may be constant.
#
# <details><summary><b>Hint: count the means</b></summary>
#
# Write down the shape of the means before you code: one for each feature, so `(D,)`. Which of the
# two axes of `(N, D)` must go away for that? NumPy lines up shapes from the right, so an array of
# shape `(D,)` beside one of shape `(N, D)` is used in every row.
# </details>


# %% solution batch_norm
def batch_norm(x, gamma, beta, eps=1e-8):
    """Normalize a batch of vectors by its own mean and variance.

    Parameters
    ----------
    x : ndarray of shape (N, D)
        The vectors.
    gamma : ndarray of shape (D,)
        Scale of each feature.
    beta : ndarray of shape (D,)
        Shift of each feature.
    eps : float
        Added to the variance, under the root.

    Returns
    -------
    ndarray of shape (N, D)
        The normalized vectors, scaled and shifted.
    """
    ### BEGIN SOLUTION
    z = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * z + beta
    ### END SOLUTION


# %% test batch_norm
check("batch_norm", batch_norm)

# %% figure hand_and_code
with waiting_for("batch_norm", "normalized_batch", what="This comparison"):
    X = np.array([[3, 12], [5, 12], [6, 2], [7, 12], [9, 12]])
    code = batch_norm(X, np.ones(2), np.zeros(2))
    by_hand = "not filled in yet" if normalized_batch is ... else np.array(normalized_batch)
    print(f"by code\n{code.round(4)}\nby hand\n{by_hand}")

# %% [markdown]
# ### Can the layer do nothing?
#
# Suppose that the batch $X$ was good as it was. With which $\gamma$ and $\beta$ does the layer give
# back $X$ itself? Take $\varepsilon = 0$. Give two rows: the two entries of $\gamma$, then the two
# of $\beta$.

# %% value undoing_parameters
undoing_parameters = [[2, 4], [6, 10]]

# %% test undoing_parameters
check("undoing_parameters", undoing_parameters)

# %% figure undone
with waiting_for("batch_norm", "undoing_parameters", what="This comparison"):
    print(batch_norm(X, *np.array(undoing_parameters, dtype=float)).round(4))

# %% [markdown]
# So normalizing takes nothing away that the network could not put back. What changes is the way
# there: mean and spread of a feature are now two numbers that training can set directly. They no
# longer hang on all the weights of all the layers before.
#
# Why that helps is disputed. The authors wrote of *internal covariate shift*: a layer no longer
# sees its inputs drift while the earlier layers learn. Later experiments found little of that and
# a smoother loss instead. That it helps is not in doubt.
#
# ## 3 · Images
#
# A kernel slides. It does the same at every place, so a cat in the left corner is treated like
# a cat in the right one. What comes after it must not undo that: all pixels of a channel, in all
# images of the batch, get the same treatment. So they share **one** mean and **one** variance.

# %% figure shared_images
some_images = np.arange(1, 37).reshape(2, 2, 3, 3) * 5 % 8
viz.shared_statistics(some_images)

# %% [markdown]
# *Predict* for each of the next three: how many means are there, and which cells have one colour?
# Change `axes` and run the cell again.
#
# - `axes=(1, 2)` is called *instance norm*,
# - `axes=(1, 2, 3)` is called *layer norm*,
# - `axes=(0,)` is what you get by treating images as long vectors.

# %% playground statistics
viz.shared_statistics(some_images, axes=(1, 2))

# %% [markdown]
# There is a second way to see it. Take the images apart, and write the pixels under each other: a
# table with $N \cdot H \cdot W$ rows and $C$ columns. Each pixel is a vector, each channel is
# a feature, and you have a function for such tables.
#
# $$ (N, H, W, C) \;\to\; (N \cdot H \cdot W, \; C) \;\to\; \text{normalize}
# \;\to\; (N, H, W, C) $$
#
# This needs no more than a `reshape`, **because the channels are last**: the numbers already lie
# in memory in that order. In a library with channels first, `(N, C, H, W)`, the same `reshape`
# would mix channels. There you must transpose before.
#
# ### By hand: who shares?
#
# A batch has the shape `(16, 10, 20, 3)`: $N$, $H$, $W$, $C$. Give three numbers: how many numbers
# share one mean, how many means there are, and how many parameters of this layer are *trained*.

# %% value who_shares
who_shares = [3200, 3, 6]

# %% test who_shares
check("who_shares", who_shares)

# %% [markdown]
# ### Your turn: `batch_norm_cnn`
#
# `x` has the shape `(N, H, W, C)`; `gamma` and `beta` have the shape `(C,)`. Each channel is
# normalized by its mean and biased variance over all images and pixels, with `eps` under the root,
# then scaled and shifted. Return an array of the shape of `x`.
#
# There may be one image only, or images of one pixel, but always at least two numbers in a channel.
# `x` may hold whole numbers, also `uint8` pixels; the answer keeps its fractions. A channel may be
# constant.
#
# <details><summary><b>Hint: which axes go away?</b></summary>
#
# The means have the shape `(C,)`. Three of four axes go away, and NumPy takes several at once: an
# `axis` may be a tuple. Or make the table of pixels first: `-1` in a `reshape` stands for "whatever
# is left". Then do not forget the way back.
#
# If you write the variance as the mean of squares less the square of the mean: which is the largest
# square that a `uint8` can hold?
# </details>


# %% solution batch_norm_cnn
def batch_norm_cnn(x, gamma, beta, eps=1e-8):
    """Normalize a batch of images, channel by channel.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        The images.
    gamma : ndarray of shape (C,)
        Scale of each channel.
    beta : ndarray of shape (C,)
        Shift of each channel.
    eps : float
        Added to the variance, under the root.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        The normalized images, scaled and shifted.
    """
    ### BEGIN SOLUTION
    pixels = x.reshape(-1, x.shape[-1])
    return batch_norm(pixels, gamma, beta, eps).reshape(x.shape)
    ### END SOLUTION


# %% test batch_norm_cnn
check("batch_norm_cnn", batch_norm_cnn)

# %% [markdown]
# The digits again, now through your function, with a $\gamma$ and $\beta$ for each channel.
#
# *Predict:* where does the mean of channel 3 lie, and how wide is it?

# %% figure distributions
with waiting_for("batch_norm_cnn"):
    gamma, beta = np.array([1.0, 1.0, 0.5, 2.0]), np.array([0.0, 3.0, -4.0, -1.0])
    display(viz.feature_distributions(maps, batch_norm_cnn(maps, gamma, beta)))

# %% [markdown]
# The shapes of the four hills are as they were. Batch normalization moves and stretches. It does
# not make anything bell-shaped.
#
# ## 4 · Backwards: everybody moves
#
# Nudge one number of the batch. In most layers that moves the outputs that use it. Here it moves
# the mean and the variance as well, and through them **every** output of its feature.
#
# *Predict:* one feature of five vectors, $1, 2, 4, 5, 8$. The last number grows a little. Do the
# other four outputs grow or shrink?

# %% figure nudges
with waiting_for("batch_norm"):
    column, ones = np.array([[1.0], [2.0], [4.0], [5.0], [8.0]]), np.ones(1)

    def output(i):
        return lambda x: batch_norm(x, ones, 0 * ones)[i, 0]

    effects = np.array([numerical_gradient(output(i), column)[:, 0] for i in range(5)])
    print("Row: an output. Column: the input that is nudged.")
    fills = viz.grids.signed_fills(effects)
    panel = viz.Panel(effects, "change of the outputs", role="gradient", fills=fills)
    display(viz.grid_rows([panel], cell=0.75, font_size=19))

# %% [markdown]
# Some grow and some shrink. A larger last number lifts the mean, which lowers the others. It also
# widens the spread, which pulls them all towards the mean: whoever is below it rises. For the two
# smallest numbers the second effect wins.
#
# Every nudge moves all five. Add up any row or any column: but for rounding, the sum is 0. Can you
# see why? A row: if *all* numbers of the feature grow by the same amount, the mean takes it away
# again, and the output stays. A column: the outputs keep their mean $\beta$, so what some gain the
# others lose.
#
# **Three paths.** Take one feature with upstream gradient $g_i = \partial L / \partial y_i$, and
# write $\sigma = \sqrt{v + \varepsilon}$. The parameters come first, they are easy:
#
# $$ y_i = \gamma z_i + \beta \quad\Rightarrow\quad
# \frac{\partial L}{\partial \beta} = \sum_i g_i, \qquad
# \frac{\partial L}{\partial \gamma} = \sum_i g_i \, z_i $$
#
# From $x_i$ to the loss there are three ways:
#
# | path | what reaches $x_i$ |
# |---|---|
# | straight | $\gamma\, g_i \cdot \frac{1}{\sigma}$ |
# | via the mean | $-\frac{1}{\sigma} \sum_j \gamma\, g_j \cdot \frac{1}{N}$ |
# | via the variance | $-\frac{1}{2\sigma^2}\sum_j \gamma g_j z_j \cdot \frac{2 \sigma z_i}{N}$ |
#
# In the last row $x_j - \mu$ is written as $\sigma z_j$. (The mean is inside the variance, too. But
# the distances from the mean add up to 0, so that path carries nothing.) Add up:
#
# $$ \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sigma}
# \Big( g_i \;-\; \underbrace{\tfrac{1}{N} \textstyle\sum_j g_j}_{\text{mean of } g}
# \;-\; z_i \, \underbrace{\tfrac{1}{N} \textstyle\sum_j g_j z_j}_{\text{mean of } g z} \Big) $$
#
# Read it as a sentence: *take from the upstream gradient what only shifts the batch, and what only
# stretches it.* The layer undoes both, so the loss has nothing to gain from them.
#
# **Once together.** The column $1, 1, 5, 5$ has $\sigma = 2$ and $z = -1, -1, 1, 1$. Let $\gamma =
# 1$ and $g = 4, 0, 0, 0$. The mean of $g$ is 1. The products $g z$ are $-4, 0, 0, 0$, with the
# mean $-1$. The bracket is
#
# $$ 4 - 1 - (-1)(-1) = 2, \qquad 0 - 1 - (-1)(-1) = -2, \qquad 0 - 1 - (1)(-1) = 0, \qquad 0 $$
#
# and half of it is the gradient: $1, -1, 0, 0$.
#
# ### By hand: one gradient
#
# Take the first feature of $X$, the column $3, 5, 6, 7, 9$, with $\varepsilon = 0$, $\gamma = 2$
# and $g = 10, 0, 0, 0, 0$. What are the five numbers of $\partial L / \partial x$?
#
# You can test yourself before anybody else does: the five must add up to 0, and so must their
# products with $z$.

# %% value column_gradient
column_gradient = [3.5, -3.5, -2, -0.5, 2.5]

# %% test column_gradient
check("column_gradient", column_gradient)

# %% [markdown]
# ### Your turn: `batch_norm_backward`
#
# | array | shape |
# |---|---|
# | `dy` | `(N, D)`, the upstream gradient |
# | `x` | `(N, D)`, the same batch as in the forward pass |
# | `gamma` | `(D,)`, some of it may be 0 |
# | returned | a tuple `dx`, `dgamma`, `dbeta` of shapes `(N, D)`, `(D,)`, `(D,)` |
#
# Compute the mean and the variance of `x` again: nothing is handed over from the forward pass.
# `eps` is under the root as before. `x` may hold whole numbers; the gradients keep their
# fractions.
#
# <details><summary><b>Hint: shapes tell sums from means</b></summary>
#
# A gradient has the shape of the thing that it belongs to. `dgamma` belongs to `gamma`: which axis
# of `dy * z` must go away, and by a sum or by a mean? In the bracket of `dx` stand two *means* of
# shape `(D,)`. The first is used in every row as it is. The second is multiplied with `z` first.
# </details>


# %% solution batch_norm_backward
def batch_norm_backward(dy, x, gamma, eps=1e-8):
    """Gradients of a batch normalization of vectors.

    Parameters
    ----------
    dy : ndarray of shape (N, D)
        Upstream gradient.
    x : ndarray of shape (N, D)
        The vectors, as in the forward pass.
    gamma : ndarray of shape (D,)
        Scale, as in the forward pass.
    eps : float
        As in the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient to the vectors.
    dgamma : ndarray of shape (D,)
        Gradient to the scale.
    dbeta : ndarray of shape (D,)
        Gradient to the shift.
    """
    ### BEGIN SOLUTION
    root = np.sqrt(x.var(axis=0) + eps)
    z = (x - x.mean(axis=0)) / root
    dx = gamma / root * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, (dy * z).sum(axis=0), dy.sum(axis=0)
    ### END SOLUTION


# %% test batch_norm_backward
check("batch_norm_backward", batch_norm_backward)

# %% [markdown]
# **Believe nobody, not even a formula.** Move each input up and down by a little, look how the loss
# changes, divide. `check_gradient` does that, and compares. (It divides each difference by the
# larger of the two gradients; where both are small, by what is typical of the array.) This time
# *your* forward pass is tested together with *your* backward pass.

# %% figure gradient_check
with waiting_for("batch_norm", "batch_norm_backward", what="This comparison"):
    rng = np.random.default_rng(7)
    x, dy = rng.normal(size=(6, 3)), rng.normal(size=(6, 3))
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    dx, dgamma, dbeta = batch_norm_backward(dy, x, gamma)
    print("dx     ", check_gradient(lambda x: batch_norm(x, gamma, beta), x, dx, dy))
    print("dgamma ", check_gradient(lambda gamma: batch_norm(x, gamma, beta), gamma, dgamma, dy))
    print("dbeta  ", check_gradient(lambda beta: batch_norm(x, gamma, beta), beta, dbeta, dy))

# %% [markdown]
# *Predict:* what does the check say if you forget the path through the variance? Close, or far off?

# %% figure wrong_gradient
with waiting_for("batch_norm", what="This comparison"):
    rng = np.random.default_rng(7)
    x, dy, gamma = rng.normal(size=(6, 3)), rng.normal(size=(6, 3)), np.ones(3)
    forgetful = gamma / x.std(axis=0) * (dy - dy.mean(axis=0))
    print(check_gradient(lambda x: batch_norm(x, gamma, 0 * gamma), x, forgetful, dy))

# %% [markdown]
# ## 5 · Backwards through images
#
# For images nothing new is needed. Each pixel is a vector, so the gradients are those of the
# table: `dy` and `x` become `(N * H * W, C)`, and `dx` goes back to `(N, H, W, C)`. The $N$ in the
# formulas is now the number of *rows of the table*.
#
# ### Your turn: `batch_norm_cnn_backward`
#
# `dy` and `x` have the shape `(N, H, W, C)`, `gamma` has the shape `(C,)`. Return `dx` of the shape
# of `x`, and `dgamma` and `dbeta` of shape `(C,)`. There may be one image only, or images of one
# pixel. Some of `gamma` may be 0, and a channel may be constant.
#
# <details><summary><b>Hint: four shapes</b></summary>
#
# Write down four shapes: of both inputs as tables, and of all three results for tables. Only one of
# the results has to change its shape before you return it.
# </details>


# %% solution batch_norm_cnn_backward
def batch_norm_cnn_backward(dy, x, gamma, eps=1e-8):
    """Gradients of a batch normalization of images.

    Parameters
    ----------
    dy : ndarray of shape (N, H, W, C)
        Upstream gradient.
    x : ndarray of shape (N, H, W, C)
        The images, as in the forward pass.
    gamma : ndarray of shape (C,)
        Scale, as in the forward pass.
    eps : float
        As in the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, H, W, C)
        Gradient to the images.
    dgamma : ndarray of shape (C,)
        Gradient to the scale.
    dbeta : ndarray of shape (C,)
        Gradient to the shift.
    """
    ### BEGIN SOLUTION
    channels = x.shape[-1]
    tables = dy.reshape(-1, channels), x.reshape(-1, channels)
    dx, dgamma, dbeta = batch_norm_backward(*tables, gamma, eps)
    return dx.reshape(x.shape), dgamma, dbeta
    ### END SOLUTION


# %% test batch_norm_cnn_backward
check("batch_norm_cnn_backward", batch_norm_cnn_backward)

# %% figure gradient_check_images
with waiting_for("batch_norm_cnn", "batch_norm_cnn_backward", what="This comparison"):
    rng = np.random.default_rng(8)
    x, dy = rng.normal(size=(2, 3, 4, 2)), rng.normal(size=(2, 3, 4, 2))
    gamma, beta = rng.normal(size=2), rng.normal(size=2)
    dx, dgamma, dbeta = batch_norm_cnn_backward(dy, x, gamma)
    print("dx     ", check_gradient(lambda x: batch_norm_cnn(x, gamma, beta), x, dx, dy))
    print("dgamma ", check_gradient(lambda g: batch_norm_cnn(x, g, beta), gamma, dgamma, dy))
    print("dx adds up to", dx.sum(axis=(0, 1, 2)).round(12) + 0.0, "in the two channels")

# %% [markdown]
# ## 6 · After training
#
# Your network is trained. A user sends **one** picture. Whose mean do you take?
#
# *Predict:* a batch of one vector goes through your `batch_norm`. What comes out?

# %% figure batch_of_one
with waiting_for("batch_norm", "batch_norm_cnn", what="This experiment"):
    gamma, beta = np.array([2.0, 1.0]), np.array([0.5, -3.0])
    for vector in ([[7.0, 4.0]], [[-100.0, 0.3]]):
        print(vector, "→", batch_norm(np.array(vector), gamma, beta))
    digit = 255 * digits[:1]
    strong, pale = (batch_norm_cnn(x, np.ones(1), np.zeros(1)) for x in (digit, 0.1 * digit))
    print("a digit, and the same one ten times paler: equal?", np.allclose(strong, pale))

# %% [markdown]
# A vector that is its own mean has nothing left: whatever it was, out comes $\beta$. (That is why
# your functions need at least two numbers in a feature.) A single image survives, but nobody can
# tell strong ink from pale ink any more.
#
# A larger batch is no way out. Here is the same digit in two batches. Seven other digits stand
# beside it: once those with the least ink of all, once those with the most.
#
# *Predict:* beside which seven does it look bolder?

# %% figure neighbours
with waiting_for("batch_norm_cnn"):
    by_ink = digits.mean(axis=(1, 2, 3)).argsort()
    thin, bold = (np.concatenate([maps[:1], maps[rest]]) for rest in (by_ink[:7], by_ink[-7:]))
    one, zero = np.ones(4), np.zeros(4)
    a, b = (batch_norm_cnn(batch, one, zero)[0, :, :, 0] for batch in (thin, bold))
    pictures = {"beside thin digits": a, "beside bold ones": b, "difference": a - b}
    display(viz.show_images(pictures, signed=list(pictures), width=2.4))
    print(f"the largest difference is {np.abs(a - b).max():.2f}, in units of the spread")

# %% [markdown]
# In training this noise does little harm, and may even help. But an answer that depends on who
# else is asking is not acceptable. So **evaluation uses constants**: a mean and a variance for
# each channel, collected in training.
#
# $$ y = \gamma \, \frac{x - \text{running mean}}{\sqrt{\text{running variance} + \varepsilon}}
# + \beta $$
#
# They are collected with a memory that fades. After each training batch
#
# $$ \text{running} \;\leftarrow\; (1 - m) \cdot \text{running} + m \cdot \text{batch} $$
#
# Two conventions, and both bite:
#
# - **Momentum.** Here $m$ is the share of the *new batch*, as in torch (its default is 0.1). Other
#   libraries, Keras among them, call the share of the *old value* momentum (0.99). The same word,
#   the other way round.
# - **Variance.** The batch was normalized with the biased variance, divided by $n$, the number of
#   values of a feature. What is *kept* is the **unbiased** one, divided by $n - 1$. Why? The mean
#   was fitted to the batch, so the batch looks narrower than the world that it comes from: for
#   independent values the biased variance is too small by the factor $\frac{n - 1}{n}$, on
#   average. Inside the batch it is just what is needed, since the batch is to have spread 1. For
#   evaluation we want the world's.
#
# The course document stops at `np.var` and a batch, and says nothing of evaluation. It is tempting
# to go on with `np.var` and keep that, and then evaluation divides by something that is too small.
# The error is slight for images ($n = NHW$ is large) and not slight for vectors in small batches.
# The original paper and torch keep the unbiased one.
#
# ### By hand: two steps
#
# The first feature of $X$ once more: $3, 5, 6, 7, 9$, five values. The running mean begins at 0,
# the running variance at 1, and $m = 0.1$. The *same* batch comes twice. What are the running mean
# and the running variance after the second step? Give `[mean, variance]`.

# %% value running_after_two_steps
running_after_two_steps = [1.14, 1.76]

# %% test running_after_two_steps
check("running_after_two_steps", running_after_two_steps)

# %% [markdown]
# ### By hand: evaluation
#
# After a long training a feature has the running mean 4 and the running variance 9, with $\gamma =
# 2$, $\beta = 1$ and $\varepsilon = 0$. Two vectors come in for evaluation. In this feature they
# have 10 and 7. What are the two outputs?

# %% value evaluated
evaluated = [5, 3]

# %% test evaluated
check("evaluated", evaluated)

# %% [markdown]
# ### Your turn: `update_running`
#
# `mean` and `var` have the shape `(D,)`. The batch `x` has the shape `(N, D)` **or** `(N, H, W,
# D)`, with at least two values in each feature or channel. `momentum` is $m$, a number from 0 to
# 1, the share of the batch. Return the new mean and the new variance, two arrays of shape `(D,)`.
# The batch counts with its **unbiased** variance. Do not change `mean` and `var` themselves.
#
# <details><summary><b>Hint: how many values?</b></summary>
#
# What is $n$ for a batch of shape `(N, D)`, and for one of shape `(N, H, W, D)`? A `reshape` makes
# the second into the first, and leaves the first as it is. From $n$ you get the unbiased variance
# out of the biased one; or look up `ddof` in the documentation of `np.var`.
# </details>


# %% solution update_running
def update_running(mean, var, x, momentum):
    """Move the running mean and variance towards those of a batch.

    Parameters
    ----------
    mean : ndarray of shape (D,)
        Running mean so far.
    var : ndarray of shape (D,)
        Running variance so far.
    x : ndarray of shape (N, D) or (N, H, W, D)
        The batch.
    momentum : float
        Share of the batch, from 0 to 1.

    Returns
    -------
    mean : ndarray of shape (D,)
        New running mean.
    var : ndarray of shape (D,)
        New running variance; the batch counts with its unbiased one.
    """
    ### BEGIN SOLUTION
    values = x.reshape(-1, x.shape[-1])
    new_mean = (1 - momentum) * mean + momentum * values.mean(axis=0)
    new_var = (1 - momentum) * var + momentum * values.var(axis=0, ddof=1)
    return new_mean, new_var
    ### END SOLUTION


# %% test update_running
check("update_running", update_running)

# %% [markdown]
# Now let it run: sixty batches of eight digits, and your function keeps the values of channel 0.
#
# *Predict:* with $m = 0.1$, roughly how many batches does it take to get from 0 to the mean of all
# the digits? What changes with $m = 0.5$? Change it and see.

# %% figure running
momentum = 0.1
with waiting_for("update_running"):
    rng = np.random.default_rng(1)
    running_mean, running_var, seen, kept = np.zeros(4), np.ones(4), [], []
    for _ in range(60):
        batch = maps[rng.choice(len(maps), 8, replace=False)]
        running_mean, running_var = update_running(running_mean, running_var, batch, momentum)
        seen.append(batch[..., 0].mean())
        kept.append(running_mean[0])
    display(viz.running_estimate(seen, kept, target=maps[..., 0].mean()))

# %% [markdown]
# A small $m$ is calm and slow, a large one quick and nervous. After $k$ batches $(1 - m)^k$ of the
# start is left: with $m = 0.1$ that is a tenth after 22 batches. Early in training the running
# value is still near its start, 0. A network that is evaluated after ten batches with $m = 0.01$
# sees nonsense, and nothing in its training loss warns you.
#
# Once through all the digits, and then evaluation: does it still matter who stands beside the
# digit?

# %% figure evaluation
with waiting_for("update_running", what="This experiment"):

    def evaluate(x, gamma, beta, mean, var, eps=1e-8):
        return gamma * (x - mean) / np.sqrt(var + eps) + beta

    running_mean, running_var = np.zeros(4), np.ones(4)
    for batch in maps.reshape(50, 8, *maps.shape[1:]):
        running_mean, running_var = update_running(running_mean, running_var, batch, 0.1)
    by_ink = digits.mean(axis=(1, 2, 3)).argsort()
    thin, bold = (np.concatenate([maps[:1], maps[rest]]) for rest in (by_ink[:7], by_ink[-7:]))
    one, zero = np.ones(4), np.zeros(4)
    a, b = (evaluate(x, one, zero, running_mean, running_var)[0] for x in (thin, bold))
    print("largest difference of the same digit in two batches:", np.abs(a - b).max())

# %% [markdown]
# In evaluation nothing depends on the batch, so the backward pass is short: mean and variance
# *are* constants, and $\partial L / \partial x = \gamma g / \sqrt{\text{running variance} +
# \varepsilon}$. The formula that was wrong in section 4 is right here.
#
# ## 7 · Cheap to count, not cheap to run
#
# Count multiplications and divisions. A 3 × 3 convolution from 32 to 32 channels makes
# $9 \cdot 32 = 288$ for each output number. A batch normalization makes about three: a square, a
# division, a product with $\gamma$.
#
# *Predict:* so it takes about a hundredth of the time. True?


# %% figure timing
def best_milliseconds(layer, *arrays):
    return 1e3 * min(repeat(lambda: layer(*arrays), number=1, repeat=7))


with waiting_for("batch_norm_cnn", what="This table"):
    rng = np.random.default_rng(0)
    images, weights = rng.normal(size=(4, 28, 28, 32)), rng.normal(size=(3, 3, 32, 32))
    gamma, beta = np.ones(32), np.zeros(32)
    features = conv2d(images, weights)
    convolution = best_milliseconds(conv2d, images, weights)
    normalization = best_milliseconds(batch_norm_cnn, features, gamma, beta)
    print(f"convolution            {288 * features.size:>12,} products {convolution:>9.2f} ms")
    print(f"batch normalization    {3 * features.size:>12,} products {normalization:>9.2f} ms")
    print(f"{288 / 3:.0f} times fewer products, {convolution / normalization:.1f} times faster")

# %% [markdown]
# The convolution uses each number that it fetches many times over, in one large matrix product. The
# normalization goes through the whole array again and again, for the mean, the distances, their
# squares, the division, the scale, and does next to nothing each time. It waits for memory. In
# evaluation there is a way out: mean, variance, $\gamma$ and $\beta$ are constants, so they can be
# multiplied into the filters before, and the layer is gone.
#
# ## 8 · One question in words
#
# **A network is evaluated with the mean and variance of each test batch, in place of the running
# values. What goes wrong, and what happens with a batch of one? When would nobody notice?** Answer
# in four to eight sentences. A person reads them.

# %% written why_running_values [markdown]
# With batch statistics, the answer for one input depends on the other inputs of its batch: the same
# picture gets another output, and perhaps another class, when other pictures stand beside it. The
# result also changes with the batch size and with the order of the test set, so it cannot be
# repeated. If a batch holds one class only, mean and spread of that class are taken away, which may
# be just what told it from others.
#
# With a batch of one vector, each feature is its own mean: the variance is 0, the normalized value
# is 0, and the output is $\beta$ whatever the input was. A single image still has many pixels to
# each channel, but its own brightness and contrast are lost.
#
# Nobody notices when the test batches are large and mixed like the training data: then their means
# and variances are close to the running values. So a test set in big shuffled batches hides the
# mistake, and the first single picture in practice shows it.
#
# ### BEGIN MARK SCHEME
# 3 points.
#
# - **1 point**: the output for one input depends on the other inputs of the batch (so it is not
#   reproducible, changes with batch size or order, leaks between inputs). Any one of these is
#   enough.
# - **1 point**: batch of one. For vectors the output is $\beta$, all information is gone. "Division
#   by zero" alone earns half: $\varepsilon$ prevents it. For images: normalized by its own pixels,
#   brightness and contrast are lost. Vectors or images are enough.
# - **1 point**: nobody notices with large batches that are mixed like the training data, since
#   their statistics are close to the running values.
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# A convolution layer has a bias for each filter. Right behind it stands a batch normalization.
# What does the bias do to the output of the two together? Look at section 4: what is its gradient?
# Why do so many networks write `bias=False` there?
#
# ## What you have now
#
# You know which numbers share a mean, and that for images they are all pixels of a channel. You
# can go forwards and backwards through the layer, for vectors and for images, and you have checked
# both directions against each other. You know the two variances, and why evaluation needs running
# values.
#
# ## Where this comes from
#
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*,
#   part (h): batch normalization for images as that of pixels, and its backward pass by a reshape.
#   Text, code and pictures were made anew.
# - S. Ioffe and C. Szegedy, *Batch Normalization: Accelerating Deep Network Training by Reducing
#   Internal Covariate Shift*, 2015, <https://arxiv.org/abs/1502.03167>.
# - S. Santurkar, D. Tsipras, A. Ilyas and A. Mądry, *How Does Batch Normalization Help
#   Optimization?*, 2018, <https://arxiv.org/abs/1805.11604>: the experiments on *why*.
# - The digits: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
#   Learning Repository, 1998.
