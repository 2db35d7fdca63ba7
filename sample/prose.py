"""What the sample class writes: to each question a good answer, a weak one, and none."""

from __future__ import annotations

_NONE = ""

ANSWERS = {
    "alexnet_contribution": (
        "AlexNet used ReLU instead of tanh. The slope of tanh is almost zero for large inputs, so "
        "the gradients get smaller and smaller on the way back. ReLU has slope 1 wherever it is "
        "active and costs next to nothing. The paper trains a small network on CIFAR-10 with both, "
        "and with ReLU it reaches 25 % training error about six times faster. Only that made a "
        "network of this size trainable in a few days.",
        "It had many layers and a lot of parameters and won the contest in 2012. I think it also "
        "invented convolutional networks.",
        _NONE,
    ),
    "why_no_flip": (
        "The entries of the kernel are learned. If the layer does not flip, training finds the "
        "kernel turned by 180 degrees instead, and the output is the same, so both layers can "
        "compute the same functions. It matters when somebody gives me the kernel: with Sobel the "
        "sign of the edge changes. It also matters when I copy weights into a library that really "
        "flips.",
        "Because kernels are mostly symmetric, so the flip does not change anything.",
        _NONE,
    ),
    "one_brush": (
        "A convolution uses one kernel for all places, so every impulse is replaced by the same "
        "blob. I can only choose where it is and how bright: an impulse of height 0.5 gives half "
        "the brightness. For two sizes I use two canvases, one for the small points and one for "
        "the large ones, convolve each with its own kernel and add the results. That is two "
        "convolutions, however many points there are.",
        "It is not possible because there is only one kernel. You would need a loop over the "
        "points.",
        _NONE,
    ),
    "less_expressive": (
        "The convolution layer is a fully connected layer whose matrix has zeros outside the "
        "window and the same weights in each row. So everything it does the fully connected layer "
        "can do as well, but not the other way round. Turning the image upside down is an example: "
        "it is linear, but each pixel has to come from a different distance. We take the "
        "convolution anyway, since in images neighbouring pixels belong together and the same edge "
        "can appear anywhere, so the few shared weights are enough and need less data.",
        "It has fewer parameters, so it can do less. For example it cannot take the maximum of "
        "two pixels. We use it because it is faster.",
        _NONE,
    ),
    "norms_and_poolings": (
        "Max: $\\max_S x$, average: $\\frac{1}{|S|}\\sum_S x$, LP: $(\\sum_S |x|^p)^{1/p}$.\n\n"
        "For $p = 1$ LP is the sum of $|x|$. If no pixel is negative, I divide by $|S|$ and have "
        "the average. With $M$ the largest $|x|$ we have $M \\le LP \\le |S|^{1/p} M$, and "
        "$|S|^{1/p}$ goes to 1 for $p \\to \\infty$. So LP goes to $M$, which is the largest "
        "absolute value. That is the maximum if no pixel is negative.",
        "LP is $(\\sum x^p)^{1/p}$. With $p = 1$ it is the average, with $p = \\infty$ the max.",
        _NONE,
    ),
    "which_pooling": (
        "- MaxPool2d: largest pixel of each window; keep the strongest response of a feature.\n"
        "- AvgPool2d: mean of each window; make an image smaller smoothly.\n"
        "- LPPool2d: p-norm of each window, between sum and maximum; strong pixels count more.\n"
        "- FractionalMaxPool2d: maximum of windows at random distances, for factors like 1.4.\n"
        "- AdaptiveMaxPool2d: I give the output size and it picks the windows, then the maximum; "
        "photographs of all sizes, when it counts whether a feature is there.\n"
        "- AdaptiveAvgPool2d: the same with the mean, for photographs of all sizes before a linear "
        "layer.",
        "Max pooling takes the maximum and average pooling the average. Adaptive pooling learns "
        "the window. I would mostly take max pooling.",
        _NONE,
    ),
    "where_the_flip_is": (
        "Output [i, j] uses pixel [i + a, j + b] times K[a, b]. For one pixel [r, c] the outputs "
        "that used it are [r - a, c - b], so when a grows we go to earlier outputs. The minus "
        "means that the kernel is read backwards. For one kernel entry a and b are fixed and "
        "output [i, j] used pixel [i + a, j + b], so both go in the same direction and nothing is "
        "turned: it is a correlation of the image with dy.",
        "dx is a full convolution of dy with K and dK is the correlation of x with dy. A "
        "convolution has a flip and a correlation has none.",
        _NONE,
    ),
    "why_running_values": (
        "With batch statistics the output for one image depends on the other images in the batch. "
        "If I change the batch size or the order, I get other results. With a batch of one vector "
        "the mean is the vector itself, so the normalized value is 0 and the output is beta, "
        "whatever I put in. Nobody notices if the test batches are large and mixed like the "
        "training data, because then mean and variance are almost the running values.",
        "With a batch of one you divide by zero. It is better to use the running values because "
        "they are more exact.",
        _NONE,
    ),
    "which_form": (
        "I would take one loop over the test images. Without loops all differences are in memory "
        "at once, that is about 57 GiB and I have 8. With two loops there are 2.5 million steps of "
        "Python, which is slow. One loop needs about 117 MiB in each step and only 500 steps. For "
        "L2 the mixed term of the square is a sum of products, so all pairs together are one "
        "matrix product. An absolute value is no product of something of a and something of b.",
        "No loops, because numpy is always faster than Python loops. L2 can be done with a matrix "
        "product.",
        _NONE,
    ),
    "why_backwards": (
        "One backward walk gives the derivative of the one loss with respect to all weights at "
        "once. Forward I need one walk for each weight, so a million of them. Forward is better "
        "when there are few inputs and many outputs, for example one brightness and a whole image. "
        "Backwards costs memory, since all values of the forward pass are kept until they are "
        "used.",
        "Because the chain rule goes backwards from the loss. It needs more memory.",
        _NONE,
    ),
    "linear_network": (
        "All these layers are weighted sums plus a bias, and weighted sums of weighted sums are "
        "again weighted sums. So the network is one matrix and one bias, and with softmax that is "
        "logistic regression. Its matrix has to obey the shared weights and the pooling, so the "
        "network can be only some of what logistic regression can be. Therefore its best training "
        "loss is higher or equal. It is equal for example if the network is just one linear layer. "
        "All this takes for granted that both are trained to their minimum.",
        "More layers have more parameters, so the loss should be lower, but without ReLU it is "
        "strictly higher because there is no nonlinearity.",
        _NONE,
    ),
    "one_template": (
        "Logistic regression has one template for each digit. When the three may stand in nine "
        "places, the template has to fit all of them, so it becomes a blurred average. A "
        "convolution looks for the same stroke at every place and its map moves with the digit. "
        "ReLU keeps what was found and drops the rest, and the max pool only asks whether the "
        "stroke is somewhere in its window. Deeper linear networks do not help, since the product "
        "of the matrices is one matrix again.",
        "The convolution is better for images because it sees the neighbours. More layers would "
        "have helped.",
        _NONE,
    ),
}
"""Question -> answers, taken in turn. One without text leaves the prompt alone."""
