"""What `check` tells a student, in which order, and where."""

from __future__ import annotations

import base64
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import signal

from convkit.check import check, example, general, waiting_for
from convkit.check.general import (
    Call,
    Difference,
    Exercise,
    call_again,
    compare,
    describe_call,
    examine,
    find,
    in_words,
    read_all,
    try_out,
)
from convkit.check.pictures import difference_picture
from tests.course import ASSIGNMENTS

RNG = np.random.default_rng(3)
EXERCISES = {name: find(name) for name in read_all()}
FUNCTIONS = {
    name: exercise
    for name, exercise in EXERCISES.items()
    if exercise.kind == "function" and any(isinstance(each, Call) for each in exercise.examples)
}
VALUES = [name for name, exercise in EXERCISES.items() if exercise.kind == "value"]
ORACLES = {each.name: each.oracle for notebook in ASSIGNMENTS for each in notebook.exercises}

NOTEBOOK_02 = {
    *("correlate1d", "convolve1d", "pad2d", "correlate2d", "convolve2d", "conv2d"),
    *("corr_stride_1", "corr_stride_2_padded", "corr_a_b", "patch_value", "unseen_columns"),
    *("swapped_correlation", "combined_kernel", "centre_in_full"),
}


def first_difference(answer: Any, expected: Any) -> Difference | None:
    """As a student's answer is compared: True and False are no numbers."""
    return compare(answer, expected, booleans=False)


def correlate(x, k, stride=1, padding=0):
    """An independent right answer."""
    return signal.correlate2d(np.pad(x * 1.0, padding), k, mode="valid")[::stride, ::stride]


def undone(x, k, stride=1, padding=0):
    raise NotImplementedError


def undone_after_some_work(x, k, stride=1, padding=0):
    rows = len(x)
    raise NotImplementedError(rows)


def forgets_return(x, k, stride=1, padding=0):
    correlate(x, k, stride, padding)


def returns_the_placeholder(x, k, stride=1, padding=0):
    return ...


def returns_a_list(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding).tolist()


def returns_a_number(x, k, stride=1, padding=0):
    return float(correlate(x, k, stride, padding).sum())


def keeps_the_size(x, k, stride=1, padding=0):
    return signal.correlate2d(x, k, mode="same")


def swaps_height_and_width(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding).T


def adds_an_axis(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding)[None]


def returns_complex(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding) + 0j


def returns_objects(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding).astype(object)


def returns_booleans(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding) > 0


def cuts_fractions_off(x, k, stride=1, padding=0):
    return correlate(x, k, stride, padding).astype(int)


def flips_the_kernel(x, k, stride=1, padding=0):
    return correlate(x, k[::-1, ::-1], stride, padding)


def ignores_the_stride(x, k, stride=1, padding=0):
    return correlate(x, k, 1, padding)


def writes_beyond_the_end(x, k, stride=1, padding=0):
    y = np.zeros((2, 2))
    y[5, 5] = 1
    return y


def misses_a_parameter(x, k):
    return correlate(x, k)


def calls_what_is_undone(x, k, stride=1, padding=0):
    def conv2d():
        raise NotImplementedError

    return conv2d()


# What is wrong, and words that the student reads: the first wrong thing in the order
# exists, type, shape, dtype, values.
WRONG = [
    (undone, "[to do] correlate2d: not done yet."),
    (undone_after_some_work, "take that line away"),
    (calls_what_is_undone, "it calls conv2d, which is not done yet"),
    (None, "not done yet"),
    (..., "not done yet"),
    (np.ones(3), "expected a function, but correlate2d is now an array"),
    (forgets_return, "returned None. Is a return missing?"),
    (returns_the_placeholder, "returned `...`"),
    (returns_a_list, "returned a list; expected an array. Return a NumPy array"),
    (returns_a_number, "returned a float; expected an array"),
    (keeps_the_size, "The shape is (4, 5); expected (2, 3)."),
    (swaps_height_and_width, "expected (2, 3). Height and width are swapped."),
    (adds_an_axis, "It has 3 dimensions, expected 2."),
    (returns_complex, "complex numbers (dtype complex128)"),
    (returns_objects, "dtype is object"),
    (returns_booleans, "True and False"),
    (cuts_fractions_off, "can only hold whole numbers (dtype int64)"),
    (flips_the_kernel, "First difference at [0, 0]: yours 1, expected 2. 6 of 6 entries differ."),
    (ignores_the_stride, "Example 4 of 8: correlate2d(x, k, stride=2)"),
    (writes_beyond_the_end, "it raised IndexError: index 5 is out of bounds"),
    (writes_beyond_the_end, "of the cell: y[5, 5] = 1"),
    (misses_a_parameter, "Keep the parameters as given: correlate2d(x, k, stride=1, padding=0)"),
]


