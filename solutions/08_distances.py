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
# # 08 · Distances
#
# Here is an image that nobody has labelled. Which of the labelled ones is most like it? One number
# for each pair answers that: a *distance*. The idea takes a minute. To compute millions of such
# numbers without running out of time or memory takes the rest of this notebook. At the end you can
#
# - work out an L1 distance by hand, and say what goes wrong with pixels of type `uint8`;
# - fill a table of distances with two loops, with one, and with none;
# - say the shape and the memory of a broadcast before you run it;
# - cut a computation into blocks that fit into memory;
# - classify handwritten digits by their nearest neighbours, and choose how many to ask.
#
# **How to work here.** Plan about 70 minutes. Where it says *Predict*, write your guess down before
# you run the cell. Under every cell that you fill in stands a `check`. It tries public examples and
# says what is wrong first. Your points come from other inputs, so do not fit your code to the
# examples.
#
# **House rules for all four functions.**
#
# - They **return a NumPy array** and leave their inputs as they are.
# - Do not call `scipy.spatial` or `convkit` in them. They would do the exercise for you. The rest
#   of NumPy is welcome; section 3 names what is ruled out and why.
# - Nobody asks for error handling: the inputs always fit together.
# - Answers are compared with a tolerance of $10^{-5}$.

# %% setup
from timeit import repeat

import numpy as np
from IPython.display import display

from convkit import l1_distances as convkit_l1_distances
from convkit import load_digits, viz
from convkit.check import check, waiting_for
from convkit.data import Digits

# %% [markdown]
# ## 1 · How far is it?
#
# In Manhattan a taxi cannot drive through houses. It goes along the streets and the avenues, and
# every way that never turns back has the same length.

# %% figure taxi
viz.city_block((1, 1), (5, 4))

# %% [markdown]
# That length is the **L1 distance**, also called city-block or Manhattan distance: add up how far
# apart the points are in each direction. The straight line through the houses is the L2 distance.
#
# Nothing in this asks for *two* directions. An image of 8 × 8 pixels is a list of 64 numbers, so it
# is a point with 64 coordinates. For two images $a$ and $b$ of $D$ numbers each:
#
# $$ d(a, b) = \sum_{k=0}^{D-1} \left| \, a_k - b_k \, \right| $$
#
# The numbers are called *features*. A **small** distance means that the images are alike. (One
# course document says that the L1 distance tells how *similar* two images are. It tells how
# *different* they are: 0 for an image and itself, and never less.)
#
# **One number together.** For $a = [2, 0, 5]$ and $b = [1, 3, 4]$:
#
# $$ |2 - 1| + |0 - 3| + |5 - 4| = 1 + 3 + 1 = 5 $$
#
# Without the absolute values it would be $1 - 3 + 1 = -1$. Differences of opposite sign cancel, and
# two very different images could be "at distance 0".
#
# ### By hand: a table of distances
#
# Two test images and three training images, three features each:
#
# | test | | training | |
# |---|---|---|---|
# | 0 | `2 0 5` | 0 | `1 3 4` |
# | 1 | `4 1 1` | 1 | `0 0 7` |
# | | | 2 | `4 1 1` |
#
# Fill the table: one row for each test image, one column for each training image. Entry `[0, 0]` is
# the 5 from above. Which entry can you write down without computing? `check` sees only whether your
# answer is complete.

# %% value table_by_hand
table_by_hand = [[5, 4, 7], [8, 11, 0]]

# %% test table_by_hand
check("table_by_hand", table_by_hand)

# %% [markdown]
# ## 2 · A trap: pixels that wrap around
#
# Image files store a pixel as a `uint8`, a whole number from 0 to 255 in one byte.
#
# *Predict:* 30 is subtracted from 10 in `uint8`. What comes out? And does `np.abs` repair it?

# %% figure wraps
dark, bright = np.array([10], dtype=np.uint8), np.array([30], dtype=np.uint8)
print("10 - 30 =", dark - bright)
print("its absolute value:", np.abs(dark - bright))
print("30 - 10 =", bright - dark)

