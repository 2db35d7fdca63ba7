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
# # 01 · Shapes
#
# Before a network computes anything, you can say on paper how large everything in it will be, how
# many numbers it learns, how often it multiplies, and how far one of its outputs can see. People
# who build networks do this all day. At the end of this notebook you can
#
# - say the size of an output for any kernel, stride and padding, and spot a stride that does not
#   fit;
# - count the parameters of a layer, and say what sharing them saves;
# - count multiplications, and compare a convolution with a fully connected layer;
# - say how far a stack of layers sees;
# - keep the books of a whole network, **AlexNet**, down to its last parameter.
#
# **How to work here.** Plan about 90 minutes. Whole numbers and one fraction, no more; a pencil
# helps. Where it says *Predict*, write your guess down before you run the cell. Under every cell
# that you fill in stands a `check`. For a function it tries public examples and says what is wrong
# first. For an answer by hand it sees only whether the answer is complete. Your points come from
# other inputs. Several numbers go into a list, in the order asked for, and rows into a list of
# lists: `[3, 5]`, `[[3, 5], [1, 2]]`.
#
# **House rules for all seven functions.**
#
# - All sizes are plain whole numbers, stride at least 1, padding at least 0.
# - Counts must be exact. `55.0` counts as 55; `54.25` does not.
# - Do not call `convkit` in them: it would do the exercise for you. A function that does gets no
#   points. Your own earlier functions are welcome, and so are Python and NumPy. Loops are fine.
#
# **Words.** An image has the shape `(H, W, C)`: height, width, channels, in this order. Height is
# the number of rows. A kernel of `(kh, kw)` has `kh` rows and `kw` columns. In talk, "a 5 × 5
# filter on a colour image" means a filter of 5 × 5 × 3: it always has as many planes as its input
# has channels, so people leave that number out.

# %% setup
from math import prod
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import conv2d, viz
from convkit.check import check, waiting_for

# %% [markdown]
# ## 1 · How many places?
#
# A window slides along a row of pixels. Every place where it stops gives one number of the output.
# So the size of the output is a count of *places*.
#
# *Predict:* 9 pixels, a window of 4. In how many places can it stand?

# %% figure places
viz.window_positions(n=9, kernel=4)

# %% [markdown]
# The window can *move* $9 - 4 = 5$ times, and it also stands where it began. That makes $5 + 1 = 6$
# places. Leaving this one out is the most common slip of all.
#
# **Padding** $p$ puts $p$ pixels at *each* end, $2p$ in all. **Stride** $s$ makes each move $s$
# pixels long, so there are fewer of them.
#
# *Predict:* 10 pixels, a window of 3, stride 2. How many places? Is every pixel read?

# %% figure a_rest
viz.window_positions(n=10, kernel=3, stride=2)

# %% [markdown]
# There is room for $10 - 3 = 7$ pixels of movement. Moves of 2 fit into it three times, and 1 pixel
# is left over. So we **round down**. $\lfloor\;\rfloor$ is the sign for that:
#
# $$ \text{size of the output} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1 $$
#
# Read it from the inside: room to move, number of moves, plus the place where it began. The bracket
# rounds the *moves*; the 1 is added afterwards.
#
# **By hand, together:** 11 pixels, a window of 5, stride 3, padding 1. Room: $11 + 2 - 5 = 8$.
# Moves: $8 / 3$, rounded down, is 2. Places: 3.
#
# ### Your turn: `conv_output_size`
#
# The formula along one axis: `n` pixels, a window of `kernel` pixels. Round **down** where the
# stride does not fit. The window is never longer than the padded input.
#
# <details><summary><b>Hint: three numbers</b></summary>
#
# Compute room, moves and places one after the other, each with a name. Which of Python's two
# division signs rounds down?
# </details>


# %% solution conv_output_size
def conv_output_size(n, kernel, stride=1, padding=0):
    """Count the places where a window can stand along one axis.

    Parameters
    ----------
    n : int
        Pixels of the input.
    kernel : int
        Pixels of the window.
    stride : int
        Pixels from one place to the next.
    padding : int
        Pixels added at each end.

    Returns
    -------
    int
        Number of places; a last window that would stick out is left out.
    """
    ### BEGIN SOLUTION
    room = n + 2 * padding - kernel
    moves = room // stride
    return moves + 1
    ### END SOLUTION


# %% test conv_output_size
check("conv_output_size", conv_output_size)

# %% [markdown]
# ### When a stride does not fit
#
# Rounding down is what libraries do, without a word. But pixels that no window reads are pixels
# thrown away, so many courses call such a layer **invalid**. Both habits are useful, and you will
# need both: count with the floor, and *notice* the rest.
#
# **By hand: five layers.** An image of 32 × 32 × 3 under one 5 × 5 filter. Give the height of the
# output (it equals the width) for these five, in this order. Write **0** where the stride does not
# fit.
#
# | | stride | padding |
# |---|---|---|
# | 1st | 1 | 0 |
# | 2nd | 2 | 0 |
# | 3rd | 3 | 0 |
# | 4th | 2 | 3 |
# | 5th | 3 | 3 |