@pytest.mark.parametrize(("answer", "words"), WRONG)
def test_what_is_wrong_is_said(answer: Any, words: str, capsys) -> None:
    assert check("correlate2d", answer) is False
    assert words in capsys.readouterr().out


def test_the_stages_come_in_order(capsys) -> None:
    """An answer that is wrong in several ways is told the first."""
    stages = []
    right = np.array([[1.0, 2.5], [3.0, 4.0], [5.0, 6.0]])
    for answer in (None, [[1j]], np.ones((2, 3), complex), right * 1j, right + 1, right):
        difference = first_difference(answer, right)
        stages.append(difference and difference.stage)
    assert stages == ["type", "type", "shape", "dtype", "values", None]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_reference_passes_its_own_examples(name: str, capsys) -> None:
    assert check(name, ORACLES[name]) is True
    count = len(FUNCTIONS[name].examples)
    told = "the public example is right" if count == 1 else f"all {count} public examples are right"
    assert told in capsys.readouterr().out


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_constant_does_not_pass(name: str, capsys) -> None:
    first = FUNCTIONS[name].examples[0].expected
    assert check(name, lambda *args, **options: first) is False


@pytest.mark.parametrize("name", FUNCTIONS)
def test_examples_belong_to_the_stated_signature(name: str) -> None:
    signature = inspect.signature(eval(f"lambda {FUNCTIONS[name].signature}: 0"))
    for call in FUNCTIONS[name].examples:
        assert isinstance(call, Call)
        assert signature.bind(*call.args, **call.options)


def test_the_convolution_notebook_is_covered() -> None:
    assert set(EXERCISES) >= NOTEBOOK_02


def test_right_in_another_way_passes(capsys) -> None:
    assert check("correlate2d", correlate) is True
    assert check("correlate2d", lambda *a, **o: correlate(*a, **o).astype(np.float32)) is True


def test_a_changed_input_is_remarked(capsys) -> None:
    def spoils_its_input(x, k, stride=1, padding=0):
        y = correlate(x, k, stride, padding)
        x += 1
        return y

    assert check("correlate2d", spoils_its_input) is True
    assert "changes its input x" in capsys.readouterr().out


def test_examples_survive_a_function_that_changes_them(capsys) -> None:
    exercise = find("correlate2d")
    before = [arg.copy() for arg in exercise.examples[0].args]

    def spoils_its_input(x, k, stride=1, padding=0):
        x[:], k[:] = 0, 0
        return x

    assert try_out(exercise, spoils_its_input).state == "wrong"
    for old, new in zip(before, exercise.examples[0].args, strict=True):
        np.testing.assert_array_equal(old, new)


def test_nan_is_a_wrong_value() -> None:
    difference = first_difference(np.array([1.0, np.nan]), np.array([1.0, 2.0]))
    assert difference is not None
    assert "[1]: yours nan, expected 2" in in_words(difference)


def test_a_single_entry_is_not_counted() -> None:
    for answer, words in [
        ([2.0], "yours 2, expected 1."),
        ([2.0, 1.0], "yours 2, expected 1. 1 of 2 entries differs."),
        ([2.0, 3.0], "yours 2, expected 1. 2 of 2 entries differ."),
    ]:
        difference = first_difference(np.array(answer), np.ones(len(answer)))
        assert difference is not None
        assert in_words(difference) == f"First difference at [0]: {words}"