# %% [markdown]
# A `uint8` cannot be negative. Below 0 it goes on at 255, like the counter of a car that is driven
# backwards: $10 - 30 = -20$, and $-20 + 256 = 236$. There is no error and no warning. `np.abs`
# comes too late, since the sign is lost already.
#
# `np.sum` is careful and adds up in a larger type, so a *sum* of `uint8` numbers does not wrap. The
# damage is done in the subtraction.
#
# **By hand:** the images `[3, 200]` and `[7, 190]` are stored as `uint8`. Which number does
# `np.sum(np.abs(a - b))` give for them? (The true distance is $4 + 10$.)

# %% value wrapped_distance
wrapped_distance = 262

# %% test wrapped_distance
check("wrapped_distance", wrapped_distance)

# %% [markdown]
# The cure: turn the images into fractions **before** you subtract, for instance with
# `.astype(float)`. A whole-number type with room for negative numbers would do for pixels, but it
# would cut the fractions off other images. Section 8 shows what the trap costs in practice.
#
# ## 3 · Two loops
#
# Press play. Every step takes one test image and one training image and fills one entry.

# %% setup small
small_test = np.array([[3, 1, 0], [0, 2, 6]])
small_train = np.array([[1, 1, 4], [5, 2, 0], [0, 2, 6], [2, 0, 1]])

# %% figure two_loops
viz.distance_steps(small_test, small_train, loops=2)

# %% [markdown]
# The three functions that follow all return this table. They differ in one thing only: how many
# loops they need.
#
# **All three get the same inputs.** `X_test` has the shape `(num_test, D)` and `X_train` has the
# shape `(num_train, D)`. Both hold fractions, or both hold whole numbers, or both hold `uint8`
# pixels. The answer has the shape `(num_test, num_train)`, and entry `[i, j]` is the true L1
# distance of row `i` of `X_test` to row `j` of `X_train`, also for `uint8`. There may be only one
# test image, one training image or one feature.
#
# **What counts as a loop.** Nobody looks for the word `for`. When your work is marked, the inputs
# are made larger, first with more test images, then with more training images, then with more
# features, and it is counted how often each line of Python runs. So each of the three can be looped
# over or not, and these are all loops: `for`, `while`, a comprehension, a generator, recursion,
# `np.ndindex`, `np.nditer`, and a helper function that is called for each row. One loop over all
# pairs counts as two, for it grows with the test images and with the training images.
#
# **What is not allowed at all,** because it hides a loop or does the exercise: Python's own `sum`
# and `map`, `functools.reduce`, `np.vectorize`, `np.frompyfunc`, `np.fromiter`,
# `np.apply_along_axis`, and everything in `scipy.spatial` (such as `cdist`) and in `convkit`.
# Python's own `sum` walks through an array number by number; `np.sum` and the method `.sum()` do it
# in compiled code and are what you want.
#
# A function that breaks these rules gets no points, even if its table is right. `check` looks at
# the table only, so count your loops yourself.
#
# ### Your turn: `l1_two_loops`
#
# **At most two loops**: over two of test images, training images and features. NumPy does the rest
# in compiled code.
#
# <details><summary><b>Hint: one entry</b></summary>
#
# Which shape has row `i` of `X_test`? And row `j` of `X_train`? Their difference has that shape,
# too, and one number must come out of it. Make room for the whole table first: how many rows and
# columns has it? Where in your code do the pixels become fractions?
# </details>


# %% solution l1_two_loops
def l1_two_loops(X_test, X_train):
    """Fill a table of L1 distances, one pair of images at a time.

    Parameters
    ----------
    X_test : ndarray of shape (num_test, D)
        Images to measure from, one a row: fractions, whole numbers or uint8 pixels.
    X_train : ndarray of shape (num_train, D)
        Images to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distance of each test image to each training image.
    """
    ### BEGIN SOLUTION
    test, train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(test), len(train)))
    for i in range(len(test)):
        for j in range(len(train)):
            distances[i, j] = np.sum(np.abs(test[i] - train[j]))
    return distances
    ### END SOLUTION