# %% value output_sizes
output_sizes = [28, 0, 10, 0, 12]

# %% test output_sizes
check("output_sizes", output_sizes)

# %% [markdown]
# **By hand: a stride that is too long.** An image of 5 × 5 (one channel), a window of 3 × 3, stride
# 3, no padding. Draw the 25 pixels. Give three numbers:
#
# 1. the number of windows, rounding down;
# 2. the number of *pixels* (not columns) that no window reads;
# 3. the smallest padding with which stride 3 fits exactly.

# %% value stride_three
stride_three = [1, 16, 2]

# %% test stride_three
check("stride_three", stride_three)

# %% [markdown]
# Try it, on one row of the image. A `×` marks a pixel that is never read. Save them all twice: once
# with another stride, once with padding. Does every padding that saves them also fit?

# %% playground windows
viz.window_positions(n=5, kernel=3, stride=3, padding=0)

# %% [markdown]
# **Stride is subsampling.** A layer with stride $s$ gives every $s$-th number of the same layer
# with stride 1, and none of the others. Look at where the windows start:

# %% figure stride_one
viz.window_positions(n=11, kernel=3)

# %% [markdown]
# **By hand:** the outputs above are numbered from 0 to 8. Which of them does stride 4 keep? Give
# their numbers.

# %% value kept_outputs
kept_outputs = [0, 4, 8]

# %% test kept_outputs
check("kept_outputs", kept_outputs)

# %% [markdown]
# **Valid and same.** A layer without padding is called *valid*: no window leaves the image. A layer
# with stride 1 and just enough padding to keep the size is called *same*.
#
# **By hand:** 28 pixels, stride 1. For a kernel of 3, of 5 and of 7, give a row with two numbers:
# the *valid* size, and the padding (at each end) that makes it *same*.
#
# <details><summary><b>Hint: what must cancel</b></summary>
#
# At stride 1 the formula is $n + 2p - k + 1$. It equals $n$ if everything after the $n$ cancels.
# Why are kernels in networks nearly always odd?
# </details>

# %% value valid_and_same
valid_and_same = [[26, 1], [24, 2], [22, 3]]

# %% test valid_and_same
check("valid_and_same", valid_and_same)

# %% [markdown]
# Now let your function look over your hand.

# %% figure hand_and_code
with waiting_for("conv_output_size", what="This comparison"):
    five_layers = [(1, 0), (2, 0), (3, 0), (2, 3), (3, 3)]
    print("floor, the five layers:", [conv_output_size(32, 5, s, p) for s, p in five_layers])
    print("valid for 3, 5, 7:", [conv_output_size(28, kernel) for kernel in (3, 5, 7)])

# %% [markdown]
# The floor hides which of the five do not fit. That is the job of the next function.
#
# ## 2 · Height, width, channels
#
# An image has two sides, and each follows the formula for itself. The third number is another
# matter:

# %% figure stacks
viz.channel_stacks(input_shape=(1, 6, 8, 3), kernel_shape=(3, 3, 3, 4))

# %% [markdown]
# A filter has a plane for every channel of the input. It multiplies through all of them and adds
# everything into *one* number. So **one filter makes one map, however many channels it looks
# through**, and the output has as many channels as there are filters:
#
# $$ H_{out} = \frac{H + 2p - k_h}{s} + 1 \qquad
#    W_{out} = \frac{W + 2p - k_w}{s} + 1 \qquad
#    C_{out} = \text{number of filters} $$
#
# There is no floor here: these formulas are for strides that fit. (The $N$ in the picture is the
# number of images in a batch. Layers treat them one by one, so it never changes. Some books write
# the width before the height; with square images nobody notices.)
#
# ### Your turn: `conv_output_shape`
#
# `input_shape` is `(H, W, C)`, `kernel` is `(kh, kw)`. Stride and padding are the same in both
# directions. Return the tuple `(H_out, W_out, filters)`.
#
# Where the stride does **not fit**, along the height, the width or both, return **`None`**: this
# function refuses such a layer. It fits if the last window ends exactly at the last pixel of the
# *padded* image. The kernel is never larger than the padded image.
#
# <details><summary><b>Hint: which number tells?</b></summary>
#
# For each side there is the room to move, and a stride. When does one go into the other without a
# rest? The function from above has already thrown this information away.
# </details>


