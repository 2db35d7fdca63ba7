"""Values that students work out by hand; nested lists and arrays are both taken.

corr_stride_1
    The 4 x 4 image correlated with the 2 x 2 filter, padding 0, stride 1.
corr_stride_2_padded
    The same, padding 1, stride 2.
corr_a_b
    A (5 x 5) correlated with B (3 x 3), padding 0, stride 1, bias 0.
patch_value
    The patch under true convolution with Sobel's kernel; the bias is left out.
unseen_columns
    How many columns of a 5 wide input no window of a 3 wide kernel at stride 3, padding 0, sees.
swapped_correlation
    w = 0 1 2, padded by two zeros at each end, with x = 1 2 3 sliding over it.  The other way
    round it gives 2 5 8 3 0.
combined_kernel
    The kernel that does at once what a full convolution with `FIRST` and then one with `SECOND` do.
centre_in_full
    Row and column, counted from the corner, from 0, where the centre of a 3 x 5 kernel lands in
    the full convolution of an image whose only white pixel is at [3, 5].
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, value, wheat

IMAGE: Final = np.array([[1, 2, 3, 4], [4, 3, 2, 1], [-1, 0, 1, 2], [0, -2, 4, 0]])
FILTER: Final = np.array([[1, -1], [0, 2]])
A: Final = np.array(
    [[4, 5, 2, 2, 1], [3, 3, 2, 2, 4], [4, 3, 4, 1, 1], [5, 1, 4, 1, 2], [5, 1, 3, 1, 4]]
)
B: Final = np.array([[4, 3, 3], [5, 5, 5], [2, 4, 3]])
PATCH: Final = np.array([[200, 150, 150], [100, 50, 100], [25, 25, 10]])
SOBEL: Final = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
FIRST: Final = np.array([[2, 0, 1]])
SECOND: Final = np.array([[1, 2], [0, -1]])
X: Final = np.array([1, 2, 3])
W: Final = np.array([0, 1, 2])

WRONG: Final = {"value"}


@wheat
def stride_1_as_lists():
    return [[5, 3, 1], [1, 3, 5], [-5, 7, -1]]


@chaff(
    says="You flipped the filter: this is true convolution. Lay F on the image as it is printed.",
    breaks=WRONG,
)
def stride_1_flipped():
    return np.array([[1, 3, 5], [9, 7, 5], [-4, 6, -2]])


@chaff(
    says="You laid the filter on its side: its rows became columns. Lay F on the image as it is "
    "printed.",
    breaks=WRONG,
)
def stride_1_transposed():
    return np.array([[3, 3, 3], [5, 5, 5], [-5, 10, -3]])


@wheat
def stride_2_padded_as_an_array():
    return np.array([[2.0, 6.0, 0.0], [-6.0, 3.0, 1.0], [0.0, -6.0, 0.0]])


@chaff(
    says="You left the padding out. Draw a ring of zeros round the image first.",
    breaks=WRONG,
)
def stride_2_without_padding():
    return np.array([[5, 1], [-5, -1]])


@chaff(
    says="You computed every window. With stride 2 every other row and column of them is skipped.",
    breaks=WRONG,
)
def padded_with_stride_1():
    return np.array(
        [[2, 4, 6, 8, 0], [7, 5, 3, 1, 4], [-6, 1, 3, 5, 1], [1, -5, 7, -1, 2], [0, 2, -6, 4, 0]]
    )


@chaff(
    says="You flipped the filter: this is true convolution. Lay F on the image as it is printed.",
    breaks=WRONG,
)
def stride_2_padded_flipped():
    return np.array([[1, 1, -4], [-1, 7, 0], [0, -4, 0]])


@wheat
def a_b_as_lists():
    return [[109, 92, 72], [108, 85, 74], [110, 74, 79]]


@chaff(
    says="You flipped B: this is true convolution. Lay B on the image as it is printed.",
    breaks=WRONG,
)
def a_b_flipped():
    return np.array([[113, 87, 75], [114, 80, 75], [112, 73, 81]])


@chaff(
    says="You laid B on its side: its rows became columns. Lay B on the image as it is printed.",
    breaks=WRONG,
)
def a_b_transposed():
    return np.array([[116, 93, 72], [106, 85, 70], [104, 82, 74]])


@wheat
def patch_as_a_number():
    return 65


@chaff(
    says="You multiplied with K as it is printed. True convolution turns it by 180 degrees first; "
    "for this kernel that changes the sign.",
    breaks=WRONG,
)
def patch_not_flipped():
    return -65


@chaff(
    says="You transposed K where it must be turned by 180 degrees. Now it finds edges in the other "
    "direction.",
    breaks=WRONG,
)
def patch_transposed():
    return -565


@chaff(
    says="You turned K and transposed it too. A turn by 180 degrees keeps rows rows.",
    breaks=WRONG,
)
def patch_turned_and_transposed():
    return 565


@wheat
def two_columns():
    return 2


@chaff(
    says="The second window would begin at column 3 and needs three columns. Only two are left, so "
    "it does not fit.",
    breaks=WRONG,
)
def every_column_seen():
    return 0


@chaff(
    says="One column is what the second window lacks. It is left out as a whole, and all the "
    "columns that it would have covered go unseen.",
    breaks=WRONG,
)
def one_column_lacking():
    return 1


@wheat
def swapped_as_a_list():
    return [0, 3, 8, 5, 2]


@chaff(
    says="You gave the answer for x and w in their old roles. Correlation does not commute: "
    "swap the roles and look at what happens to the order.",
    breaks=WRONG,
)
def same_as_before():
    return np.array([2, 5, 8, 3, 0])


@chaff(
    says="This is the convolution of x and w. It is the same for both orders, but it is not what "
    "is asked: nothing is flipped here.",
    breaks=WRONG,
)
def convolved():
    return np.array([0, 1, 4, 7, 6])


@wheat
def combined_as_lists():
    return [[2, 4, 1, 2], [0, -2, 0, -1]]


@chaff(
    says="You correlated the two kernels. To combine convolutions, convolve: flip one of them "
    "before it slides.",
    breaks=WRONG,
)
def correlated_first_slides():
    return np.array([[1, 2, 2, 4], [0, -1, 0, -2]])


@chaff(
    says="You correlated the two kernels. To combine convolutions, convolve: flip one of them "
    "before it slides.",
    breaks=WRONG,
)
def correlated_second_slides():
    return np.array([[-2, 0, -1, 0], [4, 2, 2, 1]])


@wheat
def centre_as_a_pair():
    return (4, 7)


@chaff(
    says="That is where the white pixel is in the image. The full output is larger: the kernel's "
    "corner lands there, its centre further on.",
    breaks=WRONG,
)
def centre_where_the_pixel_is():
    return np.array([3, 5])


@chaff(
    says="That is where the kernel's last number lands. Its centre is half as far from the pixel.",
    breaks=WRONG,
)
def centre_at_the_far_corner():
    return np.array([5, 9])


@chaff(
    says="You went back from the pixel by half a kernel. The full output begins above and to the "
    "left of the image, so everything moves down and right.",
    breaks=WRONG,
)
def centre_moved_the_wrong_way():
    return np.array([2, 3])


def swapped() -> np.ndarray:
    """Correlate w, padded at both ends, with x."""
    return convkit.correlate1d(W, X, padding=len(X) - 1)


def unseen() -> int:
    """Count the columns that no window covers."""
    width, kernel, stride = 5, 3, 3
    windows = range(0, width - kernel + 1, stride)
    seen = {column for left in windows for column in range(left, left + kernel)}
    return width - len(seen)


def centre() -> np.ndarray:
    """Send a kernel that is 1 in its centre only through the convolution."""
    image, kernel = np.zeros((7, 9)), np.zeros((3, 5))
    image[3, 5] = kernel[1, 2] = 1.0
    return np.argwhere(convkit.convolve2d(image, kernel) > 0.5)[0]


EXERCISES: Final = (
    value(
        "corr_stride_1",
        "I with F, padding 0, stride 1",
        lambda: convkit.correlate2d(IMAGE, FILTER),
        (stride_1_as_lists,),
        (stride_1_flipped, stride_1_transposed),
        covers=("B2a B2b C1c E5",),
    ),
    value(
        "corr_stride_2_padded",
        "I with F, padding 1, stride 2",
        lambda: convkit.correlate2d(IMAGE, FILTER, stride=2, padding=1),
        (stride_2_padded_as_an_array,),
        (stride_2_without_padding, padded_with_stride_1, stride_2_padded_flipped),
        covers=("B2a B2b C1c E5",),
    ),
    value(
        "corr_a_b",
        "A with B, padding 0, stride 1",
        lambda: convkit.correlate2d(A, B),
        (a_b_as_lists,),
        (a_b_flipped, a_b_transposed),
        covers=("B2a B2b C1c E5",),
    ),
    value(
        "patch_value",
        "the patch under the turned Sobel kernel",
        lambda: convkit.correlate2d(PATCH, SOBEL[::-1, ::-1])[0, 0],
        (patch_as_a_number,),
        (patch_not_flipped, patch_transposed, patch_turned_and_transposed),
        covers=("B2a B2b C1c E5",),
    ),
    value(
        "unseen_columns",
        "columns that stride 3 leaves unseen",
        unseen,
        (two_columns,),
        (every_column_seen, one_column_lacking),
        covers=("E7",),
    ),
    value(
        "swapped_correlation",
        "correlation with its two sides swapped",
        swapped,
        (swapped_as_a_list,),
        (same_as_before, convolved),
        covers=("E2 E3 E4",),
    ),
    value(
        "combined_kernel",
        "two convolutions as one",
        lambda: convkit.convolve2d(FIRST, SECOND),
        (combined_as_lists,),
        (correlated_first_slides, correlated_second_slides),
        covers=("E2 E3 E4",),
    ),
    value(
        "centre_in_full",
        "where the kernel's centre lands",
        centre,
        (centre_as_a_pair,),
        (centre_where_the_pixel_is, centre_at_the_far_corner, centre_moved_the_wrong_way),
        covers=("E2 E3 E4",),
    ),
)
