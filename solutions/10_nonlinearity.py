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
# # 10 · Nonlinearity
#
# You have convolutions, pools and gradients. Now they become a network that reads handwriting.
# One small thing is still missing, and without it all the rest is worth no more than one matrix.
# At the end of this notebook you can
#
# - turn any stack of convolutions, average pools and linear layers into a single matrix;
# - say why such a stack never gets a lower training loss than logistic regression;
# - write softmax and cross-entropy so that no score is too large for them;
# - send an image forward and its gradient backward through a whole network;
# - train that network, from your own parts, to read more than 95 % of real digits.
#
# **How to work here.** Plan about 90 minutes. Where it says *Predict*, write your guess down
# before you run the cell. Under every cell that you fill in stands a `check`. It tries public
# examples and says what is wrong first. Your points come from other inputs.
#
# **House rules.**
#
# - Images are `(N, H, W, C)`, channels last. Loops are fine.
# - Functions leave their inputs as they are. Answers are compared with a tolerance of $10^{-5}$.
# - Three things are ruled out: `scipy.special` in `softmax_cross_entropy`; numerical gradients in
#   `loss_and_gradients`; nearest neighbours (`convkit.knn_predict`, `convkit.l1_distances` and
#   their like, `scipy.spatial`) in `predict`. A function that calls them, itself or through
#   another function of yours, gets no points (`check` does not look for them).
# - Everything else in NumPy and convkit is allowed, and so are your own functions from earlier
#   notebooks.

# %% setup
from time import perf_counter

import numpy as np
from IPython.display import display
from scipy.optimize import minimize

import convkit
from convkit import load_digits, viz
from convkit.check import check, waiting_for
from convkit.data import scatter_digits

# %% [markdown]
# ## 1 · A bet
#
# The data: 1498 digits that 13 people wrote, 8 × 8 pixels each, from 0 (no ink) to 1. To make it
# interesting, each one is put at a random place of a 10 × 10 canvas.

# %% setup digits
train_digits, test_digits = load_digits().split()
labels, test_labels = train_digits.labels, test_digits.labels
images = scatter_digits(train_digits.images, np.random.default_rng(1))
test_images = scatter_digits(test_digits.images, np.random.default_rng(2))

# %% figure some_digits
viz.image_rows(
    {"nine training images": images[:9, :, :, 0]},
    captions={"nine training images": [str(label) for label in labels[:9]]},
)

# %% [markdown]
# A friend stacks a convolution layer, an average pool and a linear layer, with softmax at the end.
# He leaves the activation functions out: "Three layers! My training loss will surely be lower than
# that of plain logistic regression, which has just one."
#
# *Predict:* who has the lower training loss on these digits, if both are trained as well as can
# be? Write it down. Section 4 settles it.
#
# ## 2 · Many layers, one matrix
#
# Convolution, average pool, linear layer: each computes sums of inputs times constants, plus a
# bias. Leave the bias aside for a moment. Then two things hold for each of them, and so for all of
# them together:
#
# - twice the image gives twice the answer;
# - two images added give the two answers added.
#
# Every image is a sum of images with a *single* lit pixel. So whoever knows the answer to each
# pixel knows the answer to everything. Here is a stack of a 2 × 2 convolution with two filters and
# a linear layer with three outputs. Press play: one pixel at a time is lit, and what comes out is
# written into a row.

# %% figure pixel_by_pixel
rng = np.random.default_rng(3)
small_w, small_W = rng.integers(-1, 2, (2, 2, 1, 2)), rng.integers(-2, 3, (4, 3))
lit = np.eye(6).reshape(6, 2, 3, 1)
answers = convkit.conv2d(lit, small_w).reshape(6, -1) @ small_W
viz.matrix_by_pixels(answers.astype(int), (2, 3))

# %% [markdown]
# Those rows are a matrix $M$ with one row for each input and one column for each output. For an
# image, flattened into a row $x$, the stack computes nothing but $x M$.
#
# **And the bias?** A black image has no pixel to add. What the stack answers to it is the bias $c$
# of the whole. With it
#
# $$ \text{stack}(x) = x\,M + c, \qquad c = \text{stack}(0), \qquad
# \text{row } i \text{ of } M = \text{stack}(\text{pixel } i) - c $$
#
# In layers: $(x M_1 + c_1)\,M_2 + c_2 = x\,(M_1 M_2) + (c_1 M_2 + c_2)$. An early bias goes
# through all the layers that follow.
#
# (Notebook 04 multiplied from the other side, matrix times column. Its matrix is the transpose of
# this one. Here images are rows, because then a whole batch is one product.)
#
# ### By hand: five numbers
#
# The image has one row of four pixels, $x_0, x_1, x_2, x_3$. First a convolution with the kernel
# $[1, 2]$ (no flip) and bias $1$: three numbers. Then a linear layer with the weights
# $2, 1, -1$ and bias $-3$: one number.
#
# The first of the three numbers is $x_0 + 2 x_1 + 1$. Work out the other two, then the sum, and
# collect: what stands before $x_0$, $x_1$, $x_2$, $x_3$, and what is left over? Give the four
# weights and the bias in one list. (`check` sees only whether it is complete.)