# %% solution conv_output_shape
def conv_output_shape(input_shape, kernel, filters, stride=1, padding=0):
    """Say the shape of a convolution layer's output.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Height, width and channels of the image.
    kernel : tuple of (int, int)
        Height and width of the kernel.
    filters : int
        Number of filters.
    stride : int
        Pixels from one window to the next, in both directions.
    padding : int
        Pixels added on each side.

    Returns
    -------
    tuple of (int, int, int) or None
        Height, width and channels of the output; None where the stride does not fit.
    """
    ### BEGIN SOLUTION
    height, width, _ = input_shape
    for n, k in zip((height, width), kernel, strict=True):
        if (n + 2 * padding - k) % stride:
            return None
    rows = conv_output_size(height, kernel[0], stride, padding)
    columns = conv_output_size(width, kernel[1], stride, padding)
    return rows, columns, filters
    ### END SOLUTION


# %% test conv_output_shape
check("conv_output_shape", conv_output_shape)

# %% [markdown]
# **By hand: five shapes.** Give a row `[height, width, channels]` for each. The stride is 1.
#
# 1. A 5 × 5 image with one channel, one 3 × 3 filter, no padding.
# 2. A 32 × 32 × 3 image, one 5 × 5 filter, no padding.
# 3. The same with padding 2.
# 4. Ten such filters, still with padding 2.
# 5. A 32 × 32 × 3 image, seven 1 × 1 filters, no padding.

# %% value shapes_by_hand
shapes_by_hand = [[3, 3, 1], [28, 28, 1], [32, 32, 1], [32, 32, 10], [32, 32, 7]]

# %% test shapes_by_hand
check("shapes_by_hand", shapes_by_hand)

# %% [markdown]
# ### What is a 1 × 1 filter good for?
#
# A window of one pixel looks at no neighbour. But it looks through all channels: at every pixel it
# forms a weighted sum of that pixel's channels. Several such filters turn $C$ channels into as many
# as you like, and leave height and width alone. It is a small fully connected layer, the same at
# every pixel. Here is one filter, at one pixel:

# %% figure one_by_one
one_pixel = np.array([[[3, 2, 5]]])
viz.channel_sum(one_pixel, np.array([[[1, 4, -2]]]))

# %% [markdown]
# **By hand:** a pixel has the channels $(2, 1, 3)$. Two 1 × 1 filters have the weights
# $(1, 0, -1)$ and $(4, 2, 0)$, and no bias. Which channels does the pixel have afterwards?

# %% value one_by_one_pixel
one_by_one_pixel = [-1, 10]

# %% test one_by_one_pixel
check("one_by_one_pixel", one_by_one_pixel)

# %% [markdown]
# ### Pools
#
# A max pool slides a window too, and its size follows the same formula. Two things are different.
# It takes the largest number of the window, so there is nothing to learn. And it does this in each
# channel **for itself**.
#
# In 2012 a network by Krizhevsky, Sutskever and Hinton, now called **AlexNet**, won the ImageNet
# contest by a wide margin. Its first layer takes 227 × 227 × 3 images and has 96 filters of
# 11 × 11 with stride 4, no padding. We do this one together:
#
# $$ \frac{227 - 11}{4} + 1 = 54 + 1 = 55, \qquad \text{so its output is } 55 \times 55 \times 96 $$
#
# **The paper prints 224 × 224, and that is an error.** *Predict:* what do your functions say to
# 224?

# %% figure alexnet_begins
with waiting_for("conv_output_shape", "conv_output_size", what="This comparison"):
    for side in (224, 227):
        shape = conv_output_shape((side, side, 3), (11, 11), 96, stride=4)
        print(f"{side} × {side} under 11 × 11 at stride 4: {shape}")
    print("224, rounded down:", conv_output_size(224, 11, stride=4))
    print("224 with padding 2, rounded down:", conv_output_size(224, 11, stride=4, padding=2))

# %% [markdown]
# $(224 - 11) / 4 = 53.25$: the stride does not fit, and rounded down the size would be 54. But the
# paper goes on with 55. Two ways lead there: images of **227** without padding, which the course
# documents use and so do we, or 224 with a padding of 2, which later versions use (and which leaves
# one column over).
#
# **By hand: two pools.** Give a row `[height, width, channels, trainable parameters]` for each.
#
# 1. The output of AlexNet's first layer goes into a 3 × 3 max pool with stride 2, no padding.
# 2. Maps with 60 rows, 40 columns and 17 channels go into a 5 × 5 max pool with stride 5, no
#    padding.
#
# Is there any window for which a pool changes the number of channels?

# %% value pools
pools = [[27, 27, 96, 0], [12, 8, 17, 0]]

# %% test pools
check("pools", pools)

# %% [markdown]
# ## 3 · What is there to learn?
#
# *Predict:* 8 pixels in, 6 numbers out. A fully connected layer has a weight for each pair and a
# bias for each output. How many parameters? And if each output looks at 3 pixels only?