# %% test l1_two_loops
check("l1_two_loops", l1_two_loops)

# %% [markdown]
# ## 4 · One loop
#
# *Predict:* `small_train` has 4 rows and 3 columns. What happens if you subtract it from a single
# row of 3 numbers? An error, one row, or a matrix?

# %% figure row_minus_matrix
print("a test image: ", small_test[0])
print("minus all training images:")
print(small_test[0] - small_train)

# %% [markdown]
# NumPy subtracts *every* row of the matrix from the single row. This is called **broadcasting**:
# the row is repeated, as far as the result is concerned. So one test image meets all training
# images in one line of code, and a whole row of the table is filled at once:

# %% figure one_loop
viz.distance_steps(small_test, small_train, loops=1)

# %% [markdown]
# ### Your turn: `l1_one_loop`
#
# The same table with **at most one loop**. You may loop over the test images, over the training
# images or over the features.
#
# <details><summary><b>Hint: which axis goes away?</b></summary>
#
# For one test image the differences have the shape `(num_train, D)`, and a row of the table has the
# shape `(num_train,)`. So which of the two axes must be summed away? A sum that is told no axis
# sums over *all* of them and leaves one single number.
# </details>


# %% solution l1_one_loop
def l1_one_loop(X_test, X_train):
    """Fill a table of L1 distances, one row or column at a time.

    Parameters
    ----------
    X_test : ndarray of shape (num_test, D)
        Images to measure from, one a row: fractions, whole numbers or uint8 pixels.
    X_train : ndarray of shape (num_train, D)
        Images to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distance of each test image to each training image.
    """
    ### BEGIN SOLUTION
    test, train = X_test.astype(float), X_train.astype(float)
    distances = np.zeros((len(test), len(train)))
    for i in range(len(test)):
        distances[i] = np.sum(np.abs(test[i] - train), axis=1)
    return distances
    ### END SOLUTION


# %% test l1_one_loop
check("l1_one_loop", l1_one_loop)

# %% [markdown]
# ## 5 · No loop at all
#
# Can all test images meet all training images at once? Not by a plain minus. NumPy lines up two
# shapes **at their last axis** and compares the lengths:
#
# - equal lengths fit;
# - a length of 1 is stretched to the other;
# - a missing axis counts as 1;
# - anything else is an error.
#
# *Predict:* do the shapes `(2, 3)` and `(4, 3)` fit?

# %% figure shapes_that_do_not_fit
viz.broadcast_shapes(small_test.shape, small_train.shape, ("small_test", "small_train"))

# %% [markdown]
# 2 and 4 are different, and neither is 1. But look at a times table, made of one column and one
# row:

# %% figure times_table
column, row = np.array([[1], [2], [3], [4]]), np.array([1, 2, 3, 4, 5])
display(viz.broadcast_shapes(column.shape, row.shape, ("column", "row")))
print(column * row)

# %% [markdown]
# Every number of the column meets every number of the row, because *each array has a length of 1
# where the other one varies*. Nothing is copied for that: NumPy reads the same number again and
# again.
#
# An axis of length 1 costs nothing either. `x[:, None]` puts a new one in second place:
# `None` stands for it (`np.newaxis` is the same, only longer). Now images in place of numbers. Go
# through the four steps:

# %% figure no_loop
viz.distance_steps(small_test, small_train, loops=0)

# %% [markdown]
# ### Predict three shapes
#
# Take 500 test images and 5000 training images of 32 × 32 × 3 = 3072 numbers, as in a well-known
# set of small colour photographs. Write down three shapes, as a list of three lists:
#
# 1. `X_test[:, None, :]`
# 2. `X_train[None, :, :]`
# 3. the difference of the two.
#
# Do not try it out with real arrays. The next section says why.