# %% value collapsed_by_hand
collapsed_by_hand = [2, 5, 1, -2, -1]

# %% test collapsed_by_hand
check("collapsed_by_hand", collapsed_by_hand)

# %% [markdown]
# ### Your turn: `collapse`
#
# `layers` is a tuple that lists a stack from the input to the output. Each layer is a tuple, too:
#
# | layer | what it does |
# |---|---|
# | `("conv", w, b)` | a convolution layer, stride 1, no padding |
# | `("avg_pool", size)` | the means of `size` × `size` windows side by side |
# | `("linear", W, b)` | `features @ W + b`; maps are flattened first |
#
# `w` is `(kh, kw, C_in, C_out)` with `b` of shape `(C_out,)`; `W` is `(features, outputs)` with
# `b` of shape `(outputs,)`. A pool leaves out rows and columns that fill no window.
#
# `input_shape` is `(H, W, C)`. Flattening goes row by row, and the channels of one pixel stay
# together: just what `reshape` does with channels last.
#
# Return `(M, c)` with `M` of shape `(H * W * C, outputs)` and `c` of shape `(outputs,)`, so that
# `x.reshape(len(x), -1) @ M + c` is what the stack makes of a batch `x`, flattened. A stack has at
# least one layer and may end in any of the three. After a linear layer come only linear ones.
#
# You may use `convkit.conv2d(x, w, b)` and `convkit.avg_pool2d(x, size)`, or your own.
#
# <details><summary><b>Hint: how many images do you need?</b></summary>
#
# One for each pixel and channel, and a black one. `np.eye(n)` has the shape `(n, n)`: its `n` rows
# are all the images with one lit entry, already flattened. In which shape does the first layer
# want them? And the biases are in every answer: in the black image's, too.
# </details>


# %% solution collapse
def collapse(layers, input_shape):
    """Collapse a stack without nonlinearity into one matrix and one bias.

    Parameters
    ----------
    layers : tuple of tuple
        ``("conv", w, b)``, ``("avg_pool", size)`` and ``("linear", W, b)``, from input to output.
    input_shape : tuple of int
        Height, width and channels of an image.

    Returns
    -------
    M : ndarray of shape (H * W * C, outputs)
        What each input adds to each output.
    c : ndarray of shape (outputs,)
        What a black image gives.
    """

    ### BEGIN SOLUTION
    def run(x):
        for kind, *parts in layers:
            if kind == "conv":
                x = convkit.conv2d(x, *parts)
            elif kind == "avg_pool":
                x = convkit.avg_pool2d(x, *parts)
            else:
                W, b = parts
                x = x.reshape(len(x), -1) @ W + b
        return x.reshape(len(x), -1)

    inputs = np.prod(input_shape)
    c = run(np.zeros((1, *input_shape)))[0]
    M = run(np.eye(inputs).reshape(inputs, *input_shape)) - c
    return M, c
    ### END SOLUTION


# %% test collapse
check("collapse", collapse)

# %% [markdown]
# **What a convolution looks like as a matrix.** A 3 × 3 kernel on a 4 × 6 image, collapsed. Blue
# is above zero, orange below.
#
# *Predict:* how many entries in a column are not white? Do two columns hold different numbers?

# %% figure conv_as_matrix
with waiting_for("collapse"):
    kernel = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]).reshape(3, 3, 1, 1)
    M, _ = collapse((("conv", kernel, np.zeros(1)),), (4, 6, 1))
    display(viz.show_images({"M": M}, signed=["M"], width=2.0))
    print(f"M has {M.shape[0]} rows and {M.shape[1]} columns")
    print("entries in a column that are not 0:", np.unique((M != 0).sum(axis=0)))

# %% [markdown]
# Mostly zeros, and the same few numbers again and again, moved by one. A free matrix of this size
# could hold 192 different numbers; this one has room for nine. **A convolution layer is a matrix
# with its hands tied.** That is the key to the bet.
#
# ### By hand: count
#
# The friend's network, for the 10 × 10 × 1 images: a convolution layer with four 5 × 5 filters
# (stride 1, no padding), a 2 × 2 average pool, a linear layer with ten outputs. Logistic
# regression: one linear layer from the 100 pixels to the ten outputs. All layers have biases,
# pools have none.
#
# How many parameters has each? Give `[network, logistic regression]`.

# %% value parameters_of_both
parameters_of_both = [474, 1010]

# %% test parameters_of_both
check("parameters_of_both", parameters_of_both)

