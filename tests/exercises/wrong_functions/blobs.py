"""Wrong answers to the functions of the notebook on Gaussian blobs."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong(
    "gaussian_kernel",
    "the variance is taken for twice the standard deviation: std not squared",
    "std_is_not_squared",
)
def gk_std_not_squared(size, std):
    c = (size - 1) / 2
    kernel = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            r2 = (i - c) ** 2 + (j - c) ** 2
            kernel[i, j] = np.exp(-r2 / (2 * std))
    return kernel


@wrong("gaussian_kernel", "the 2 in the exponent is missing", "two_is_missing")
def gk_no_two(size, std):
    ax = np.arange(size) - (size - 1) / 2
    xx, yy = np.meshgrid(ax, ax)
    return np.exp(-(xx**2 + yy**2) / std**2)


@wrong("gaussian_kernel", "scaled to the sum 1", "adds_up_to_one")
def gk_sum_one(size, std):
    mid = (size - 1) / 2
    k = []
    for i in range(size):
        r = [(i - mid) ** 2 + (j - mid) ** 2 for j in range(size)]
        k.append(np.exp(-np.array(r) / (2 * std**2)))
    k = np.array(k)
    return k / k.sum()


@wrong("gaussian_kernel", "centre at size // 2", "centre_on_a_pixel")
def gk_centre(size, std):
    center = size // 2
    out = np.empty((size, size))
    for row in range(size):
        for col in range(size):
            d = np.sqrt((row - center) ** 2 + (col - center) ** 2)
            out[row, col] = np.exp(-(d**2) / (2 * std**2))
    return out


@wrong("gaussian_kernel", "the factor of the density in front", "adds_up_to_one")
def gk_density(size, std):
    t = np.linspace(-(size - 1) / 2, (size - 1) / 2, size)
    g = np.exp(-(t**2) / (2 * std**2)) / np.sqrt(2 * np.pi * std**2)
    return np.outer(g, g)


@wrong("gaussian_kernel", "the distance is not squared", "distance_is_not_squared")
def gk_distance_not_squared(size, std):
    ax = np.arange(size) - (size - 1) / 2
    r = np.sqrt(ax[:, None] ** 2 + ax[None, :] ** 2)
    return np.exp(-r / (2 * std**2))


@wrong("gaussian_kernel", "precedence: divided by 2 and multiplied by std squared")
def gk_precedence(size, std):
    m = (size - 1) / 2
    y, x = np.mgrid[0:size, 0:size]
    return np.exp(-((x - m) ** 2 + (y - m) ** 2) / 2 * std**2)


@pair(
    "gaussian_kernel",
    "centre at size // 2, and scaled to the sum 1",
    "adds_up_to_one",
    "centre_on_a_pixel",
)
def gk_centre_sum_one(size, std):
    c = size // 2
    kernel = np.fromfunction(
        lambda i, j: np.exp(-((i - c) ** 2 + (j - c) ** 2) / (2 * std**2)), (size, size)
    )
    kernel /= kernel.sum()
    return kernel


@odd("gaussian_kernel", "a bell in one direction only, repeated")
def gk_one_direction(size, std):
    ax = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(ax**2) / (2 * std**2))
    return np.tile(bell, (size, 1))


@odd(
    "gaussian_kernel",
    "scaled so that the largest is 1 for even sizes as well",
    "largest_entry_scaled_to_one",
)
def gk_peak(size, std):
    ax = np.arange(size) - (size - 1) / 2
    g = np.exp(-(ax**2) / (2 * std**2))
    k = np.outer(g, g)
    return k / np.max(k)


@wrong("impulses", "row and column exchanged", "column_first")
def imp_swapped(shape, points):
    canvas = np.zeros(shape)
    for x, y in points:
        canvas[y, x] += 1
    return canvas


@wrong("impulses", "a point given twice counts once", "given_twice_counts_once")
def imp_set(shape, points):
    img = np.zeros(shape)
    for p in points:
        img[p[0], p[1]] = 1
    return img


@wrong(
    "impulses", "counted from 1: every point lies one up and one to the left", "counted_from_one"
)
def imp_from_one(shape, points):
    out = np.zeros(shape)
    for row, column in points:
        out[row - 1, column - 1] += 1
    return out


@wrong("impulses", "fails without points", "needs_a_point")
def imp_no_points(shape, points):
    pts = np.array(points)
    canvas = np.zeros(shape)
    np.add.at(canvas, (pts[:, 0], pts[:, 1]), 1)
    return canvas


@wrong("impulses", "canvas turned: width rows and height columns", "width_first", "column_first")
def imp_turned(shape, points):
    H, W = shape
    canvas = np.zeros((W, H))
    for r, c in points:
        canvas[c, r] += 1
    return canvas


@wrong(
    "impulses",
    "only the last point is left, the canvas is made anew for each",
    "canvas_made_anew_for_every_point",
)
def imp_last_point(shape, points):
    image = np.zeros(shape)
    for row, col in points:
        image = np.zeros(shape)
        image[row, col] += 1
    return image


@pair(
    "impulses",
    "row and column exchanged, and a repeated point counts once",
    "column_first",
    "given_twice_counts_once",
)
def imp_swapped_once(shape, points):
    h, w = shape
    grid = [[0.0] * w for _ in range(h)]
    for c, r in points:
        grid[r][c] = 1.0
    return np.array(grid)


@odd("impulses", "white pixels of 255", "white_is_255")
def imp_255(shape, points):
    a = np.zeros(shape)
    for i in range(len(points)):
        a[points[i][0]][points[i][1]] += 255
    return a


@odd("impulses", "a whole row is lit for each point")
def imp_whole_row(shape, points):
    a = np.zeros(shape)
    for p in points:
        a[p[0]] += 1
        for j in range(shape[1]):
            if j != p[1] and j > p[1]:
                a[p[0], j] -= 1
    return a


@wrong("blobs", "the blob is not added but assigned where blobs overlap", "last_one_wins")
def bl_assigned(shape, points, size, std):
    ax = np.arange(size) - (size - 1) / 2
    g = np.exp(-(ax**2) / (2 * std**2))
    kernel = np.outer(g, g)
    img = np.zeros(shape)
    up = (size - 1) // 2
    for r, c in points:
        for a in range(size):
            for b in range(size):
                i, j = r + a - up, c + b - up
                if 0 <= i < shape[0] and 0 <= j < shape[1]:
                    img[i, j] = kernel[a, b]
    return img


@wrong("blobs", "a negative index wraps round at the top and on the left", "wraps_round")
def bl_wraps(shape, points, size, std):
    ax = np.arange(size) - (size - 1) / 2
    kernel = np.exp(-(ax[:, None] ** 2 + ax[None, :] ** 2) / (2 * std**2))
    out = np.zeros(shape)
    half = (size - 1) // 2
    for r, c in points:
        for a in range(size):
            for b in range(size):
                i = r + a - half
                j = c + b - half
                if i < shape[0] and j < shape[1]:
                    out[i, j] += kernel[a, b]
    return out


@wrong("blobs", "an even blob lies one pixel too far up and left", "even_blobs_lean_up_and_left")
def bl_even(shape, points, size, std):
    ax = np.arange(size) - (size - 1) / 2
    k = np.exp(-(ax[:, None] ** 2 + ax**2) / (2 * std**2))
    big = np.zeros((shape[0] + 2 * size, shape[1] + 2 * size))
    for r, c in points:
        top, left = r + size - size // 2, c + size - size // 2
        big[top : top + size, left : left + size] += k
    return big[size:-size, size:-size]


@wrong("blobs", "row and column of the points exchanged", "column_first")
def bl_swapped(shape, points, size, std):
    H, W = shape
    lo = (size - 1) // 2
    m = (size - 1) / 2
    y = np.zeros((H, W))
    for x0, y0 in points:
        for i in range(H):
            for j in range(W):
                a, b = i - y0 + lo, j - x0 + lo
                if 0 <= a < size and 0 <= b < size:
                    y[i, j] += np.exp(-((a - m) ** 2 + (b - m) ** 2) / (2 * std * std))
    return y


@wrong("blobs", "kernel scaled to the sum 1", "blobs_that_add_up_to_one")
def bl_sum_one(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    g = np.exp(-(t**2) / (2 * std**2))
    k = np.outer(g, g)
    k = k / np.sum(k)
    canvas = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for r, c in points:
        canvas[r : r + size, c : c + size] += k
    s = (size - 1) // 2
    return canvas[s : s + shape[0], s : s + shape[1]]


@wrong("blobs", "the whole convolution, not cut to the canvas", "full_convolution")
def bl_full(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    g = np.exp(-(t**2) / (2 * std**2))
    kernel = g[:, None] * g[None, :]
    full = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for p in points:
        full[p[0] : p[0] + size, p[1] : p[1] + size] += kernel
    return full


@pair(
    "blobs",
    "std not squared, and a repeated point counts once",
    "std_is_not_squared",
    "given_twice_counts_once",
)
def bl_std_once(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    k = np.exp(-(t[:, None] ** 2 + t[None, :] ** 2) / (2 * std))
    canvas = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for r, c in set(points):
        canvas[r : r + size, c : c + size] += k
    s = (size - 1) // 2
    return canvas[s : s + shape[0], s : s + shape[1]]


@odd("blobs", "no kernel: the bell goes on over the whole canvas", "bells_without_an_end")
def bl_no_window(shape, points, size, std):
    rows = np.arange(shape[0])[:, None]
    cols = np.arange(shape[1])[None, :]
    total = np.zeros(shape)
    for r, c in points:
        total += np.exp(-((rows - r) ** 2 + (cols - c) ** 2) / (2 * std**2))
    return total


@odd("blobs", "blobs do not add up, the brighter one wins", "brighter_one_wins")
def bl_maximum(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    k = np.exp(-(t[:, None] ** 2 + t[None, :] ** 2) / (2 * std**2))
    canvas = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for r, c in points:
        canvas[r : r + size, c : c + size] = np.maximum(canvas[r : r + size, c : c + size], k)
    s = (size - 1) // 2
    return canvas[s : s + shape[0], s : s + shape[1]]


@wrong(
    "separable_blobs",
    "the second pass starts from the impulses again",
    "second_pass_over_the_points",
)
def sep_from_impulses(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] += 1
    s = (size - 1) // 2
    down = np.array([np.convolve(col, bell)[s : s + shape[0]] for col in canvas.T]).T
    image = np.array([np.convolve(row, bell)[s : s + shape[1]] for row in canvas])
    return down, image


@wrong("separable_blobs", "along the rows first, then down the columns", "rows_before_columns")
def sep_order(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    canvas = np.zeros(shape)
    for p in points:
        canvas[p] += 1
    H, W = shape
    s = (size - 1) // 2
    first = np.zeros(shape)
    for i in range(H):
        first[i] = np.convolve(canvas[i], bell)[s : s + W]
    second = np.zeros(shape)
    for j in range(W):
        second[:, j] = np.convolve(first[:, j], bell)[s : s + H]
    return first, second


@wrong("separable_blobs", "returns the image only", "final_image_alone")
def sep_image_only(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    b = np.exp(-(t**2) / (2 * std**2))
    a = np.zeros(shape)
    for r, c in points:
        a[r, c] += 1
    s = (size - 1) // 2
    a = np.apply_along_axis(lambda v: np.convolve(v, b)[s : s + shape[0]], 0, a)
    return np.apply_along_axis(lambda v: np.convolve(v, b)[s : s + shape[1]], 1, a)


@wrong(
    "separable_blobs",
    "np.convolve with 'same': fails where the bell is longer than a side",
    "as_long_as_the_longer",
)
def sep_same(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] += 1
    down = canvas.copy()
    for j in range(shape[1]):
        down[:, j] = np.convolve(canvas[:, j], bell, "same")
    image = down.copy()
    for i in range(shape[0]):
        image[i] = np.convolve(down[i], bell, "same")
    return down, image


@wrong("separable_blobs", "order of the answers exchanged", "results_swapped")
def sep_answers_swapped(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    H, W = shape
    s = (size - 1) // 2
    down = np.zeros((H + size - 1, W))
    for r, c in points:
        down[r : r + size, c] += bell
    down = down[s : s + H]
    image = np.zeros((H, W + size - 1))
    for j in range(W):
        for a in range(size):
            image[:, j + a] += down[:, j] * bell[a]
    return image[:, s : s + W], down


@wrong("separable_blobs", "an even bell lies one pixel too far up", "even_bells_lean_up_and_left")
def sep_even(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))

    def pass_(line):
        n = len(line)
        out = np.zeros(n)
        for i in range(n):
            for a in range(size):
                k = i + size // 2 - a
                if 0 <= k < n:
                    out[i] += bell[a] * line[k]
        return out

    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] += 1
    down = np.array([pass_(canvas[:, j]) for j in range(shape[1])]).T
    return down, np.array([pass_(row) for row in down])


@pair(
    "separable_blobs",
    "bell scaled to the sum 1, and a repeated point counts once",
    "given_twice_counts_once",
    "density_of_the_normal_distribution",
)
def sep_sum_once(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    bell = bell / bell.sum()
    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] = 1
    s = (size - 1) // 2
    down = np.apply_along_axis(lambda v: np.convolve(v, bell)[s : s + shape[0]], 0, canvas)
    return down, np.apply_along_axis(lambda v: np.convolve(v, bell)[s : s + shape[1]], 1, down)


@odd(
    "separable_blobs",
    "the two passes are added instead of taken one after the other",
    "passes_added",
)
def sep_added(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] += 1
    s = (size - 1) // 2
    down = np.apply_along_axis(lambda v: np.convolve(v, bell)[s : s + shape[0]], 0, canvas)
    along = np.apply_along_axis(lambda v: np.convolve(v, bell)[s : s + shape[1]], 1, canvas)
    return down, down + along


@pair(
    "gaussian_kernel",
    "std not squared, and the 2 in the exponent missing",
    "std_is_not_squared",
    "two_is_missing",
)
def gk_std_no_two(size, std):
    mid = (size - 1) / 2
    out = np.zeros((size, size))
    for a in range(size):
        for b in range(size):
            out[a, b] = np.exp(-((a - mid) ** 2 + (b - mid) ** 2) / std)
    return out


@pair(
    "impulses",
    "fails without points, and a repeated point counts once",
    "needs_a_point",
    "given_twice_counts_once",
)
def imp_index_arrays(shape, points):
    p = np.array(points)
    canvas = np.zeros(shape)
    canvas[p[:, 0], p[:, 1]] = 1
    return canvas


@pair(
    "blobs",
    "assigned where blobs overlap, and an even blob one pixel too far up and left",
    "last_one_wins",
    "even_blobs_lean_up_and_left",
)
def bl_assigned_even(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    k = np.exp(-(t[:, None] ** 2 + t**2) / (2 * std**2))
    big = np.zeros((shape[0] + 2 * size, shape[1] + 2 * size))
    for r, c in points:
        top, left = r + size - size // 2, c + size - size // 2
        big[top : top + size, left : left + size] = k
    return big[size:-size, size:-size]


@pair(
    "separable_blobs",
    "along the rows first, and an even bell one pixel too far",
    "rows_before_columns",
    "even_bells_lean_up_and_left",
)
def sep_order_even(shape, points, size, std):
    t = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(t**2) / (2 * std**2))
    s = size // 2
    canvas = np.zeros(shape)
    for r, c in points:
        canvas[r, c] += 1
    first = np.array([np.convolve(row, bell)[s : s + shape[1]] for row in canvas])
    second = np.array([np.convolve(col, bell)[s : s + shape[0]] for col in first.T]).T
    return first, second