# %% value three_shapes
three_shapes = [[500, 1, 3072], [1, 5000, 3072], [500, 5000, 3072]]

# %% test three_shapes
check("three_shapes", three_shapes)

# %% [markdown]
# ### Your turn: `l1_no_loops`
#
# The same table with **no loop**: no line of Python may run more often when there are more images
# or more features. (To go through the test images in blocks of 50 or more, as in section 6, is
# allowed. It is not needed.)
#
# <details><summary><b>Hint: three axes, then two</b></summary>
#
# Before the sum there are three axes: test image, training image, feature. The answer has two.
# Which one goes away, and what is its number? And check with `small_test` and `small_train` that a
# shape of `(2, 4)` comes out: with as many training images as features, a wrong axis would go
# unnoticed.
# </details>


# %% solution l1_no_loops
def l1_no_loops(X_test, X_train):
    """Fill a table of L1 distances by one broadcast.

    Parameters
    ----------
    X_test : ndarray of shape (num_test, D)
        Images to measure from, one a row: fractions, whole numbers or uint8 pixels.
    X_train : ndarray of shape (num_train, D)
        Images to measure to.

    Returns
    -------
    ndarray of shape (num_test, num_train)
        Distance of each test image to each training image.
    """
    ### BEGIN SOLUTION
    test, train = X_test.astype(float), X_train.astype(float)
    # (num_test, 1, D) - (1, num_train, D) -> (num_test, num_train, D)
    differences = test[:, None, :] - train[None, :, :]
    return np.sum(np.abs(differences), axis=2)
    ### END SOLUTION


# %% test l1_no_loops
check("l1_no_loops", l1_no_loops)

# %% [markdown]
# ## 6 · The price is memory
#
# The table of distances is small. What is large is the step before it, in which *all* differences
# exist at the same time.
#
# **By hand:** 500 test images, 5000 training images, 3072 features, and `float64`, which takes 8
# bytes a number. How many **GiB** do the differences take? A GiB is $2^{30}$ bytes. You may
# round to a whole number, and you may let Python do the arithmetic.

# %% value no_loop_gib
no_loop_gib = 500 * 5000 * 3072 * 8 / 2**30

# %% test no_loop_gib
check("no_loop_gib", no_loop_gib)

# %% [markdown]
# How much memory has your computer? And this is only one array: `np.abs` makes a second one of the
# same size. `float32` would halve it, which does not save you.
#
# The way out is neither all at once nor one by one, but **blocks**: take some test images, let them
# meet all training images by a broadcast, keep the small piece of the table, throw the differences
# away, go on.
#
# **By hand:** how many test images *at most* may a block have, so that its differences (the one
# array, in `float64`, against all 5000 training images of 3072 numbers) fit into one GiB?

# %% value rows_in_one_gib
rows_in_one_gib = 8

# %% test rows_in_one_gib
check("rows_in_one_gib", rows_in_one_gib)

# %% [markdown]
# In code, with your own function for each block. The data are 1498 handwritten digits of 8 × 8
# pixels, from 0 (paper) to 1 (ink); every fifth is a test image.

# %% setup digits
train, test = load_digits().split()
X_train = train.images.reshape(len(train), -1)
X_test = test.images.reshape(len(test), -1)


def in_blocks(X_test, X_train, rows):
    starts = range(0, len(X_test), rows)
    blocks = [l1_no_loops(X_test[start : start + rows], X_train) for start in starts]
    return np.concatenate(blocks)


# %% figure block_sizes
with waiting_for("l1_no_loops", what="This table"):
    print(f"{len(X_test)} test and {len(X_train)} training images of {X_test.shape[1]} numbers")
    print(f"{'test images a block':>20}{'blocks':>8}{'differences':>16}")
    for rows in (1, 20, 100, 300):
        mebibytes = rows * X_train.size * 8 / 2**20
        print(f"{rows:>20}{-(-len(X_test) // rows):>8}{mebibytes:>12.1f} MiB")
    same = np.array_equal(in_blocks(X_test, X_train, 20), in_blocks(X_test, X_train, 100))
    print("blocks of 20 and of 100 give the same table:", same)