# %% figure sharing
viz.weight_sharing(inputs=8, kernel=3)

# %% [markdown]
# Every line is one weight. Orange lines that are dashed alike are **the same** weight. Four ideas,
# one after the other:
#
# 1. **Fully connected**: every output looks at every pixel.
# 2. **Receptive fields**: an output looks at a window. What belongs together in an image is near.
# 3. **Sharing**: all windows use the same weights. An edge is an edge everywhere. The bias is
#    shared as well.
# 4. **Many kernels**: one shared kernel finds one thing only. So learn several, each with its own
#    map.
#
# **By hand:** a grey image of 20 × 30 pixels, windows of 3 × 3, stride 1, no padding, so 18 × 28
# places. Give the number of parameters, **biases included**, of
#
# 1. a fully connected layer with 18 · 28 outputs;
# 2. a layer with the same outputs, each with a 3 × 3 window and weights (and a bias) of its own;
# 3. one shared 3 × 3 kernel;
# 4. six shared 3 × 3 kernels.
#
# (Python is a good pocket calculator: you may write `18 * 28`. One of the documents behind this
# notebook counts inputs and kernels with the same letter $M$. They have nothing to do with each
# other.)

# %% value weight_sharing
weight_sharing = [302_904, 5_040, 10, 60]

# %% test weight_sharing
check("weight_sharing", weight_sharing)

# %% [markdown]
# From three hundred thousand to sixty. Fewer parameters need less data to learn, and what is
# learned in one corner of the image is known in all others. The price: such a layer *cannot* treat
# one place differently from another.
#
# ### With channels
#
# A filter on $C$ channels has $k_h \cdot k_w \cdot C$ weights and **one** bias, since all its
# planes are added into one number. A layer has $K$ filters:
#
# $$ \text{parameters} = K \, (k_h \, k_w \, C + 1) $$
#
# Where is the size of the image in this formula? Nowhere.
#
# ### Your turn: `conv_parameters`
#
# `kernel` is `(kh, kw)`. With `bias=True` each filter has a bias, with `bias=False` none has.
#
# <details><summary><b>Hint: lay the arrays out</b></summary>
#
# The weights of the whole layer form one array of shape `(kh, kw, in_channels, filters)`. The
# biases form another one. How many entries has each?
# </details>


# %% solution conv_parameters
def conv_parameters(kernel, in_channels, filters, bias=True):
    """Count the trainable parameters of a convolution layer.

    Parameters
    ----------
    kernel : tuple of (int, int)
        Height and width of the kernel.
    in_channels : int
        Channels of the input.
    filters : int
        Number of filters.
    bias : bool
        Whether each filter has a bias.

    Returns
    -------
    int
        Number of weights and biases.
    """
    ### BEGIN SOLUTION
    kh, kw = kernel
    weights = kh * kw * in_channels * filters
    return weights + filters if bias else weights
    ### END SOLUTION


# %% test conv_parameters
check("conv_parameters", conv_parameters)

# %% [markdown]
# **By hand: five layers.** First with pencil, then with your function. With biases, unless it says
# otherwise. Not every number in the list matters.
#
# 1. AlexNet's first layer: 96 filters of 11 × 11, stride 4, on 227 × 227 × 3 images.
# 2. 25 filters of 3 × 3, stride 2, padding 1, on 31 × 31 × 5 images.
# 3. Ten 5 × 5 filters on 32 × 32 × 3 images, padding 2, **without** biases.
# 4. The same with biases.
# 5. Four 3 × 3 filters on images with 3 channels.

# %% value parameter_counts
parameter_counts = [34_944, 1_150, 750, 760, 112]

# %% test parameter_counts
check("parameter_counts", parameter_counts)

# %% [markdown]
# ## 4 · What does it cost?
#
# Time goes into multiplications. Each number of the output is a sum of products: one product for
# each weight of its filter. So
#
# $$ \text{multiplications} = \underbrace{H_{out} \, W_{out} \, C_{out}}_{\text{numbers to compute}}
# \cdot \underbrace{k_h \, k_w \, C}_{\text{products for each}} $$
#
# **By hand, together:** a grey 6 × 8 image, one 3 × 2 kernel. The output is 4 × 7, so 28 numbers.
# Each takes 6 products. 168 in all.
#
# ### Your turn: `conv_multiplications`
#
# The same arguments as `conv_output_shape`. Count the multiplications on **one** image. Products
# with the zeros of the padding count, since the usual programs compute them. Additions and biases
# do not count.
#
# A stride that does not fit is **rounded down** here: the layer is computed all the same, and you
# count what it does. So the answer is always a number.
#
# <details><summary><b>Hint: which helper?</b></summary>
#
# You have two functions that know about sizes. One of them refuses to answer where the stride does
# not fit.
# </details>


