"""The exercises of 10_nonlinearity: right by brute force and by calculus, and hard enough."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy import signal, special

from autograder.authoring.answer_key import answer_keys, hidden_cases
from convkit import check_gradient, load_digits, max_pool2d
from exercises.nonlinearity import network, readers, stack
from exercises.nonlinearity.held_back import held_back
from exercises.nonlinearity.softmax_cross_entropy import softmax_cross_entropy
from tests.course import find_assignment

SECRET = b"a course"
ASSIGNMENT = find_assignment("10_nonlinearity")
KEYS = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}

BY_HAND = {
    "collapsed_by_hand": [2, 5, 1, -2, -1],
    "parameters_of_both": [474, 1010],
    "loss_of_a_guess": 2.302585,
    "gradient_by_hand": [0.125, -0.75, 0.625],
}


def convolve(images: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A convolution layer by scipy, map by map."""
    maps = [
        signal.correlate(image, w[..., f], "valid", "direct")[..., 0] + b[f]
        for image in images
        for f in range(len(b))
    ]
    return np.moveaxis(np.reshape(maps, (len(images), len(b), *maps[0].shape)), 1, -1)


def run(layers, images):
    """The stack, layer by layer; a pool as a convolution that keeps every size-th window."""
    for kind, *parts in layers:
        if kind == "conv":
            images = convolve(images, *parts)
        elif kind == "avg_pool":
            size, channels = parts[0], images.shape[3]
            means = np.eye(channels) / size**2 * np.ones((size, size, 1, 1))
            images = convolve(images, means, np.zeros(channels))[:, ::size, ::size]
        else:
            images = np.array([image.ravel() @ parts[0] + parts[1] for image in images])
    return images.reshape(len(images), -1)


@pytest.mark.parametrize("case", KEYS["collapse"].cases, ids=lambda case: case.group)
def test_the_matrix_does_what_the_layers_do(case) -> None:
    layers, shape = case.args
    images = np.random.default_rng(1).normal(size=(5, *shape))
    matrix, bias = stack.collapse(layers, shape)
    np.testing.assert_allclose(
        images.reshape(5, -1) @ matrix + bias, run(layers, images), rtol=1e-9, atol=1e-9
    )


def test_stacks_have_images_that_are_not_square_and_fewer_outputs_than_inputs() -> None:
    for case in KEYS["collapse"].cases:
        (height, width, _), (matrix, _) = case.args[1], stack.collapse(*case.args)
        assert height != width
        assert matrix.shape[0] > matrix.shape[1]


@pytest.mark.parametrize("name", ["collapse", "loss_and_gradients"])
def test_wide_and_tall_images_are_in_every_group_of_every_draw(name: str) -> None:
    for number in range(5):
        sizes: dict[str, set[int]] = {}
        for case in hidden_cases(b"%d" % number, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
            about = case.args[1]
            height, width = about[:2] if name == "collapse" else about.shape[1:3]
            sizes.setdefault(case.group, set()).add(int(np.sign(width - height)))
        for group, found in sizes.items():
            assert found == {-1, 1}, group


def test_softmax_cross_entropy_agrees_with_scipy() -> None:
    for case, (loss, gradient) in zip(
        KEYS["softmax_cross_entropy"].cases, KEYS["softmax_cross_entropy"].right, strict=True
    ):
        scores, labels = case.args
        picked = np.arange(len(labels)), labels
        assert loss == pytest.approx(-special.log_softmax(scores, axis=1)[picked].mean())
        right = special.softmax(scores, axis=1)
        right[picked] -= 1
        np.testing.assert_allclose(gradient, right / len(labels), atol=1e-12)
        assert len(scores) != scores.shape[1]


def test_a_hopeless_case_underflows_and_a_large_one_overflows() -> None:
    cases = {case.group: case.args for case in KEYS["softmax_cross_entropy"].cases}
    scores, labels = cases["hopeless"]
    assert special.softmax(scores, axis=1)[np.arange(len(labels)), labels].min() == 0
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(cases["large"][0])).any()


@pytest.mark.parametrize("case", KEYS["loss_and_gradients"].cases, ids=lambda case: case.group)
@pytest.mark.parametrize("place", range(4), ids=["w", "b", "W", "c"])
def test_gradients_agree_with_differences(case, place: int) -> None:
    parameters, images, labels = case.args

    def loss(parameter: np.ndarray) -> float:
        changed = [*parameters[:place], parameter, *parameters[place + 1 :]]
        return network.loss_and_gradients(tuple(changed), images, labels)[0]

    gradient = network.loss_and_gradients(parameters, images, labels)[1][place]
    assert check_gradient(loss, parameters[place], gradient).agrees