# %% [markdown]
# Look at the first line of this table. A block of a single test image: that is your `l1_one_loop`.
# And one block with all of them is your `l1_no_loops`. Blocks are what lies between.
#
# ## 7 · How fast is it, honestly?
#
# *Predict:* fewer loops are faster. Always? The cell measures on *your* machine, the best of a few
# runs.


# %% figure timing
def best_milliseconds(form, *arrays):
    def call():
        form(*arrays)

    once = repeat(call, number=1, repeat=1)[0]
    return 1e3 * min([once, *repeat(call, number=1, repeat=10 if once < 0.03 else 1)])


with waiting_for("l1_two_loops", "l1_one_loop", "l1_no_loops", what="This table"):
    rng = np.random.default_rng(0)
    forms = {
        "two loops": l1_two_loops,
        "one loop": l1_one_loop,
        "no loop": l1_no_loops,
        "convkit": convkit_l1_distances,
    }
    lines = [f"{'test':>5}{'train':>7}{'features':>10}" + "".join(f"{name:>15}" for name in forms)]
    for num_test, num_train, features in [(3, 5, 8), (60, 500, 64), (16, 100, 3072)]:
        images = rng.random((num_test, features)), rng.random((num_train, features))
        times = [best_milliseconds(form, *images) for form in forms.values()]
        cells = "".join(f"{time:>12.3f} ms" for time in times)
        lines.append(f"{num_test:>5}{num_train:>7}{features:>10}{cells}")
    print("\n".join(lines))

# %% [markdown]
# All of them subtract the same number of times. What differs is the work around it.
#
# - **Many pairs of short rows** (second line): each step of a Python loop has a fixed price, of a
#   few millionths of a second. With two loops that price is paid once for each *pair*, and next to
#   it the 64 subtractions hardly count. Here the loops must go.
# - **Long rows** (third line): now one step already is a lot of compiled work, and the price of the
#   loop hardly shows. The form without a loop writes all its differences to memory and reads them
#   again, several times. That can cost more than the loop it saves. One loop is often the fastest
#   of your three.
# - `convkit` fills the table in blocks that stay in the processor's cache. Its inner loop is
#   compiled (`cdist` of SciPy), subtracts and adds in one go, and never stores the differences at
#   all.
#
# So a loop is not slow in itself. Ask two questions: how much work is in one step, and how much
# memory does it touch?
#
# ## 8 · Ask the neighbours
#
# What is the table good for? The **k nearest neighbours** of a test image are the k training images
# with the smallest distances. Each of them has a label, and they vote. There is nothing to train;
# all the work is in the distances.

# %% figure neighbours
with waiting_for("l1_no_loops"):
    shown = np.array([28, 48, 58, 100])
    some = Digits(test.images[shown], test.labels[shown])
    display(viz.nearest_neighbours(some, train, in_blocks(X_test[shown], X_train, 20), k=5))

# %% [markdown]
# Under each neighbour stand its label and its distance. A green frame: the labels agree. A dashed
# orange frame and a cross: they do not.
#
# **A draw.** With two neighbours, or four, there can be as many votes for one label as for another.
# We need a rule, so here it is: **the smaller label wins**. (No rule is needed for two neighbours
# at the same distance: it does not happen in the exercises.)
#
# ### By hand: who wins?
#
# One test image, six training images:
#
# | distance | 2.0 | 0.9 | 1.4 | 3.1 | 1.1 | 2.6 |
# |---|---|---|---|---|---|---|
# | label | 9 | 7 | 9 | 4 | 4 | 4 |
#
# Which label wins with $k = 1$, with $k = 2$ and with $k = 4$? Give a list of three labels.

# %% value knn_by_hand
knn_by_hand = [7, 4, 9]

# %% test knn_by_hand
check("knn_by_hand", knn_by_hand)