# %% solution conv_multiplications
def conv_multiplications(input_shape, kernel, filters, stride=1, padding=0):
    """Count the multiplications of a convolution layer on one image.

    Parameters
    ----------
    input_shape : tuple of (int, int, int)
        Height, width and channels of the image.
    kernel : tuple of (int, int)
        Height and width of the kernel.
    filters : int
        Number of filters.
    stride : int
        Pixels from one window to the next, in both directions.
    padding : int
        Pixels added on each side.

    Returns
    -------
    int
        Number of products of a weight with a pixel.
    """
    ### BEGIN SOLUTION
    height, width, channels = input_shape
    kh, kw = kernel
    rows = conv_output_size(height, kh, stride, padding)
    columns = conv_output_size(width, kw, stride, padding)
    return rows * columns * filters * kh * kw * channels
    ### END SOLUTION


# %% test conv_multiplications
check("conv_multiplications", conv_multiplications)

# %% [markdown]
# ### Your turn: `linear_multiplications`
#
# A fully connected layer: each of the `out_features` numbers is a weighted sum of all `in_features`
# inputs. Again only the products count. One line will do.


# %% solution linear_multiplications
def linear_multiplications(in_features, out_features):
    """Count the multiplications of a fully connected layer on one input.

    Parameters
    ----------
    in_features : int
        Numbers that come in.
    out_features : int
        Numbers that go out.

    Returns
    -------
    int
        Number of products of a weight with an input.
    """
    ### BEGIN SOLUTION
    return in_features * out_features
    ### END SOLUTION


# %% test linear_multiplications
check("linear_multiplications", linear_multiplications)

# %% [markdown]
# **By hand: the same output, twice.** An image of 20 × 30 × 4 and 7 kernels of 3 × 5, stride 1, no
# padding. Give three numbers:
#
# 1. the multiplications of this convolution;
# 2. those of a fully connected layer that takes the same image and gives the same *number* of
#    outputs;
# 3. the first divided by the second.
#
# The third is a simple fraction. Find it from the letters first: what cancels, what stays? You may
# give it as `a / b`.

# %% value multiplications_by_hand
multiplications_by_hand = [196_560, 7_862_400, 15 / 600]

# %% test multiplications_by_hand
check("multiplications_by_hand", multiplications_by_hand)

# %% [markdown]
# The number of outputs and the channels cancel. What stays is
#
# $$ \frac{\text{convolution}}{\text{fully connected}} = \frac{k_h \, k_w}{H \, W} $$
#
# the part of the image that one window covers. The larger the image, the more a convolution saves.
#
# ### Is time the same as multiplications? Honestly, no
#
# Both layers below multiply equally often on one image: 9,437,184 times. The convolution uses each
# of its few weights again at every place. The fully connected layer uses each of its millions of
# weights once, and has to fetch every one of them from memory.
#
# *Predict:* which one is faster on one image? And what does a batch of 16 images cost, compared
# with one: 16 times as much?

# %% figure timing
rng = np.random.default_rng(0)
images = rng.random((16, 64, 64, 8), dtype=np.float32)
filters = rng.random((3, 3, 8, 32), dtype=np.float32)
features = rng.random((16, 2304), dtype=np.float32)
weights = rng.random((2304, 4096), dtype=np.float32)


def best_milliseconds(call, batch):
    return 1e3 * min(repeat(lambda: call(batch), number=1, repeat=7))


with waiting_for("conv_multiplications", "linear_multiplications", what="This table"):
    counts = {
        "convolution": conv_multiplications((64, 64, 8), (3, 3), 32, padding=1),
        "fully connected": linear_multiplications(2304, 4096),
    }
    calls = {
        "convolution": lambda batch: conv2d(images[:batch], filters, padding=1),
        "fully connected": lambda batch: features[:batch] @ weights,
    }
    print(f"{'':>16} {'multiplications':>16} {'1 image':>12} {'16 images':>12}")
    for name, call in calls.items():
        one, many = best_milliseconds(call, 1), best_milliseconds(call, 16)
        times = f"{one:>9.2f} ms {many:>9.2f} ms = {many / one:.1f} ×"
        print(f"{name:>16} {counts[name]:>16,} {times}")

# %% [markdown]
# The times jump about from run to run and from machine to machine. Run the cell again, and look for
# two things.
#
# - On **one** image the counts are equal, the times need not be. The fully connected layer mostly
#   waits for its nine million weights. The convolution has 2,304 of them, but it must first copy
#   its windows into place.
# - With **16** images there is 16 times as much arithmetic for both. The fully connected layer
#   usually takes *less* than 16 times as long, since a weight that has been fetched serves the
#   whole batch. The convolution reused its weights from the start: it has nothing to gain there,
#   and may even lose when its copies outgrow the processor's cache.
#
# So the count tells you how much *arithmetic* there is. It says nothing about the waiting and the
# copying around it. Measure before you believe.
#
# ## 5 · How far does it see?
#
# One output of a 3 × 3 layer sees 3 pixels along each axis. Put a second layer on top: its outputs
# see three outputs of the first. How many pixels of the image is that?
#
# *Predict:* step through it. What does the third layer add? Why more than the second?