def test_close_numbers_are_written_out_far_enough_to_differ() -> None:
    difference = first_difference(np.array([1000.1]), np.array([1000.0]))
    assert difference is not None
    assert "yours 1000.1, expected 1000." in in_words(difference)
    difference = first_difference(np.array([123456.78]), np.array([123458.9]))
    assert difference is not None
    assert "yours 123457, expected 123459" in in_words(difference)


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (3.0, 4, "Yours is 3, expected 4."),
        (True, 1, "It returned a bool; expected a number."),
        (1, True, "It returned an int; expected a bool."),
        (True, False, "Yours is True, expected False."),
        ("full", "same", "Yours is 'full', expected 'same'."),
        (5, "same", "It returned an int; expected a str."),
        (2j, 2, "It returned a complex; expected a number."),
        (2j, 1j, "Yours is 0+2j, expected 0+1j."),
        (10**25, 4, "Yours is 1e+25, expected 4."),
        pytest.param(10**400, 4, "an int; expected a number.", id="beyond floats"),
        (4.5, np.array(4.0), "Yours is 4.5, expected 4."),
        (np.ones(2), np.array(4.0), "It returned an array; expected a number."),
        (np.array(["1", "2"]), np.ones(2), "The dtype is <U1, so the entries are no plain numbers"),
        ([[1, 2], [3]], np.ones((2, 2)), "a list; expected an array. Return a NumPy array."),
        ((1, (4, 2)), (1, (3, 2)), "In result 2: In result 1: Yours is 4, expected 3."),
        (np.ones(2), 4, "expected a number"),
        ((1, 2), (1, 3), "In result 2: Yours is 2, expected 3."),
        ((1, 2, 3), (1, 3), "3 things"),
        (5, (1, 3), "expected a tuple of 2"),
        (5, None, "expected None"),
        (
            (np.ones(2), np.zeros(3)),
            (np.ones(2), np.zeros(4)),
            "In result 2: The shape is (3,); expected (4,).",
        ),
    ],
)
def test_numbers_and_tuples(answer: Any, expected: Any, words: str) -> None:
    difference = first_difference(answer, expected)
    assert difference is not None
    assert words in in_words(difference)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        *((4, 4), (4.0, 4), (np.float32(4), 4), (np.array(4), 4), (None, None), ([1, 3], (1, 3))),
        *((4.0, np.array(4.0)), (10**25, 1e25), (2j, 2j), ("same", "same")),
        *((True, True), (np.True_, True), (np.array([True]), np.array([True]))),
    ],
)
def test_right_numbers_and_tuples(answer: Any, expected: Any) -> None:
    assert first_difference(answer, expected) is None


VALUE_ANSWERS = [
    ("corr_stride_1", [[0, 0, 0]] * 3, True, "looks complete: 3 rows, 3 columns. It is marked"),
    ("corr_stride_1", np.ones((3, 3)), True, "looks complete"),
    ("corr_stride_1", [[0, 0], [0, 0]], False, "you gave 2 rows, 2 columns; expected 3 rows, 3"),
    ("corr_stride_1", [[1, 2, 3], [1, 2], [1]], False, "not equally long"),
    ("corr_stride_1", [[1, 2, 3], [1, ..., 3], [1, 2, 3]], False, "row 1, column 1 is still `...`"),
    ("corr_stride_1", [["a", "b", "c"]] * 3, False, "expected numbers, not a str."),
    ("swapped_correlation", [1, 2, None, 4, 5], False, "expected numbers, not a NoneType."),
    ("swapped_correlation", {1, 2, 3, 4, 5}, False, "a set has no order; give a list"),
    ("corr_stride_1", None, False, "not done yet"),
    ("patch_value", 12, True, "looks complete: one number"),
    ("patch_value", [12], False, "you gave a list of one; expected one number, without brackets"),
    ("patch_value", float("nan"), False, "finite"),
    ("patch_value", ..., False, "[to do] patch_value: not done yet."),
    ("swapped_correlation", [1, 2, 3, 4, 5], True, "5 numbers"),
    ("kept_outputs", [7], True, "looks complete: 1 number."),
    ("centre_in_full", (0, 0), True, "2 numbers"),
]


@pytest.mark.parametrize(("name", "answer", "complete", "words"), VALUE_ANSWERS)
def test_values_are_checked_for_shape_only(name, answer, complete, words, capsys) -> None:
    assert check(name, answer) is complete
    told = capsys.readouterr().out
    assert words in told
    assert told.startswith("[complete]") is complete


def test_small_inputs_are_written_out_and_large_ones_named() -> None:
    pixels = np.array([[3, -4], [0, 1]])
    for name, array, lines in [
        ("x", pixels, ["x = [[ 3 -4]\n     [ 0  1]]"]),
        (
            "x",
            pixels[None, :, :, None],
            ["x = array of shape (1, 2, 2, 1)", "x[0, :, :, 0] = [[ 3"],
        ),
        (
            "w",
            pixels[:, :, None, None],
            ["w = array of shape (2, 2, 1, 1)", "w[:, :, 0, 0] = [[ 3"],
        ),
        ("x", pixels[1].astype(np.uint8), ["x = [0 1], uint8"]),
        ("x", np.zeros((2, 2, 2, 1)), ["x = array of shape (2, 2, 2, 1), float64"]),
        ("x", np.zeros((1, 9, 9, 1)), ["x = array of shape (1, 9, 9, 1), float64"]),
    ]:
        _, *told = describe_call(Exercise("f", "function", signature=name), Call((array,)))
        assert len(told) == len(lines)
        assert all(line.startswith(start) for line, start in zip(told, lines, strict=True))