# %% [markdown]
# ### Your turn: `knn_predict`
#
# `distances` has the shape `(num_test, num_train)`. `y_train` has the shape `(num_train,)` and
# holds labels: whole numbers, 0 or larger, not always 0, 1, 2 and so on. `k` is from 1 to
# `num_train`. Return an array of shape `(num_test,)` with the winning label of each test image. In
# a draw the smaller label wins. No two distances in a row are equal.
#
# Loops are fine here, and so are Python's own functions. Only `scipy.spatial` and `convkit` are
# ruled out.
#
# <details><summary><b>Hint: from distances to places to labels to votes</b></summary>
#
# Four steps for one row. Sorting the distances themselves loses whose they are; `np.argsort` keeps
# that: it gives *places*. Which places do you need? Then the labels at these places. Then count:
# how would a list look in which entry 7 says how often label 7 has been voted for? If its largest
# number occurs twice, which of the two does `np.argmax` report, and does that suit the rule?
# </details>


# %% solution knn_predict
def knn_predict(distances, y_train, k):
    """Let the k nearest training images vote on the label of each test image.

    Parameters
    ----------
    distances : ndarray of shape (num_test, num_train)
        Distance of each test image to each training image.
    y_train : ndarray of shape (num_train,)
        Labels of the training images.
    k : int
        How many neighbours vote, from 1 to num_train.

    Returns
    -------
    ndarray of shape (num_test,)
        The label with most votes; in a draw the smaller one.
    """
    ### BEGIN SOLUTION
    predicted = np.zeros(len(distances), dtype=y_train.dtype)
    for i, row in enumerate(distances):
        nearest = np.argsort(row)[:k]
        predicted[i] = np.argmax(np.bincount(y_train[nearest]))
    return predicted
    ### END SOLUTION


# %% test knn_predict
check("knn_predict", knn_predict)

# %% [markdown]
# ### How many neighbours?
#
# The number k is yours to choose. Who tries many and keeps the one that is best on the *test*
# images has used the answers of the exam to prepare for it, and the result looks better than it is.
# So we set a fifth of the **training** images aside, choose k on them (this is called
# *validation*), and look at the test images once, at the end.
#
# *Predict:* where is the best k, and what happens for very large k?

# %% figure choose_k
with waiting_for("l1_no_loops", "knn_predict"):
    known, held_out = train.split()
    rows_known, rows_held_out = (part.images.reshape(len(part), -1) for part in (known, held_out))
    table = in_blocks(rows_held_out, rows_known, 20)
    accuracy = {
        k: np.mean(knn_predict(table, known.labels, k) == held_out.labels)
        for k in (1, 3, 5, 9, 15, 25, 51, 101, 401)
    }
    display(viz.accuracy_curve(accuracy))
    best_k = max(accuracy, key=accuracy.get)
    right = knn_predict(in_blocks(X_test, X_train, 20), train.labels, best_k) == test.labels
    print(f"chosen on the images held out: k = {best_k}")
    print(f"on the {len(test)} test images: {np.mean(right):.1%} right, {np.sum(~right)} wrong")

# %% [markdown]
# These digits are clean: the nearest one is hardly ever odd, and more opinions change next to
# nothing. Where images are blurred or labels wrong, one neighbour misleads you easily, and a few
# more votes help. Very many bring in images that are not alike at all, and in the end every class
# votes on everything. (One more word of honesty: the same people wrote training and test digits.
# On the digits of somebody new, expect less.)
#
# Which ones go wrong, with three neighbours? Which of these would one neighbour have got right?

# %% figure mistakes
with waiting_for("l1_no_loops", "knn_predict"):
    table = in_blocks(X_test, X_train, 20)
    wrong = np.flatnonzero(knn_predict(table, train.labels, 3) != test.labels)[:4]
    if len(wrong):
        some = Digits(test.images[wrong], test.labels[wrong])
        display(viz.nearest_neighbours(some, train, table[wrong], k=3))