# %% [markdown]
# ## 3 · How wrong is a guess?
#
# The last layer gives ten *scores* for each image. **Softmax** makes probabilities of them, and
# **cross-entropy** is minus the logarithm of the probability of the right class $y$:
#
# $$ p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}, \qquad
# L = -\ln p_y = \ln \Big( \sum_j e^{s_j} \Big) - s_y $$
#
# A linear layer, softmax and cross-entropy: that *is* logistic regression (for more than two
# classes). The name is old; there is nothing more to it.
#
# For a batch take the mean over the images. The gradient is as simple as one could wish:
#
# $$ \frac{\partial L}{\partial s_k} = p_k - [k = y] $$
#
# where $[k = y]$ is 1 for the right class and 0 for the others. Every score that is too sure of a
# wrong class is pushed down by just that much. In a mean over $N$ images each has a share of
# $1/N$.
#
# ### By hand: two small ones
#
# 1. `loss_of_a_guess`: all ten scores are equal. What is the loss? Three digits after the point
#    will do. (Every training starts near this number. If yours does not, look for a mistake.)
# 2. `gradient_by_hand`: three classes with the scores $\ln 1, \ln 2, \ln 5$, a single image, and
#    the right class is number 1 (counted from 0). Give the three numbers of the gradient.

# %% value loss_of_a_guess
loss_of_a_guess = 2.303

# %% test loss_of_a_guess
check("loss_of_a_guess", loss_of_a_guess)

# %% value gradient_by_hand
gradient_by_hand = [0.125, -0.75, 0.625]

# %% test gradient_by_hand
check("gradient_by_hand", gradient_by_hand)

# %% [markdown]
# **A trap.** $e^{1000}$ is infinite for a computer. But softmax does not change when the same
# number is taken off all scores of an image, because numerator and denominator shrink alike. Take
# the largest off: then the largest power is $e^0 = 1$. And a second trap: a hopeless class has
# probability 0 after rounding, and $\ln 0$ is infinite. Use the *right* form of $L$ above; it
# never takes the logarithm of a single probability.
#
# ### Your turn: `softmax_cross_entropy`
#
# `scores` is `(N, K)`, `labels` are `N` whole numbers from 0 to `K - 1`. Return
# `(loss, gradient)`: the mean loss, one number, and its derivative by `scores`, of shape `(N, K)`.
# Scores may be whole numbers, and they may be in the thousands: no answer is infinite or `nan`.
#
# <details><summary><b>Hint: rows</b></summary>
#
# Everything happens within a row, an image. The largest score of each row, the sum of each row:
# with `keepdims=True` they have the shape `(N, 1)` and can be taken off all columns.
# `scores[np.arange(N), labels]` picks one entry from each row.
# </details>