@pytest.mark.parametrize("name", VALUES)
def test_nothing_is_kept_of_a_value_but_its_shape(name: str) -> None:
    assert set(read_all()[name]) == {"kind", "shape"}


def test_an_unknown_name_gets_a_guess_and_the_list() -> None:
    with pytest.raises(ValueError, match="Did you mean 'correlate2d'") as caught:
        find("corelate2d")
    assert "convolve1d" in str(caught.value)


def test_an_example_is_called_again_by_a_line_to_paste(monkeypatch, capsys) -> None:
    """What is printed runs as it stands, with options and all."""
    check("correlate2d", ignores_the_stride)
    *_, head, brings, again = capsys.readouterr().out.splitlines()
    assert head.strip() == "To try it in a cell:"
    assert brings.strip() == "from convkit.check import example"
    assert again.strip() == 'correlate2d(*example("correlate2d", 4), stride=2)'
    scope: dict[str, Any] = {"correlate2d": correlate}
    exec(brings.strip(), scope)
    expected = FUNCTIONS["correlate2d"].examples[3].expected
    np.testing.assert_allclose(eval(again.strip(), scope), expected)
    monkeypatch.setattr(sys.modules["__main__"], "example", example, raising=False)
    check("correlate2d", ignores_the_stride)
    assert "import" not in capsys.readouterr().out


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_example_can_be_called_again(name: str) -> None:
    for number, call in enumerate(FUNCTIONS[name].examples, start=1):
        assert isinstance(call, Call)
        lines = describe_call(FUNCTIONS[name], call) + call_again(FUNCTIONS[name], number)
        line = lines[-1] if len(lines) > 1 else lines[0]
        value = eval(line, {name: ORACLES[name], "example": example, "np": np})
        assert first_difference(value, call.expected) is None


def test_an_example_is_a_new_one_each_time() -> None:
    x, k = example("correlate2d", 1)
    x[:] = 0
    again, _ = example("correlate2d", 1)
    assert again.any()
    assert k.shape


def test_what_is_no_example_is_told() -> None:
    count = len(FUNCTIONS["im2col"].examples)
    for number in (0, count + 1, -1):
        told = f"im2col has {count} public examples; there is no example {number}."
        with pytest.raises(ValueError, match=told):
            example("im2col", number)
    with pytest.raises(ValueError, match=r"Example 2 of Node is no call. Its lines are:\na = Node"):
        example("Node", 2)
    with pytest.raises(ValueError, match="corr_a_b has 0 public examples"):
        example("corr_a_b", 1)


def test_a_call_without_arrays_can_be_pasted_as_it_is(capsys) -> None:
    check("conv_output_size", lambda n, kernel, stride=1, padding=0: 0)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.strip().startswith("Example 1 of 7: conv_output_size(")


def test_parts_have_names(capsys) -> None:
    def wrong_bias(dy, x, w, stride=1, padding=0):
        dx, dw, db = ORACLES["conv2d_backward"](dy, x, w, stride=stride, padding=padding)
        return dx, dw, 2 * db

    check("conv2d_backward", wrong_bias)
    assert "conv2d_backward: In db: First difference at [0]" in capsys.readouterr().out