# %% [markdown]
# ### What the trap of section 2 costs
#
# The same digits as `uint8` pixels from 0 to 16, and distances that wrap around.
#
# *Predict:* is that a catastrophe, or hardly to be noticed?

# %% figure wrapped_digits
with waiting_for("l1_one_loop", "knn_predict", what="This comparison"):
    pixels_test, pixels_train = np.uint8(16 * X_test), np.uint8(16 * X_train)
    wraps = np.array([np.abs(image - pixels_train).sum(axis=1) for image in pixels_test])
    for name, table in [
        ("yours", l1_one_loop(pixels_test, pixels_train)),
        ("wrapped around", wraps),
    ]:
        share = np.mean(knn_predict(table, train.labels, 1) == test.labels)
        print(f"{name:>16}: {share:.1%} of the test images right")

# %% [markdown]
# Nothing crashes. Guessing would be right in one case of ten, so the broken program even seems to
# have learned something. A wrong number that looks plausible is worse than an error. That is why
# your points depend on `uint8`, too.
#
# ## 9 · Which form would you take?
#
# You have a laptop with 8 GiB of memory, and 500 test images and 5000 training images of 3072
# `float64` numbers each. **Which form of the table would you compute, and why not the others? And
# why is there a shortcut for the L2 distance, but not for L1?** For the second question, multiply
# $\sum_k (a_k - b_k)^2$ out and look at the mixed term. Answer in four to eight sentences. A person
# reads them.

# %% written which_form [markdown]
# Without any loop all differences are in memory at once, about 57 GiB, far more than 8. Two loops
# need hardly any memory, but take 2.5 million steps of Python. One loop over the 500 test images
# takes 500 steps with 5000 · 3072 differences each, which is 117 MiB: it fits, and each step is
# long enough that the price of the loop does not show. Blocks of a few test images do as well;
# blocks small enough for the cache are faster still.
#
# The square can be multiplied out: $\sum (a_k - b_k)^2 = \sum a_k^2 - 2 \sum a_k b_k + \sum b_k^2$.
# The first and the last sum belong to one image each. The middle one is a dot product, and all of
# them together are one matrix product of the test images with the transposed training images. So
# the whole L2 table needs no array with three axes. An absolute value cannot be multiplied out into
# a product of something of $a$ and something of $b$, so each pair has to be looked at feature by
# feature.
#
# ### BEGIN MARK SCHEME
# 2 points.
#
# - **1 point** for the choice: one loop over the test images, or blocks, with a reason for both
#   sides (the form without loops does not fit into memory; two loops pay the price of 2.5 million
#   steps). Half a point if only one side is given.
# - **1 point** for the shortcut: the mixed term of the square is a dot product, so all pairs
#   together are one matrix product, while an absolute value does not split into a product. Half a
#   point for "matrix product" without the reason.
# ### END MARK SCHEME

# %% [markdown]
# ## To think about
#
# Shuffle the 64 pixels of *all* digits in the same way. To you they become noise. Which entries of
# the table change? What does a convolution layer know about images that a distance does not?
#
# ## What you have now
#
# You can compute distances between all pairs of two sets in three ways, say what each costs in
# steps and in bytes, and cut the work into blocks. You have met a bug that no error message
# reports. And you have a classifier that knows nothing but distances, and is hard to beat on tiny
# digits.
#
# ## Where this comes from
#
# The exercise follows this course document. Texts, code and pictures were made anew.
#
# - University of Washington, CSE 493G/599G Deep Learning, *Section 3: Convolutions & Vectorization
#   & Matrix-Vector Backprop*: the Manhattan distance, and the three forms of the table. Its inputs
#   are random fractions, so they never meet the trap of section 2.
#
# The digits: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
# Learning Repository, 1998, <https://doi.org/10.24432/C50P49>. The vote of the neighbours: T. Cover
# and P. Hart, *Nearest neighbor pattern classification*, IEEE Transactions on Information Theory 13
# (1967), 21–27. The rules of broadcasting:
# <https://numpy.org/doc/stable/user/basics.broadcasting.html>.
