"""Wrong answers to the functions of the notebook on shapes."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("conv_output_size", "padding counted at one end only", "padding_at_one_end")
def size_pad_once(n, kernel, stride=1, padding=0):
    total = n + padding
    free = total - kernel
    return free // stride + 1


@wrong("conv_output_size", "rounds up where the stride does not fit", "rounded_up")
def size_ceil(n, kernel, stride=1, padding=0):
    import math

    return math.ceil((n + 2 * padding - kernel) / stride) + 1


@wrong("conv_output_size", "the stride divides the padding alone", "stride_ignored")
def size_precedence(n, kernel, stride=1, padding=0):
    out = n - kernel + 2 * padding / stride + 1
    return int(out)


@wrong(
    "conv_output_size", "rounds to the nearest whole number instead of down", "rounded_to_nearest"
)
def size_round(n, kernel, stride=1, padding=0):
    return int(np.round((n - kernel + 2 * padding) / stride + 1))


@wrong("conv_output_size", "the window at the start is not counted", "moves_instead_of_places")
def size_no_one(n, kernel, stride=1, padding=0):
    length = n + padding + padding
    result = (length - kernel) // stride
    return result


@wrong("conv_output_size", "not rounded at all", "not_rounded")
def size_fraction(n, kernel, stride=1, padding=0):
    W = n
    F = kernel
    P = padding
    S = stride
    return (W - F + 2 * P) / S + 1


@wrong(
    "conv_output_size",
    "the loop over the starts ends before the last window",
    "moves_instead_of_places",
)
def size_count_short(n, kernel, stride=1, padding=0):
    count = 0
    for start in range(0, n + 2 * padding - kernel, stride):
        count += 1
    return count


@wrong(
    "conv_output_size",
    "counts a window at every multiple of the stride, also those that stick out",
    "input_over_stride",
)
def size_count_all(n, kernel, stride=1, padding=0):
    pos = 0
    windows = []
    while pos < n + 2 * padding:
        windows.append(pos)
        pos = pos + stride
    return len(windows)


@pair(
    "conv_output_size",
    "padding at one end only, and the first window not counted",
    "moves_instead_of_places",
    "padding_at_one_end",
)
def size_pad_once_no_one(n, kernel, stride=1, padding=0):
    return (n + padding - kernel) // stride


@pair("conv_output_size", "padding left out, and rounded up", "padding_ignored", "rounded_up")
def size_no_pad_ceil(n, kernel, stride=1, padding=0):
    answer = (n - kernel) / stride + 1
    if answer != int(answer):
        answer = int(answer) + 1
    return int(answer)


@odd("conv_output_size", "prints the size and returns nothing")
def size_print(n, kernel, stride=1, padding=0):
    out = (n + 2 * padding - kernel) // stride + 1
    print("output size:", out)


@odd(
    "conv_output_size", "the stride spreads the kernel as a dilation does, and windows move by one"
)
def size_dilated(n, kernel, stride=1, padding=0):
    reach = stride * (kernel - 1) + 1
    return n + 2 * padding - reach + 1


@wrong("conv_output_shape", "never None: rounds down where the stride does not fit", "rounded_down")
def shape_never_none(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    kh, kw = kernel
    H_out = (H + 2 * padding - kh) // stride + 1
    W_out = (W + 2 * padding - kw) // stride + 1
    return (H_out, W_out, filters)


@wrong("conv_output_shape", "None only where both directions fail", "both_sides_must_fail")
def shape_and(input_shape, kernel, filters, stride=1, padding=0):
    h = input_shape[0] + 2 * padding - kernel[0]
    w = input_shape[1] + 2 * padding - kernel[1]
    if h % stride != 0 and w % stride != 0:
        return None
    return h // stride + 1, w // stride + 1, filters


@wrong(
    "conv_output_shape",
    "only the height is asked whether the stride fits",
    "only_the_height_must_fit",
)
def shape_only_height(input_shape, kernel, filters, stride=1, padding=0):
    def out(n, k):
        return (n + 2 * padding - k) / stride + 1

    if not out(input_shape[0], kernel[0]).is_integer():
        return None
    return int(out(input_shape[0], kernel[0])), int(out(input_shape[1], kernel[1])), filters


@wrong(
    "conv_output_shape", "channels first: filters stand before height and width", "filters_first"
)
def shape_channels_first(input_shape, kernel, filters, stride=1, padding=0):
    result = [filters]
    for i in range(2):
        free = input_shape[i] - kernel[i] + 2 * padding
        if free % stride:
            return None
        result.append(free // stride + 1)
    return tuple(result)


@wrong("conv_output_shape", "kernel height and width exchanged", "kernel_on_its_side")
def shape_kernel_swapped(input_shape, kernel, filters, stride=1, padding=0):
    height, width, _ = input_shape
    kw, kh = kernel
    a = height - kh + 2 * padding
    b = width - kw + 2 * padding
    if a % stride == 0 and b % stride == 0:
        return (a // stride + 1, b // stride + 1, filters)


@wrong("conv_output_shape", "raises where the stride does not fit, instead of None")
def shape_raises(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    for n, k in zip((H, W), kernel):
        if (n + 2 * padding - k) % stride != 0:
            raise ValueError("stride does not fit")
    return tuple((n + 2 * padding - k) // stride + 1 for n, k in zip((H, W), kernel)) + (filters,)


@wrong("conv_output_shape", "asks whether the stride fits with the padding on one side only")
def shape_fit_pad_once(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    if (H + padding - kernel[0]) % stride != 0 or (W + padding - kernel[1]) % stride != 0:
        return None
    return (
        (H + 2 * padding - kernel[0]) // stride + 1,
        (W + 2 * padding - kernel[1]) // stride + 1,
        filters,
    )


@wrong("conv_output_shape", "as many channels out as in", "channels_of_the_input")
def shape_keeps_channels(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    kh, kw = kernel
    H2 = (H - kh + 2 * padding) / stride + 1
    W2 = (W - kw + 2 * padding) / stride + 1
    if H2 != int(H2) or W2 != int(W2):
        return None
    return (int(H2), int(W2), C)


@pair(
    "conv_output_shape",
    "padding on one side only, and only the height is asked",
    "padding_on_one_side",
    "only_the_height_must_fit",
)
def shape_pad_once_only_height(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    h = H + padding - kernel[0]
    w = W + padding - kernel[1]
    if h % stride != 0:
        return None
    return (h // stride + 1, w // stride + 1, filters)


@pair(
    "conv_output_shape",
    "never None, and as many channels out as in",
    "rounded_down",
    "channels_of_the_input",
)
def shape_floor_channels(input_shape, kernel, filters, stride=1, padding=0):
    sizes = []
    for n, k in zip(input_shape[:2], kernel):
        sizes.append((n + 2 * padding - k) // stride + 1)
    return (sizes[0], sizes[1], input_shape[2])


@odd("conv_output_shape", "None stands in the place of one direction, not for the whole")
def shape_none_inside(input_shape, kernel, filters, stride=1, padding=0):
    def one(n, k):
        if (n - k + 2 * padding) % stride != 0:
            return None
        return (n - k + 2 * padding) // stride + 1

    return one(input_shape[0], kernel[0]), one(input_shape[1], kernel[1]), filters


@wrong("conv_parameters", "one bias for the whole layer", "one_bias_for_the_layer")
def params_one_bias(kernel, in_channels, filters, bias=True):
    weights = kernel[0] * kernel[1] * in_channels * filters
    if bias:
        weights = weights + 1
    return weights


@wrong("conv_parameters", "a bias for each channel of each filter", "one_bias_for_the_layer")
def params_bias_each_channel(kernel, in_channels, filters, bias=True):
    kh, kw = kernel
    one = kh * kw
    if bias == True:  # noqa: E712
        one += 1
    return one * in_channels * filters


@wrong("conv_parameters", "input channels forgotten", "channels_forgotten")
def params_no_channels(kernel, in_channels, filters, bias=True):
    total = 0
    for f in range(filters):
        total += kernel[0] * kernel[1]
        if bias:
            total += 1
    return total


@wrong("conv_parameters", "takes the kernel for square", "kernel_taken_for_square")
def params_square(kernel, in_channels, filters, bias=True):
    F = kernel[0]
    return (F**2 * in_channels + int(bias)) * filters


@wrong("conv_parameters", "always with bias", "always_with_bias")
def params_always_bias(kernel, in_channels, filters, bias=True):
    w = np.zeros((kernel[0], kernel[1], in_channels, filters))
    b = np.zeros(filters)
    return w.size + b.size


@wrong("conv_parameters", "adds the sides of the kernel", "kernel_sides_added")
def params_sum_sides(kernel, in_channels, filters, bias=True):
    n = sum(kernel) * in_channels * filters
    return n + filters if bias else n


@wrong("conv_parameters", "filters forgotten in the weights, not in the bias", "filters_forgotten")
def params_weights_of_one_filter(kernel, in_channels, filters, bias=True):
    number_of_weights = np.prod(kernel) * in_channels
    number_of_biases = filters if bias else 0
    return int(number_of_weights + number_of_biases)


@pair(
    "conv_parameters",
    "takes the kernel for square, and one bias for the layer",
    "kernel_taken_for_square",
    "one_bias_for_the_layer",
)
def params_square_one_bias(kernel, in_channels, filters, bias=True):
    k, _ = kernel
    out = k * k * in_channels * filters
    return out + 1 if bias else out


@odd("conv_parameters", "one bias for each input channel", "one_bias_for_the_layer")
def params_bias_per_input(kernel, in_channels, filters, bias=True):
    count = 0
    for _ in range(in_channels):
        for _ in range(filters):
            count += kernel[0] * kernel[1]
        if bias:
            count += 1
    return count


@wrong("conv_multiplications", "padding left out", "padding_ignored")
def mults_no_padding(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    kh, kw = kernel
    positions = ((H - kh) // stride + 1) * ((W - kw) // stride + 1)
    return positions * kh * kw * C * filters


@wrong("conv_multiplications", "channels forgotten", "channels_forgotten")
def mults_no_channels(input_shape, kernel, filters, stride=1, padding=0):
    out_h = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    out_w = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    per_window = kernel[0] * kernel[1]
    return out_h * out_w * filters * per_window


@wrong("conv_multiplications", "filters forgotten", "filters_forgotten")
def mults_no_filters(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    total = 0
    for i in range(0, H + 2 * padding - kernel[0] + 1, stride):
        for j in range(0, W + 2 * padding - kernel[1] + 1, stride):
            total += kernel[0] * kernel[1] * C
    return total


@wrong("conv_multiplications", "stride ignored", "stride_ignored")
def mults_no_stride(input_shape, kernel, filters, stride=1, padding=0):
    h, w, c = input_shape
    h = h + 2 * padding - kernel[0] + 1
    w = w + 2 * padding - kernel[1] + 1
    return h * w * kernel[0] * kernel[1] * c * filters


@wrong("conv_multiplications", "counts the additions as well", "additions_counted")
def mults_with_additions(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    Ho = (H + 2 * padding - kernel[0]) // stride + 1
    Wo = (W + 2 * padding - kernel[1]) // stride + 1
    n = kernel[0] * kernel[1] * C
    return Ho * Wo * filters * (n + n - 1)


@wrong("conv_multiplications", "a window at each pixel of the input", "at_every_pixel_of_the_input")
def mults_every_pixel(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    return H * W * C * kernel[0] * kernel[1] * filters


@wrong("conv_multiplications", "rounds up where the stride does not fit", "rounded_up")
def mults_ceil(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    Ho = int(np.ceil((H + 2 * padding - kernel[0]) / stride)) + 1
    Wo = int(np.ceil((W + 2 * padding - kernel[1]) / stride)) + 1
    return Ho * Wo * filters * C * kernel[0] * kernel[1]


@wrong("conv_multiplications", "takes the kernel for square")
def mults_square(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    k = kernel[0]
    ho = (H + 2 * padding - k) // stride + 1
    wo = (W + 2 * padding - k) // stride + 1
    return k * k * C * ho * wo * filters


@wrong(
    "conv_multiplications",
    "the last window of each direction is not counted",
    "moves_instead_of_places",
)
def mults_short(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    H += 2 * padding
    W += 2 * padding
    windows = len(range(0, H - kernel[0], stride)) * len(range(0, W - kernel[1], stride))
    return windows * np.prod(kernel) * C * filters


@pair(
    "conv_multiplications", "padding on one side only, and filters forgotten", "filters_forgotten"
)
def mults_pad_once_no_filters(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    a = (H + padding - kernel[0]) // stride + 1
    b = (W + padding - kernel[1]) // stride + 1
    return a * b * C * kernel[0] * kernel[1]


@pair(
    "conv_multiplications",
    "channels forgotten, and stride ignored",
    "channels_forgotten",
    "stride_ignored",
)
def mults_no_channels_no_stride(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    outputs = (H + 2 * padding - kernel[0] + 1) * (W + 2 * padding - kernel[1] + 1) * filters
    return outputs * kernel[0] * kernel[1]


@odd(
    "conv_multiplications",
    "leaves out the products with the zeros of the padding",
    "only_pixels_of_the_image",
)
def mults_inside_only(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    total = 0
    for i in range((H + 2 * padding - kernel[0]) // stride + 1):
        for j in range((W + 2 * padding - kernel[1]) // stride + 1):
            rows = [r for r in range(kernel[0]) if 0 <= i * stride + r - padding < H]
            cols = [c for c in range(kernel[1]) if 0 <= j * stride + c - padding < W]
            total += len(rows) * len(cols) * C * filters
    return total


@wrong("linear_multiplications", "counts the biases", "biases_counted")
def lin_bias(in_features, out_features):
    weights = np.zeros((in_features, out_features))
    bias = np.zeros(out_features)
    return weights.size + bias.size


@wrong("linear_multiplications", "adds the features instead of multiplying", "inputs_plus_outputs")
def lin_sum(in_features, out_features):
    count = 0
    for i in range(in_features):
        count += 1
    for o in range(out_features):
        count += 1
    return count


@wrong("linear_multiplications", "counts additions as well", "additions_counted")
def lin_twice(in_features, out_features):
    total = 0
    for o in range(out_features):
        for i in range(in_features):
            total += 1  # product
            total += 1  # sum
    return total


@odd("linear_multiplications", "as if each output saw all inputs but its own")
def lin_minus(in_features, out_features):
    return (in_features - 1) * out_features


@odd("linear_multiplications", "a weight matrix from every feature to every feature")
def lin_squared(in_features, out_features):
    W = np.ones((in_features, in_features))
    return W.size


@wrong("alexnet_shapes", "conv2 to conv5 without padding", "without_padding")
def alex_no_padding():
    def conv(n, k, s):
        return (n - k) // s + 1

    shapes = [(227, 227, 3)]
    n = 227
    for k, s, c in [(11, 4, 96), (3, 2, 96), (5, 1, 256), (3, 2, 256)]:
        n = conv(n, k, s)
        shapes.append((n, n, c))
    for c in (384, 384, 256):
        n = conv(n, 3, 1)
        shapes.append((n, n, c))
    n = conv(n, 3, 2)
    shapes.append((n, n, 256))
    return shapes + [(4096,), (4096,), (1000,)]


@wrong("alexnet_shapes", "pooling with windows of 2 side by side")
def alex_pool_two():
    out = [(227, 227, 3), (55, 55, 96), (27, 27, 96), (27, 27, 256)]
    out += [(13, 13, 256), (13, 13, 384), (13, 13, 384), (13, 13, 256)]
    out.append((13 // 2 + 1, 13 // 2 + 1, 256))
    out += [(4096,), (4096,), (1000,)]
    return out


@wrong("alexnet_shapes", "the input is left out", "input_left_out")
def alex_no_input():
    a = [(55, 55, 96), (27, 27, 96), (27, 27, 256), (13, 13, 256)]
    b = [(13, 13, 384), (13, 13, 384), (13, 13, 256), (6, 6, 256)]
    c = [(4096,), (4096,), (1000,)]
    return a + b + c


@wrong(
    "alexnet_shapes",
    "the input of the paper, 224, and what comes of it by rounding down",
    "begins_with_224",
)
def alex_224():
    sizes = [224, 54, 26, 26, 12, 12, 12, 12, 5]
    channels = [3, 96, 96, 256, 256, 384, 384, 256, 256]
    return [(s, s, c) for s, c in zip(sizes, channels)] + [(4096,), (4096,), (1000,)]


@pair("alexnet_shapes", "pooling takes half of the channels too, and fc8 has as many as fc7")
def alex_half_channels():
    shapes = [(227, 227, 3), (55, 55, 96), (27, 27, 48), (27, 27, 256), (13, 13, 128)]
    shapes += [(13, 13, 384), (13, 13, 384), (13, 13, 256), (6, 6, 128)]
    for _ in range(3):
        shapes.append((4096,))
    return tuple(shapes)


@odd("alexnet_shapes", "channels first", "channels_first")
def alex_channels_first():
    maps = [(3, 227), (96, 55), (96, 27), (256, 27), (256, 13), (384, 13), (384, 13), (256, 13)]
    maps.append((256, 6))
    return [(c, n, n) for c, n in maps] + [(4096,), (4096,), (1000,)]


@wrong("receptive_field", "adds the kernels up", "kernels_added")
def field_sum(layers):
    total = 0
    for kernel, stride in layers:
        total += kernel
    return total


@wrong("receptive_field", "strides ignored", "strides_ignored")
def field_no_strides(layers):
    r = 1
    for k, s in layers:
        r = r + k - 1
    return r


@wrong("receptive_field", "a layer's own stride counts for its own kernel", "own_stride_counted")
def field_stride_too_early(layers):
    field = 1
    jump = 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


@wrong("receptive_field", "strides are added instead of multiplied", "strides_added")
def field_strides_added(layers):
    size, step = 1, 0
    first = True
    for k, s in layers:
        size += (k - 1) * (1 if first else step)
        step += s
        first = False
    return size


@wrong("receptive_field", "the layers are taken in the wrong order", "wrong_end_first")
def field_order(layers):
    r = 1
    for kernel, stride in layers:
        r = (r - 1) * stride + kernel
    return r


@wrong(
    "receptive_field",
    "only the stride of the layer before counts, not the product of all before",
    "only_the_stride_before",
)
def field_last_stride(layers):
    r = layers[0][0]
    for i in range(1, len(layers)):
        r = r + (layers[i][0] - 1) * layers[i - 1][1]
    return r


@wrong("receptive_field", "starts from no pixel instead of one", "begins_at_zero")
def field_from_zero(layers):
    r, j = 0, 1
    for k, s in layers:
        r += (k - 1) * j
        j *= s
    return r


@pair(
    "receptive_field",
    "whole kernels are added, and the layer's own stride counts",
    "whole_kernels_added",
    "own_stride_counted",
)
def field_whole_kernels(layers):
    r, j = 0, 1
    for k, s in layers:
        j = j * s
        r = r + k * j
    return r


@odd("receptive_field", "multiplies the kernels", "kernels_multiplied")
def field_product(layers):
    return int(np.prod([k for k, s in layers]))


@pair(
    "conv_output_size",
    "the stride divides the padding alone, and padding at one end only",
    "stride_ignored",
    "padding_at_one_end",
)
def size_precedence_pad_once(n, kernel, stride=1, padding=0):
    return int(n - kernel + padding / stride + 1)


@pair(
    "conv_output_shape",
    "kernel height and width exchanged, and never None",
    "kernel_on_its_side",
    "rounded_down",
)
def shape_swapped_never_none(input_shape, kernel, filters, stride=1, padding=0):
    hw = np.array(input_shape[:2])
    k = np.array([kernel[1], kernel[0]])
    out = (hw - k + 2 * padding) // stride + 1
    return int(out[0]), int(out[1]), filters


@pair(
    "conv_parameters",
    "input channels forgotten, and always with bias",
    "channels_forgotten",
    "always_with_bias",
)
def params_no_channels_always_bias(kernel, in_channels, filters, bias=True):
    h, w = kernel
    return (h * w + 1) * filters


@pair("conv_multiplications", "rounds up, and takes the kernel for square", "rounded_up")
def mults_ceil_square(input_shape, kernel, filters, stride=1, padding=0):
    H, W, C = input_shape
    k = kernel[0]
    Ho = -(-(H - k + 2 * padding) // stride) + 1
    Wo = -(-(W - k + 2 * padding) // stride) + 1
    return Ho * Wo * k * k * C * filters


@pair(
    "linear_multiplications", "counts additions and biases", "additions_counted", "biases_counted"
)
def lin_twice_bias(in_features, out_features):
    return out_features * (2 * in_features + 1)


@pair("receptive_field", "adds the kernels up, and multiplies by the last stride", "kernels_added")
def field_sum_times_stride(layers):
    total = 0
    for k, s in layers:
        total = total + k
    return total * layers[-1][1]