ONLY_ONE = [
    (lambda: [(0, 0, 0)] * 9 + [(0,)] * 3, True, "[complete] alexnet_shapes: looks complete."),
    (lambda: ORACLES["alexnet_shapes"](), True, "[complete] alexnet_shapes: looks complete."),
    (lambda: [(0, 0, 0)] * 9 + [4096] * 3, False, "In fc6: It returned an int; expected a tuple"),
    (lambda: [(0, 0, 0)] * 8, False, "It returned 8 things in a tuple; expected 12."),
    (lambda: [(0, 0, "3")] * 9 + [(0,)] * 3, False, "In input: In result 3: It returned a str"),
    (lambda: None, False, "It returned None. Is a return missing?"),
    (lambda: 1 // 0, False, "it raised ZeroDivisionError"),
]


@pytest.mark.parametrize(("answer", "good", "words"), ONLY_ONE)
def test_of_an_answer_that_is_the_only_one_its_form_is_checked(answer, good, words, capsys) -> None:
    """Whoever tries number after number must not find the right ones."""
    assert check("alexnet_shapes", answer) is good
    assert words in capsys.readouterr().out


def test_the_only_answer_is_not_public() -> None:
    assert set(read_all()["alexnet_shapes"]) == {"kind", "signature", "parts", "blank"}
    assert set(re.findall(r"\d+", str(read_all()["alexnet_shapes"]["blank"]))) == {"0"}


def test_matplotlib_waits_for_a_picture() -> None:
    code = (
        "import sys\n"
        "from convkit.check import check\n"
        "check('convolve1d', lambda x, w: x)\n"
        "check('convolve1d', ...)\n"
        "assert 'matplotlib' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


class TestInANotebook:
    """HTML and a picture instead of plain text."""

    @pytest.fixture
    def shown(self, monkeypatch) -> list[dict[str, Any]]:
        IPython = pytest.importorskip("IPython")
        parts: list[dict[str, Any]] = []
        monkeypatch.setattr(general, "in_notebook", lambda: True)
        monkeypatch.setattr(IPython.display, "display", lambda part, raw: parts.append(part))
        return parts

    def test_a_wrong_value_has_a_picture(self, shown, capsys) -> None:
        check("correlate2d", flips_the_kernel)
        block, picture = shown
        assert "yours 1, expected 2" in block["text/html"]
        assert picture["image/png"].startswith(b"\x89PNG")
        assert capsys.readouterr().out == ""

    @pytest.mark.parametrize(
        "answer",
        [correlate, undone, forgets_return, adds_an_axis, returns_complex, returns_booleans],
    )
    def test_others_have_none(self, answer: Callable[..., Any], shown) -> None:
        check("correlate2d", answer)
        assert len(shown) == 1

    def test_text_from_the_student_is_escaped(self, shown) -> None:
        def raises(x, k, stride=1, padding=0):
            raise KeyError("<script>alert(1)</script>")

        check("correlate2d", raises)
        assert "<script>" not in shown[0]["text/html"]

    def test_signs_tell_what_colours_tell(self, shown) -> None:
        for answer in (correlate, flips_the_kernel, undone):
            check("correlate2d", answer)
        check("patch_value", 1)
        blocks = [part["text/html"] for part in shown if "text/html" in part]
        assert [sign for block in blocks for sign in "✓✗…●" if f">{sign}<" in block] == list("✓✗…●")


SHAPES = [(5,), (40,), (3, 4), (30, 20), (3, 4, 2), (2, 3, 4, 3), (2, 30, 20, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_pictures_show_the_slice_with_the_first_difference(shape: tuple[int, ...]) -> None:
    expected = RNG.integers(-9, 9, shape).astype(float)
    yours = expected.copy()
    wrong = tuple(size - 1 for size in shape)
    yours[wrong] += 1
    figure = difference_picture(yours, expected)
    assert figure is not None
    figure.draw_without_rendering()
    titles = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    assert "yours − expected" in titles
    if len(shape) == 4:
        assert titles[0] == f"yours [{wrong[0]}, :, :, {wrong[3]}]"


def test_a_small_picture_marks_what_is_wrong() -> None:
    expected = np.arange(6.0).reshape(2, 3)
    yours = expected.copy()
    yours[1, 2] = 7
    figure = difference_picture(yours, expected)
    assert figure is not None
    mine, right, difference = figure.axes
    fills = np.asarray(mine.images[0].get_array())
    assert (fills[1, 2] != 1).any()
    assert (fills.reshape(-1, 3)[:5] == 1).all()
    assert sorted(t.get_text() for t in right.texts) == list("012345")
    assert [t.get_text() for t in difference.texts] == ["2"]


def test_different_shapes_are_drawn_side_by_side() -> None:
    figure = difference_picture(np.ones((2, 3)), np.ones((3, 3)))
    assert figure is not None
    assert [ax.get_title() for ax in figure.axes] == ["yours", "expected"]


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        (np.ones(()), np.zeros(())),
        (np.ones((2, 2)), np.ones(4)),
        (np.ones((0, 2)), np.ones((1, 2))),
        (np.ones((1, 2, 2, 1)), np.ones((1, 3, 3, 1))),
        (np.ones((1, 1, 1, 1, 2)), np.zeros((1, 1, 1, 1, 2))),
    ],
)
def test_some_things_have_no_picture(yours: np.ndarray, expected: np.ndarray) -> None:
    assert difference_picture(yours, expected) is None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_pictures_bear_numbers_that_are_not_finite(bad: float) -> None:
    for shape in SHAPES:
        expected = np.ones(shape)
        yours = expected.copy()
        yours.flat[0] = bad
        figure = difference_picture(yours, expected)
        assert figure is not None
        figure.draw_without_rendering()


def test_report_names_the_line_of_the_student() -> None:
    report = examine("correlate2d", writes_beyond_the_end)
    line = writes_beyond_the_end.__code__.co_firstlineno + 2
    assert f"in line {line} of the cell: y[5, 5] = 1" in report.says


class TestWaitingFor:
    def test_an_undone_function_is_named(self, capsys) -> None:
        def pad2d(*args: Any, **options: Any) -> None:
            raise NotImplementedError

        with waiting_for("conv2d", "pad2d"):
            pad2d()
        assert capsys.readouterr().out == "This picture appears once pad2d is done.\n"

    def test_an_undone_value_is_named(self, capsys) -> None:
        patch_value: Any = ...
        with waiting_for("correlate2d", "patch_value", what="The sum"):
            print(patch_value + 1)
        assert capsys.readouterr().out == "The sum appears once patch_value is done.\n"

    def test_a_finished_block_runs(self, capsys) -> None:
        correlate2d = correlate
        with waiting_for("correlate2d"):
            print("drawn", correlate2d(np.ones((3, 3)), np.ones((3, 3))).item())
        assert capsys.readouterr().out == "drawn 9.0\n"

    def test_a_block_on_a_wrong_answer_shows_nothing(self, capsys) -> None:
        correlate2d = flips_the_kernel
        with waiting_for("correlate2d", "conv2d", what="This table"):
            print(correlate2d(np.eye(3), np.eye(3)))
        told = "This table waits: your correlate2d is not right yet, as check says.\n"
        assert capsys.readouterr().out == told

    def test_errors_of_a_block_on_a_wrong_answer_are_its_own(self, capsys) -> None:
        correlate2d, corr_a_b = forgets_return, [1, 2]
        with waiting_for("correlate2d", "corr_a_b"):
            print(correlate2d(np.eye(3), np.eye(3)).shape)  # type: ignore[func-returns-value]
        told = "This picture waits: your correlate2d and corr_a_b are not right yet, as check says."
        assert capsys.readouterr().out.strip() == told
        assert corr_a_b == [1, 2]

    def test_a_value_that_is_complete_is_not_said_to_be_wrong(self, capsys) -> None:
        patch_value = -1234
        with waiting_for("patch_value"):
            print(patch_value)
        assert capsys.readouterr().out == "-1234\n"

    def test_a_wrong_answer_does_not_keep_an_interrupt(self) -> None:
        correlate2d = flips_the_kernel
        with pytest.raises(KeyboardInterrupt), waiting_for("correlate2d"):
            raise KeyboardInterrupt
        assert correlate2d is flips_the_kernel

    @pytest.mark.parametrize("error", [TypeError, ValueError, KeyboardInterrupt])
    def test_other_errors_pass(self, error: type[BaseException]) -> None:
        with pytest.raises(error), waiting_for("correlate2d"):
            raise error


def test_a_kernel_shows_html_and_the_picture(tmp_path) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    cell = nbformat.v4.new_code_cell(
        "from convkit.check import check\n"
        "check('convolve1d', lambda x, w: __import__('numpy').convolve(x, w)[::-1])"
    )
    waiting = nbformat.v4.new_code_cell(
        "from IPython.display import display\n"
        "from convkit.check import waiting_for\n"
        "convolve1d = lambda x, w: x\n"
        "with waiting_for('convolve1d'):\n"
        "    print('printed')\n"
        "    display('displayed')"
    )
    notebook = nbformat.v4.new_notebook(cells=[cell, waiting])
    nbclient.NotebookClient(notebook, timeout=60).execute(cwd=str(tmp_path))
    (line,) = waiting.outputs
    assert line.text == "This picture waits: your convolve1d is not right yet, as check says.\n"
    block, picture, value = cell.outputs
    assert "First difference" in block.data["text/html"]
    assert base64.b64decode(picture.data["image/png"]).startswith(b"\x89PNG")
    assert value.data["text/plain"] == "False"