@pytest.mark.parametrize("number", range(20))
def test_every_filter_is_on_in_some_windows_and_off_in_others(number: int) -> None:
    exercise = ASSIGNMENT.exercise("loss_and_gradients")
    for case in hidden_cases(f"course {number}".encode(), ASSIGNMENT.name, exercise):
        (w, b, _, _), images, _ = case.args
        largest = max_pool2d(convolve(images, w, b), 2)
        assert (largest > 0).any(axis=(0, 1, 2)).all()
        assert (largest < 0).any(axis=(0, 1, 2)).all()


def test_only_the_group_about_it_leaves_a_row_or_column_over() -> None:
    for case in KEYS["loss_and_gradients"].cases:
        (w, *_), images, _ = case.args
        maps = [
            image - kernel + 1 for image, kernel in zip(images.shape[1:3], w.shape, strict=False)
        ]
        assert any(size % 2 for size in maps) == (case.group == "rest")


def test_public_digits_and_those_held_back_are_the_published_ones() -> None:
    public, hidden = load_digits(), held_back()
    count = len(public) + len(hidden)
    is_hidden = np.arange(count) % 6 == 5
    dots, labels = np.zeros((count, 8, 8), np.uint8), np.zeros(count, np.uint8)
    for digits, where in ((public, ~is_hidden), (hidden, is_hidden)):
        dots[where], labels[where] = 16 * digits.images, digits.labels
    whole = hashlib.sha256(dots.tobytes() + labels.tobytes())
    assert whole.hexdigest() == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    assert len(np.unique(dots, axis=0)) == count
    assert np.bincount(hidden.labels).min() >= 25


def test_hidden_digits_are_those_held_back_written_anew() -> None:
    digits = held_back()
    plain = np.pad(digits.images, ((0, 0), (1, 1), (1, 1)))
    for case in KEYS["predict"].cases:
        (images,) = case.args
        assert images.shape == (len(digits), 10, 10, 1)
        assert sorted(case.right) == sorted(digits.labels)
        assert (case.right != digits.labels).any()
        np.testing.assert_array_equal(64 * images, np.round(64 * images))
        if case.group == "centred":
            apart = [abs(plain - image[..., 0]).mean(axis=(1, 2)).min() for image in images]
            assert min(apart) > 0
            assert np.median(apart) > 0.01
            assert max(apart) < 0.1


def test_a_table_of_the_published_digits_knows_no_hidden_one() -> None:
    """Not at any place of the canvas, and none that an earlier draw has shown."""
    known = {
        np.pad(image, ((down, 2 - down), (right, 2 - right))).tobytes()
        for image in (*load_digits().images, *held_back().images)
        for down in range(3)
        for right in range(3)
    }
    for secret in (b"one draw", b"another draw"):
        for case in hidden_cases(secret, ASSIGNMENT.name, ASSIGNMENT.exercise("predict")):
            images = {image.tobytes() for image in case.args[0]}
            assert not images & known
            known |= images


@pytest.mark.parametrize("seed", [0, 1])
def test_honest_training_passes_with_room_to_spare_and_no_linear_classifier_does(seed) -> None:
    exercise = ASSIGNMENT.exercise("predict")
    for number in range(10):
        for case in hidden_cases(f"course {number}".encode(), ASSIGNMENT.name, exercise):
            (images,) = case.args
            trained = network.scores(readers.trained(seed), images).argmax(axis=1)
            linear = readers.linear_scores(images).argmax(axis=1)
            assert np.mean(trained == case.right) >= case.at_least + 0.03
            assert np.mean(linear == case.right) < case.at_least - 0.1


def test_who_passes_check_has_three_or_four_of_a_hundred_to_spare() -> None:
    hidden = [case.at_least for case in KEYS["predict"].cases]
    examples = ASSIGNMENT.exercise("predict").examples
    wanted = [example.at_least for example in examples]
    np.testing.assert_allclose(wanted, np.add(hidden, [0.04, 0.03, 0.03]))


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name], rtol=1e-6)


def test_equal_scores_cost_the_logarithm_of_their_number() -> None:
    for classes in (2, 7):
        loss, _ = softmax_cross_entropy(np.ones((3, classes)), np.array([0, 1, 1]))
        assert loss == pytest.approx(np.log(classes))


def test_points_add_up_to_fifty() -> None:
    assert sum(each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)) == 50