# %% solution softmax_cross_entropy
def softmax_cross_entropy(scores, labels):
    """Mean cross-entropy of softmax, and its gradient.

    Parameters
    ----------
    scores : ndarray of shape (N, K)
        One score for each image and class.
    labels : ndarray of shape (N,)
        The right classes.

    Returns
    -------
    loss : float
        Mean over the images.
    gradient : ndarray of shape (N, K)
        Derivative of the loss by each score.
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(scores))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    return -log_p[rows, labels].mean(), gradient / len(scores)
    ### END SOLUTION


# %% test softmax_cross_entropy
check("softmax_cross_entropy", softmax_cross_entropy)

# %% [markdown]
# ## 4 · The bet is settled
#
# Both are trained now, on the same 1198 images. "As well as can be" is meant seriously here: the
# cell uses L-BFGS from SciPy, which finds far better steps than plain gradient descent. Your loss
# gives it the gradients.
#
# Then comes the experiment that proves the point. The friend's trained network is *collapsed*, by
# your function, and logistic regression starts from that very matrix and goes on.
#
# *Predict:* what is its loss at the start? And from there, can it go up?


# %% setup linear_models
pixels = images.reshape(len(images), -1)

# The friend's layers are linear, so his pool may come before his convolution: it is done once.
windows = np.lib.stride_tricks.sliding_window_view(images[..., 0], (5, 5), axis=(1, 2))
pooled_windows = windows.reshape(-1, 3, 2, 3, 2, 25).mean(axis=(2, 4)).reshape(-1, 9, 25)


def logistic_loss(flat):
    M, c = flat[:-10].reshape(100, 10), flat[-10:]
    loss, slope = softmax_cross_entropy(pixels @ M + c, labels)
    return loss, np.concatenate([(pixels.T @ slope).ravel(), slope.sum(axis=0)])


def friends_layers(flat):
    w, b, W, c = np.split(flat, [100, 104, 464])
    return ("conv", w.reshape(5, 5, 1, 4), b), ("avg_pool", 2), ("linear", W.reshape(36, 10), c)


def friends_loss(flat):
    (_, w, b), _, (_, W, c) = friends_layers(flat)
    means = pooled_windows @ w.reshape(25, 4) + b
    flattened = means.reshape(-1, 36)
    loss, slope = softmax_cross_entropy(flattened @ W + c, labels)
    back = (slope @ W.T).reshape(-1, 4)
    parts = pooled_windows.reshape(-1, 25).T @ back, back.sum(axis=0)
    parts += flattened.T @ slope, slope.sum(axis=0)
    return loss, np.concatenate([part.ravel() for part in parts])


def descend(loss, start, steps):
    """Where L-BFGS ends, and the loss at the start and after each step."""
    losses = [loss(start)[0]]

    def keep(intermediate_result):
        losses.append(intermediate_result.fun)

    options = {"maxiter": steps, "maxfun": 2 * steps}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options, callback=keep)
    return found.x, np.array(losses)


# %% figure bet
logistic = ...
with waiting_for("collapse", "softmax_cross_entropy"):
    logistic, logistic_losses = descend(logistic_loss, np.zeros(1010), steps=200)
    start = 0.1 * np.random.default_rng(0).normal(size=474)
    friend, friend_losses = descend(friends_loss, start, steps=120)
    M, c = collapse(friends_layers(friend), (10, 10, 1))
    _, further_losses = descend(logistic_loss, np.append(M, c), steps=80)
    display(
        viz.loss_curves(
            {
                "friend's network": friend_losses,
                "collapsed, trained on": np.concatenate([friend_losses[:-1], further_losses]),
                "logistic regression": logistic_losses,
            },
            steps="step of L-BFGS",
        )
    )
    print(f"friend's network, after {len(friend_losses) - 1} steps: {friend_losses[-1]:.6f}")
    print(f"the same, collapsed to one matrix:   {further_losses[0]:.6f}")
    print(f"and trained on:                      {further_losses[-1]:.6f}")
    print(f"logistic regression, from zero:      {logistic_losses[-1]:.6f}")

# %% [markdown]
# The collapsed network starts *exactly* where the network has ended, because it is the same
# function. From there logistic regression may move all 1010 numbers freely, and goes down.
#
# So every function that the friend's network can be is one that logistic regression can be, too.
# The other way round it is not so. In the words of sets: its functions are a **subset** of those
# of logistic regression. The minimum over a subset is never lower than the minimum over the whole.
# It can be equal: leave the convolution and the pool out, and a single linear layer *is* logistic
# regression.
#
# A course document from which this question comes says that the loss will be "strictly higher than
# or equal". It cannot be both. Right is: **higher or equal, given proper optimisation**. The
# last three words matter, too. Who stops logistic regression after five steps can get any result.
#
# That is about *training* loss. On images that neither has seen, tied hands may even help: a
# network that can do less has less to learn by heart.
#
# **A friend trains a network of convolution, average pooling and linear layers, without a
# nonlinearity before the softmax, and expects a lower training loss than that of logistic
# regression. What do you tell him? Give the argument, say when the two losses are equal, and what
# the argument takes for granted.** Four to eight sentences. A person reads them.

# %% written linear_network [markdown]
# Convolution, average pooling and a linear layer each compute weighted sums of their inputs plus a
# bias. Such functions stay such functions when they are put one after the other, so the scores of
# the whole network are $x M + c$ with one matrix and one bias. With softmax on top this is a
# logistic regression. So every setting of the network's parameters gives a function that logistic
# regression can be, but not the other way round: shared weights, small windows and the pool force
# structure on $M$. The network is a subclass, and the minimum of the training loss over a subclass
# is never lower: it is higher or equal. It is equal when the best matrix of logistic regression
# happens to be one that the network can make, for instance if the network is a single linear
# layer, or wide enough to make every matrix. The argument compares the best that each can do, so
# both must be trained properly: if the optimiser stops early or is stuck, either can come out
# ahead. (Logistic regression is convex and does not get stuck; the network, a product of
# parameters, is not.) It says nothing about the loss on new images.
#
# ### BEGIN MARK SCHEME
# 4 points.
#
# - **1 point**: each layer is linear (affine), and a composition of such layers is one matrix and
#   bias; with softmax that is logistic regression.
# - **1 point**: the network is a subclass of logistic regression, because its matrix is
#   constrained (weight sharing, windows, pooling); or: logistic regression can copy the network.
# - **1 point**: therefore its training loss is higher *or equal*, with one case of equality. Half
#   a point for "higher" alone or "strictly higher".
# - **1 point**: proper optimisation (each at its minimum) is taken for granted. A remark that test
#   loss is another matter is welcome and not required.
# - No points for "more layers, more parameters, so lower loss", or for counting parameters only.
# ### END MARK SCHEME

# %% [markdown]
# ## 5 · One bend
#
# Even the best matrix reads these digits badly. Here is why. Column $k$ of $M$ is a picture: the
# *template* of the digit $k$. The score of a digit is its template, laid over the image,
# multiplied and added up. One template must fit nine places at once.

# %% figure templates
with waiting_for("logistic", "softmax_cross_entropy"):
    logistic_loss(np.zeros(1010))
    matrix = logistic[:-10].reshape(10, 10, 10)
    display(
        viz.image_rows(
            {"the ten templates of logistic regression": matrix.transpose(2, 0, 1)},
            signed=["the ten templates of logistic regression"],
            captions={"the ten templates of logistic regression": [str(k) for k in range(10)]},
        )
    )
    linear_scores = test_images.reshape(-1, 100) @ logistic[:-10].reshape(100, 10) + logistic[-10:]
    share = np.mean(linear_scores.argmax(axis=1) == test_labels)
    print(f"right on {share:.1%} of the test images")

# %% [markdown]
# The way out is a bend. After the convolution comes
#
# $$ \text{ReLU}(z) = \max(0, z) $$
#
# for every number of the maps. Test it with two pixels and the filter $[1, -1]$, so $z = x_0 -
# x_1$. The image $[2, 0]$ gives 2. The image $[0, 2]$ gives $\max(0, -2) = 0$. Their sum $[2, 2]$
# gives 0, and not $2 + 0$. **The answers to single pixels no longer add up**, so no matrix holds
# them.
#
# *Predict:* the average pool becomes a max pool, too. Is a max pool linear? (Try $[2, 0]$ and
# $[0, 2]$ again.)
#
# The slope of ReLU is 1 where $z > 0$ and 0 where $z < 0$. Backward, the gradient passes where $z$
# was above zero, and stops where it was below. It depends on $z$, not on the sign of the gradient.
#
# ## 6 · The network, from your parts
#
# | | layer | shape, for a batch of `N` | parameters |
# |---|---|---|---|
# | | images | `(N, 10, 10, 1)` | |
# | `z` | convolution, 5 × 5, stride 1, no padding | `(N, 6, 6, F)` | `w`, `b` |
# | `a` | ReLU | `(N, 6, 6, F)` | |
# | `p` | max pool, 2 × 2 side by side | `(N, 3, 3, F)` | |
# | | flattened | `(N, 9 F)` | |
# | `s` | linear | `(N, 10)` | `W`, `c` |
# | | softmax, cross-entropy | one number | |
#
# ### Bring your parts
#
# You have written the layers before. **Paste your own functions** over the stubs: `conv2d`
# (notebook 02), `max_pool2d` and `max_pool2d_backward` (notebook 05), `conv2d_backward` (notebook
# 06). Same names, same signatures. This cell has no points of its own; the checks below it say
# whether a part works.
#
# Have you not done one of them? Then write `from convkit import conv2d`, or whichever is missing,
# in its place. It costs no points, only the pleasure of a network that is all yours. From convkit,
# as in notebooks 05 and 06, `conv2d_backward` returns `dx, dw, db`, and `max_pool2d_backward` one
# array, `dx`.


# %% solution layers
def conv2d(x, w, b, stride=1, padding=0):
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


def conv2d_backward(dy, x, w, stride=1, padding=0):
    ### BEGIN SOLUTION
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, _ = w.shape
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            top, left = i * stride, j * stride
            here = (slice(None), slice(top, top + kh), slice(left, left + kw))
            dw += np.tensordot(padded[here], dy[:, i, j], axes=(0, 0))
            dpadded[here] += np.tensordot(dy[:, i, j], w, axes=(1, 3))
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))
    ### END SOLUTION


def max_pool2d(x, size, stride=None, padding=0):
    ### BEGIN SOLUTION
    stride = stride or size
    border = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), border, constant_values=-np.inf)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, top : top + size, left : left + size]
            y[:, i, j] = window.max(axis=(1, 2))
    return y
    ### END SOLUTION


def max_pool2d_backward(dy, x, size, stride=None):
    ### BEGIN SOLUTION
    stride = stride or size
    n, _, _, channels = x.shape
    images_axis, channels_axis = np.ogrid[:n, :channels]
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            top, left = i * stride, j * stride
            window = x[:, top : top + size, left : left + size]
            largest = window.reshape(n, -1, channels).argmax(axis=1)
            down, right = np.divmod(largest, size)
            dx[images_axis, top + down, left + right, channels_axis] += dy[:, i, j]
    return dx
    ### END SOLUTION


# %% playground parts
for part in (conv2d, conv2d_backward, max_pool2d, max_pool2d_backward):
    check(part.__name__, part)

# %% [markdown]
# ### Your turn: `loss_and_gradients`
#
# `parameters` is the tuple `(w, b, W, c)`: `w` is `(kh, kw, C, F)`, `b` is `(F,)`, `W` is
# `(features, K)`, `c` is `(K,)`. Compute the network of the table for `images` of shape
# `(N, H, W, C)`, whatever the sizes are, and its loss for `labels` of shape `(N,)`, by your
# `softmax_cross_entropy`. Then go back, layer by layer. Return
#
# `loss, (dw, db, dW, dc)`
#
# where each gradient has the shape of its parameter. As in `max_pool2d`, a row or column that
# fills no window is left out. You need no gradient of the images.
#
# A mistake in `softmax_cross_entropy` shows here again, so mend that first. In messages, part (or
# result) 1 is the loss, and 2 the tuple of gradients: there, 1 to 4 are `dw`, `db`, `dW`, `dc`.
#
# *Predict:* the linear layer takes $f$ of shape `(N, features)`, and `dscores` of shape `(N, K)`
# comes back. Which product of the two has the shape of `W`?
#
# <details><summary><b>Hint: write down six names</b></summary>
#
# Forward: `z`, `a`, `p`, `features`, `scores`, and the loss. Keep them all. Backward you meet them
# in the opposite order, and each gradient has the shape of its namesake: `dscores` (you have it),
# `dfeatures`, `dp`, `da`, `dz`. Between `dfeatures` and `dp` only the shape changes. Only three
# lines on this way make the four gradients that are returned. The division by $N$ is in `dscores`
# already; do not divide again.
# </details>


# %% solution loss_and_gradients
def loss_and_gradients(parameters, images, labels):
    """Loss of the network on a batch, and the gradient of each parameter.

    Parameters
    ----------
    parameters : tuple of ndarray
        w of shape (kh, kw, C, F), b (F,), W (features, K), c (K,).
    images : ndarray of shape (N, H, W, C)
        The batch.
    labels : ndarray of shape (N,)
        The right classes.

    Returns
    -------
    loss : float
        Mean cross-entropy.
    gradients : tuple of ndarray
        dw, db, dW, dc.
    """
    ### BEGIN SOLUTION
    w, b, W, c = parameters
    z = conv2d(images, w, b)
    a = np.maximum(z, 0)
    p = max_pool2d(a, 2)
    features = p.reshape(len(images), -1)
    loss, dscores = softmax_cross_entropy(features @ W + c, labels)

    dp = (dscores @ W.T).reshape(p.shape)
    dz = max_pool2d_backward(dp, a, 2) * (z > 0)
    _, dw, db = conv2d_backward(dz, images, w)
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))
    ### END SOLUTION


# %% test loss_and_gradients
check("loss_and_gradients", loss_and_gradients)

# %% [markdown]
# ## 7 · Training
#
# Training is short. Draw random parameters. Take 32 images, compute the gradients, go a small step
# downhill, take the next 32. Once through all the images is an *epoch*. Three refinements:
#
# - **Momentum.** The step is not the gradient alone but a running sum of the latest gradients. It
#   rolls on where they agree and calms down where they contradict each other.
# - **Smaller and smaller steps.** They shrink from epoch to epoch, so that the end is calm.
# - **New places.** Before every epoch the digits are scattered anew, with some noise. The network
#   never sees the same image twice, so it cannot learn images by heart.
#
# Why random, and how large? If all filters started alike, all would get the same gradient and stay
# alike for ever. And if they are too small or too large, maps fade or blow up from layer to layer:
# a spread of $\sqrt{2 / \text{inputs}}$ keeps them level behind a ReLU.


# %% setup training
def random_parameters(filters, seed=0):
    rng = np.random.default_rng(seed)
    features = 3 * 3 * filters
    w = rng.normal(0, np.sqrt(2 / 25), (5, 5, 1, filters))
    W = rng.normal(0, np.sqrt(1 / features), (features, 10))
    return w, np.zeros(filters), W, np.zeros(10)


def train(loss_and_gradients, parameters, epochs, rate, batch=32, seed=0):
    """Stochastic gradient descent with momentum: parameters, and the mean loss of each epoch."""
    rng = np.random.default_rng(seed)
    parameters = [p.copy() for p in parameters]
    speeds = [np.zeros(p.shape) for p in parameters]
    losses = []
    for epoch in range(epochs):
        scattered = scatter_digits(train_digits.images, rng, noise=0.1)
        step = rate * (1 - epoch / epochs)
        total = 0.0
        for some in np.array_split(rng.permutation(len(labels)), len(labels) // batch):
            loss, gradients = loss_and_gradients(tuple(parameters), scattered[some], labels[some])
            total += loss * len(some)
            for p, speed, gradient in zip(parameters, speeds, gradients, strict=True):
                speed *= 0.9
                speed -= step * gradient
                p += speed
        losses.append(total / len(labels))
        if epoch % 5 == 4 or epoch == epochs - 1:
            print(f"epoch {epoch + 1:2}: loss {losses[-1]:.3f}")
    return tuple(parameters), losses


# %% [markdown]
# First the stopwatch. It times one step with *your* parts and says what a whole training takes.

# %% figure stopwatch
with waiting_for("loss_and_gradients", "conv2d", what="The stopwatch"):
    batch = images[:32], labels[:32]
    loss, _ = loss_and_gradients(random_parameters(24), *batch)
    begin = perf_counter()
    for _ in range(3):
        loss_and_gradients(random_parameters(24), *batch)
    step = (perf_counter() - begin) / 3
    whole = step * 15 * (len(images) // 32)
    print(f"first loss {loss:.2f}; one step {1e3 * step:.1f} ms; 15 epochs about {whole:.0f} s")
    if whole > 20:
        print("That is too slow for the grader, which allows 60 s. Read the advice below.")

# %% [markdown]
# A few seconds are fine. **If it says more than 20 s**, do not wait: look for the loop over
# *images* or over *filters* in your convolution and pool. Let one step handle the whole batch, as
# in `windows = padded[:, top : top + kh, left : left + kw, :]`; then only the loops over places
# are left, 36 of them. Or take that one part from convkit. (The grader runs this notebook from the
# top on one core and stops a cell after 60 s.)
#
# The next cell is yours to change: more filters, more epochs, another rate. As it stands, it is
# good enough.

# %%
trained, losses = ..., ...
with waiting_for("loss_and_gradients", "conv2d", what="Training"):
    trained, losses = train(loss_and_gradients, random_parameters(filters=24), epochs=15, rate=0.1)

# %% [markdown]
# ### Your turn: `predict`
#
# Two short functions. `scores(images)` sends `images` of shape `(N, 10, 10, 1)` forward through the
# network and returns the scores, `(N, 10)`. Its parameters `w, b, W, c` are in `trained`, from the
# cell above. The pictures of section 8 need this function. `predict(images)` returns an array of
# `N` whole numbers from 0 to 9: the digits that the network sees.
#
# You are marked on digits that you have never seen: 299 others by the same people, written anew in
# every run. Each is turned by up to 5 degrees, stretched by up to 4 %, moved by parts of a pixel
# and drawn with another pen. `check` takes the test digits as they are, and asks for a little more.
#
# | images | `check` | your points |
# |---|---|---|
# | in the middle of the canvas | 95 % right | 91 % |
# | anywhere on it | 90 % | 87 % |
# | anywhere, with noise of standard deviation 0.1 | 85 % | 82 % |
#
# Train on `train_digits` only. Who trains on the test digits has a number that means nothing.
#
# <details><summary><b>Hint: half of it is written</b></summary>
#
# The scores are the forward half of `loss_and_gradients`. Softmax keeps their order, so you do not
# need it. What has the shape `(N,)`: the position of the largest entry of each *row*.
# </details>


# %% solution predict
def scores(images):
    """Scores of the ten digits for each image, by the trained network."""
    ### BEGIN SOLUTION
    w, b, W, c = trained
    p = max_pool2d(np.maximum(conv2d(images, w, b), 0), 2)
    return p.reshape(len(images), -1) @ W + c
    ### END SOLUTION


def predict(images):
    """Read digits with the trained network.

    Parameters
    ----------
    images : ndarray of shape (N, 10, 10, 1)
        Digits on a black canvas.

    Returns
    -------
    ndarray of int, shape (N,)
        What each image shows, from 0 to 9.
    """
    ### BEGIN SOLUTION
    return np.argmax(scores(images), axis=1)
    ### END SOLUTION


# %% test predict
check("predict", predict)

# %% [markdown]
# Convolutions, pools, gradients, a loss: you have written every part, and it reads handwriting.
#
# ## 8 · Look inside
#
# *Predict:* after which epoch does the loss fall below that of logistic regression? (The network
# even has the harder task: its training images come at new places and with noise, every time.)

# %% figure curves
with waiting_for("predict", "trained", "softmax_cross_entropy"):
    predict(test_images[:1])
    best_linear = logistic_loss(logistic)[0]
    before, _ = loss_and_gradients(random_parameters(len(trained[1])), images, labels)
    display(
        viz.loss_curves(
            {"with ReLU and max pool": [before, *losses]},
            floor=("logistic regression", best_linear),
        )
    )
    loss, _ = loss_and_gradients(trained, images, labels)
    print(f"loss on the training images: {loss:.3f}, logistic regression {best_linear:.3f}")

# %% [markdown]
# Which digits does it take for which? And which ones does it get wrong? Would you have known?

# %% figure mistakes
with waiting_for("predict", "trained"):
    said = predict(test_images)
    display(viz.confusion(test_labels, said, classes=10))
    wrong = np.flatnonzero(said != test_labels)[:9]
    if len(wrong):
        title = "misread (what it shows → what the network says)"
        words = [f"{test_labels[i]} → {said[i]}" for i in wrong]
        display(viz.image_rows({title: test_images[wrong, :, :, 0]}, captions={title: words}))

# %% [markdown]
# The filters, 5 × 5 each. Nobody chose them. *Look for* edges and strokes: a blue side beside an
# orange one, upright, lying or slanted. Sobel's kernel from notebook 02 has found its relatives.

# %% figure filters
with waiting_for("predict", "trained"):
    predict(test_images[:1])
    filters = trained[0][:, :, 0].transpose(2, 0, 1)
    display(viz.image_rows({"learned filters": filters[:9]}, signed=["learned filters"]))

# %% [markdown]
# **What has the bend changed?** Close to one image, the network *is* linear: as long as no $z$
# changes its sign and no window its winner, its score is a template laid over the image. But every
# image has a template of its own. Here are threes at several places, the template of logistic
# regression, and the network's own template for each (the gradient of the score for 3 with respect
# to the image, measured pixel by pixel as in gradient checking).
#
# *Predict:* which of the two rows of templates moves along with the digit?


# %% setup slopes
def slopes(function, image, step=1e-4):
    """How each pixel moves a number: central differences, all 100 pixels in one batch."""
    nudges = step * np.eye(100).reshape(100, 10, 10, 1)
    rise = function(image + nudges) - function(image - nudges)
    return rise.reshape(10, 10) / (2 * step)


# %% figure own_templates
with waiting_for("scores", "predict", "trained", "collapse", "softmax_cross_entropy"):
    threes = test_images[test_labels == 3][:7]
    own = [slopes(lambda x: scores(x)[:, 3], three) for three in threes]
    fixed = [logistic[:-10].reshape(10, 10, 10)[..., 3]] * len(threes)
    one, many = "template of logistic regression", "the network's template for this image"
    display(
        viz.image_rows(
            {"threes": threes[..., 0], one: fixed, many: own},
            signed=[one, many],
        )
    )

# %% [markdown]
# **Logistic regression reads shifted digits badly, your network reads them well. Explain why one
# linear template for each digit cannot do it, and what convolution, ReLU and max pool each
# contribute. Would it have helped to make the linear network deeper?** Four to eight sentences. A
# person reads them.

# %% written one_template [markdown]
# Logistic regression has a single template for each digit, and the score is the sum of products of
# template and image. If a three is moved by one pixel, other products are formed, so the template
# must suit all nine places at once: it becomes a blurred average, in which strokes of one place
# cancel those of another. The convolution asks the same question at every place: a filter that has
# learned a stroke finds it wherever it stands, and its map moves along with the digit. ReLU keeps
# "found" and drops "not found" (or the opposite), so that missing strokes at many places cannot
# outweigh a stroke that is there; this makes the answer depend on the image in a way that no
# matrix can. The max pool asks whether the stroke is anywhere in its window, and forgets where
# exactly, so a shift by one pixel often changes nothing. More linear layers would not have helped:
# a product of matrices is a matrix, and there would still be one template for each digit.
#
# ### BEGIN MARK SCHEME
# 4 points.
#
# - **1 point**: one fixed template (weighted sum of pixels) must fit all places, so it averages
#   them out.
# - **1 point**: the convolution detects the same feature at every place (the map shifts with the
#   digit).
# - **1 point** for ReLU or max pool doing something that no linear layer can: presence and not
#   sum, tolerance to small shifts, a template that depends on the image. Both with one right
#   sentence each, or one of them explained well.
# - **1 point**: deeper linear networks collapse and change nothing.
# ### END MARK SCHEME

# %% [markdown]
# ## 9 · And yet it can be fooled
#
# The gradient with respect to the *image* says how to change each pixel so that the loss rises.
# Notebook 06 has more on this. Here is the smallest step, in the direction of the signs, that
# makes your network change its mind about one test digit. *Predict:* will you see the change?


# %% figure fooled
def probabilities(x):
    powers = np.exp(scores(x) - scores(x).max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def losses_of(x, label):
    return -np.log(probabilities(x)[:, label])


with waiting_for("scores", "predict", "trained"):
    right = probabilities(test_images)[np.arange(len(test_labels)), test_labels]
    sure = np.argmax(right >= min(0.99, right.max()))
    x, label = test_images[sure], test_labels[sure]
    direction = np.sign(slopes(lambda some: losses_of(some, label), x)).reshape(x.shape)
    for epsilon in np.arange(0.02, 0.6, 0.02):
        changed = np.clip(x + epsilon * direction, 0, 1)
        if predict(changed[None])[0] != label:
            break
    before, after = probabilities(np.stack([x, changed]))
    display(viz.adversarial_example(x[..., 0], changed[..., 0], before, after))
    print(f"No pixel is changed by more than {epsilon:.2f}.")

# %% [markdown]
# On 10 × 10 pixels you can see it. With more pixels there are more small pushes in the same
# direction, and each can be smaller. On a photograph such a change is invisible.
#
# ## To think about
#
# ReLU can stand before the max pool or behind it. Does the network's answer change? And the work?
# (Compare $\max(\text{ReLU}(a), \text{ReLU}(b))$ with $\text{ReLU}(\max(a, b))$, and count how
# many numbers each ReLU sees.) Would the same hold for an average pool?
#
# ## What you have now
#
# A stack of linear layers is a matrix with its hands tied, however many layers it has. A bend
# between the layers changes that. You have a network of your own that reads digits, and you know
# every number in it: where it came from, what it costs, and how it was learned.
#
# ## Where this comes from
#
# - EPFL, CS-233, *Theoretical Exercise 9*, April 2024, question 4: the network without
#   nonlinearities and logistic regression. The experiment, the templates and all code were made
#   for this notebook.
# - The digits: E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
#   Learning Repository, 1998, <https://doi.org/10.24432/C50P49>, CC BY 4.0.
# - Starting values: K. He, X. Zhang, S. Ren, J. Sun, *Delving Deep into Rectifiers*, 2015,
#   <https://arxiv.org/abs/1502.01852>.
# - The sign step: I. Goodfellow, J. Shlens, C. Szegedy, *Explaining and Harnessing Adversarial
#   Examples*, 2014, <https://arxiv.org/abs/1412.6572>.