# %% figure growth
viz.receptive_field_growth([(3, 1), (3, 2), (3, 1), (2, 2)])

# %% [markdown]
# The number of pixels, from the first to the last, that one output depends on is its **receptive
# field**. A layer with a kernel of $k$ adds $k - 1$ **steps**. How long is a step? Neighbouring
# outputs of the layer *below* lie as many pixels apart as all the strides up to there, multiplied,
# make it:
#
# $$ \text{field} = 1 + \sum_{l} (k_l - 1) \cdot \underbrace{s_1 \, s_2 \cdots s_{l-1}}_{
# \text{strides before layer } l} $$
#
# **By hand, together:** layers with kernel 3 and stride 2, then kernel 3 and stride 1. Begin with 1
# pixel. The first layer adds $(3 - 1) \cdot 1 = 2$. Now a step is 2 pixels long. The second adds
# $(3 - 1) \cdot 2 = 4$. Together 7. The stride of the *last* layer never matters.
#
# ### Your turn: `receptive_field`
#
# `layers` is a tuple of pairs `(kernel, stride)`, such as `((3, 2), (3, 1))`. The layer next to the
# input comes first. There is at least one. Return the receptive field of one output of the last
# layer, along one axis. Borders play no part. Pools count like any other layer.
#
# <details><summary><b>Hint: two numbers to carry</b></summary>
#
# Walk through the layers from the input. Carry the field so far and the length of a step. What are
# both before the first layer? In which order must a layer change them?
# </details>


# %% solution receptive_field
def receptive_field(layers):
    """Say how many pixels, along one axis, one output of a stack of layers sees.

    Parameters
    ----------
    layers : tuple of (int, int)
        Kernel and stride of each layer, the one next to the input first.

    Returns
    -------
    int
        Pixels from the first to the last that the output depends on.
    """
    ### BEGIN SOLUTION
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field
    ### END SOLUTION


# %% test receptive_field
check("receptive_field", receptive_field)

# %% [markdown]
# **By hand: small kernels.** Three layers of 3 × 3 with stride 1, one after the other. All maps
# have 10 channels, at the input too. Biases are left out. Give three numbers:
#
# 1. the receptive field of the stack along one axis;
# 2. the weights of the three layers together;
# 3. the weights of *one* layer with 7 × 7 kernels, 10 channels in and 10 out.

# %% value small_kernels
small_kernels = [7, 2_700, 4_900]

# %% test small_kernels
check("small_kernels", small_kernels)

# %% [markdown]
# The same view, for little more than half the weights, and with room for two more nonlinearities in
# between. The VGG networks of 2014 were built on this thought.
#
# Your own stack here: how few layers do you need to see 31 pixels?

# %% playground receptive_fields
viz.receptive_field_growth([(3, 2), (3, 2), (3, 1)]).frame(3)

# %% [markdown]
# ## 6 · The books of AlexNet
#
# Now all of it at once. AlexNet has five convolution layers, three max pools and three fully
# connected layers:
#
# | layer | kernel | stride | padding | filters or outputs |
# |---|---|---|---|---|
# | conv1 | 11 × 11 | 4 | 0 | 96 |
# | pool1 | 3 × 3 | 2 | 0 | |
# | conv2 | 5 × 5 | 1 | 2 | 256 |
# | pool2 | 3 × 3 | 2 | 0 | |
# | conv3 | 3 × 3 | 1 | 1 | 384 |
# | conv4 | 3 × 3 | 1 | 1 | 384 |
# | conv5 | 3 × 3 | 1 | 1 | 256 |
# | pool5 | 3 × 3 | 2 | 0 | |
# | fc6 | | | | 4096 |
# | fc7 | | | | 4096 |
# | fc8 | | | | 1000 |
#
# (There is no pool after conv3 and conv4, hence the name pool5.)

# %% setup layer_names
layer_names = ["input", "conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]
layer_names += ["fc6", "fc7", "fc8"]
trained_layers = [name for name in layer_names if name.startswith(("conv", "fc"))]

# %% [markdown]
# ### Your turn: `alexnet_shapes`
#
# A function without arguments. Return a **list of twelve tuples**: first the input, `(227, 227,
# 3)`, then what each of the eleven layers gives out, in the order of the table. Convolutions and
# pools give `(height, width, channels)`. The fully connected layers give a tuple with one number,
# such as
# `(4096,)`: mind the comma. Flattening the last maps into a row is not a layer and gets no line.
#
# Write the numbers down, or let `conv_output_shape` find them, layer after layer. There is one
# AlexNet, so `check` sees only whether your answer is complete.
#
# <details><summary><b>Hint: a pool as a layer</b></summary>
#
# A pool has the sizes of a convolution layer with the same kernel, stride and padding. How many
# "filters" must it have, to leave the channels as they are?
# </details>


# %% solution alexnet_shapes
def alexnet_shapes():
    """List the shapes of AlexNet, from the input to the scores of its 1000 classes.

    Returns
    -------
    list of tuple of int
        Twelve shapes: (H, W, C) up to the last pool, then (features,).
    """
    ### BEGIN SOLUTION
    # Kernel, stride, padding, filters; a pool has no filters.
    layers = [
        (11, 4, 0, 96),
        (3, 2, 0, None),
        (5, 1, 2, 256),
        (3, 2, 0, None),
        (3, 1, 1, 384),
        (3, 1, 1, 384),
        (3, 1, 1, 256),
        (3, 2, 0, None),
    ]
    shapes = [(227, 227, 3)]
    for kernel, stride, padding, filters in layers:
        channels = filters or shapes[-1][2]
        shapes.append(conv_output_shape(shapes[-1], (kernel, kernel), channels, stride, padding))
    return [*shapes, (4096,), (4096,), (1000,)]
    ### END SOLUTION


# %% test alexnet_shapes
check("alexnet_shapes", alexnet_shapes)

# %% [markdown]
# ### What it learns, and what it costs
#
# In 2012 one graphics card was too small for this network. So it was cut in two: each card held
# half of the filters of every layer. In **conv2, conv4 and conv5** a filter sees only the maps
# that lie on its own card, **half of the channels**. conv1 sees the whole image, and conv3 and the
# fully connected layers look at the maps of both. To your functions this is a smaller number of
# channels, and nothing else: a filter of conv2 has $5 \cdot 5 \cdot 48$ weights, and there are 256
# of them. Every filter and every output has a bias.
#
# **The books:** give the number of **parameters** of conv1, conv2, conv3, conv4, conv5, fc6, fc7
# and fc8: eight numbers in this order. Then the number of **multiplications** on one image,
# likewise. Use your functions as you like; a fully connected layer also has a bias for each
# output. fc6 takes all the numbers that pool5 gives out.

# %% value alexnet_parameters
alexnet_parameters = [
    conv_parameters((11, 11), 3, 96),
    conv_parameters((5, 5), 48, 256),
    conv_parameters((3, 3), 256, 384),
    conv_parameters((3, 3), 192, 384),
    conv_parameters((3, 3), 192, 256),
    (6 * 6 * 256 + 1) * 4096,
    (4096 + 1) * 4096,
    (4096 + 1) * 1000,
]

# %% test alexnet_parameters
check("alexnet_parameters", alexnet_parameters)

# %% value alexnet_multiplications
alexnet_multiplications = [
    conv_multiplications((227, 227, 3), (11, 11), 96, stride=4),
    conv_multiplications((27, 27, 48), (5, 5), 256, padding=2),
    conv_multiplications((13, 13, 256), (3, 3), 384, padding=1),
    conv_multiplications((13, 13, 192), (3, 3), 384, padding=1),
    conv_multiplications((13, 13, 192), (3, 3), 256, padding=1),
    linear_multiplications(6 * 6 * 256, 4096),
    linear_multiplications(4096, 4096),
    linear_multiplications(4096, 1000),
]

# %% test alexnet_multiplications
check("alexnet_multiplications", alexnet_multiplications)

# %% [markdown]
# *Predict:* which layer holds most of the parameters? Which one multiplies most? Is it the same?

# %% figure books
with waiting_for("alexnet_shapes", "alexnet_parameters", "alexnet_multiplications"):
    parameters = dict(zip(trained_layers, alexnet_parameters, strict=True))
    multiplications = dict(zip(trained_layers, alexnet_multiplications, strict=True))
    display(
        viz.shape_ledger(
            layer_names,
            alexnet_shapes(),
            [parameters.get(name, 0) for name in layer_names],
            [multiplications.get(name, 0) for name in layer_names],
        )
    )

# %% [markdown]
# The trained copy that comes with Caffe, a library of those years, has **60,965,224** parameters.
# Is your sum the same, to the last one? Then your books are right. If not, the difference tells you
# where to look. (The green and grey blocks show each layer from the side, as high as its maps and
# as thick as it has channels. Large numbers are drawn shrunk, or the small ones would vanish.)
#
# Two things to see. The maps get smaller and thicker: the network trades *where* for *what*. And
# parameters and multiplications live in **different** layers. The fully connected layers hold
# nearly all parameters, each used once for an image. The convolutions do nearly all the work, with
# few parameters used over and over. If a network is too *large*, look at the one; if it is too
# *slow*, at the other.
#
# The paper speaks of "60 million parameters and 650,000 neurons". A *neuron* is one number of the
# output of a convolution or a fully connected layer. Count them:

# %% figure neurons
with waiting_for("alexnet_shapes", "receptive_field", what="This count"):
    shapes = dict(zip(layer_names, alexnet_shapes(), strict=True))
    neurons = {name: prod(shapes[name]) for name in trained_layers}
    print("  ".join(f"{name} {count:,}" for name, count in neurons.items()))
    print(f"together {sum(neurons.values()):,}")
    stack = ((11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2))
    print("one number of pool5 sees", receptive_field(stack), "of 227 pixels along each axis")

# %% [markdown]
# (The caption of the paper's second figure counts 253,440 neurons for the first layer. With
# $55 \cdot 55 \cdot 96$ that cannot be: a second slip, which you have now found by counting.)
#
# ## 7 · Why this one?
#
# AlexNet is often said to have started the age of deep learning. **Explain one key contribution of
# the paper: what did they do, and why did it matter?** Look into the paper (the link is below),
# pick one, and write four to six sentences. A person reads them.

# %% written alexnet_contribution [markdown]
# A good answer takes *one* of these and says both what and why. For example: AlexNet uses the
# rectifier $\max(0, x)$ where networks before it used tanh or the logistic function. Those
# saturate: for large inputs their slope is nearly 0, so gradients vanish on the way back. The
# rectifier's slope is 1 wherever it is active, and it is cheap. The paper shows a small network on
# CIFAR-10 that reaches 25 % training error six times faster with it than with tanh. That made a
# network of this size trainable in days, and it has been the default nonlinearity ever since.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point**: names and describes one contribution correctly. Accept, for instance:
#   - rectified linear units in place of saturating nonlinearities;
#   - training on two graphics cards with a purpose-built GPU convolution, which made a network of
#     60 million parameters possible;
#   - dropout in the fully connected layers (each hidden unit is set to 0 with probability 0.5);
#   - data augmentation: random 224 × 224 crops, mirror images, shifts of colour along the principal
#     components;
#   - overlapping pooling (3 × 3 windows, stride 2), local response normalisation (the latter has
#     not lasted; full marks if described rightly);
#   - depth: taking away any single convolution layer made the results worse;
#   - the result itself: 15.3 % top-5 error in the contest of 2012, where the next best entry had
#     26.2 %, which showed that learned features beat designed ones on a large data set.
# - **1 point**: says why it mattered: for training time, for overfitting (60 million parameters,
#   1.2 million images), for the error, or for what came after.
# - Half a point off for claims that are wrong: that AlexNet invented convolutional networks,
#   backpropagation, the rectifier or max pooling (all are older), or that it had residual
#   connections or batch normalisation (both came later).
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# A network of convolutions and pools only, without fully connected layers: can it take an image of
# *another* size than those it was trained on? Which of the numbers in your books would change, and
# which would not? And which layer of AlexNet is it that insists on 227 × 227?
#
# ## What you have now
#
# You can follow an image through any network on paper: its shape, what there is to learn, what it
# costs, how far it sees. The error message `expected shape (27, 27, 256)` will never frighten you
# again. The next notebook computes what goes *into* these shapes.
#
# ## Where this comes from
#
# The exercises by hand follow these course documents. Texts, code and pictures were made anew.
#
# - EPFL, CS-233, *Theoretical Exercise 9*, April 2024: sizes, and the cost of a convolution against
#   a fully connected layer.
# - University of Washington, CSE 493G/599G Deep Learning, *Section 3: Convolutions & Vectorization
#   & Matrix-Vector Backprop*: the five strides and paddings, AlexNet's first layers.
# - New York University, DS-GA 1008 Deep Learning, Spring 2019, *Homework Assignment 2*: the formula
#   with the floor.
# - UC Berkeley, Data C182 Designing, Visualizing & Understanding DNN, Fall 2024, *Discussion 04*:
#   ten 5 × 5 filters, 1 × 1 convolutions.
# - Georgia Tech, CS 4644-DL / 7643-A Deep Learning, the lecture *Convolutional Neural Networks*:
#   receptive fields, sharing, strides that do not fit.
#
# The network: A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet Classification with Deep
# Convolutional Neural Networks*, 2012, <https://papers.nips.cc/paper/4824>. Receptive fields:
# A. Araujo, W. Norris and J. Sim, *Computing Receptive Fields of Convolutional Neural Networks*,
# Distill, 2019, <https://distill.pub/2019/computing-receptive-fields>. Three small kernels for a
# large one: K. Simonyan and A. Zisserman, *Very Deep Convolutional Networks for Large-Scale Image
# Recognition*, 2014, <https://arxiv.org/abs/1409.1556>.
