"""Trying out a trained classifier on labelled images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convkit.check.comparison import Difference, close, compare, percent
from convkit.check.differences import a_type, in_words
from convkit.check.examples import LabelledImages, PredictionExamples
from convkit.check.reports import Report, error_in_words, innermost_code


def report_predictions(examples: PredictionExamples, answer: Any) -> Report:
    """Ask a student's classifier what public images show.

    Parameters
    ----------
    examples : PredictionExamples
        Kinds of images.
    answer : object
        What the student has bound to the name.

    Returns
    -------
    Report
        The first kind that is told too badly, or how good the classifier is on each.
    """
    name = examples.name
    if answer is None or answer is Ellipsis:
        return Report(name, "undone", "not done yet.")
    if not callable(answer):
        says = f"expected a function, but {name} is now {a_type(answer)}. Was the name used twice?"
        return Report(name, "wrong", says)
    shares = []
    for kind in examples.kinds:
        report, share = _try_kind(name, kind, answer)
        if report is not None:
            return report
        shares.append(f"{kind.what}: {percent(share)} right ({100 * kind.at_least:g} % wanted)")
    return Report(name, "right", "good enough on the public images.\n" + "\n".join(shares))


def _try_kind(name: str, kind: LabelledImages, classify: Any) -> tuple[Report | None, float]:
    """Report on one kind of images (None if enough are right), and the share that is right."""
    images, labels = kind.draw()
    call = (f"{name}(images), {kind.what}", f"images = array of shape {images.shape}")
    try:
        answer = classify(images.copy())
    except NotImplementedError as error:
        code = innermost_code(error)
        other = code is not None and code.co_name != name
        says = f"not done yet: it calls {code.co_name}, which is not." if code and other else ""
        return Report(name, "undone", says or "not done yet."), 0.0
    except Exception as error:
        says, place = error_in_words(error)
        return Report(name, "wrong", f"{says}\n{place}" if place else f"{says}.", call), 0.0
    found = compare(answer, labels, booleans=False, at_least=kind.at_least)
    if found is None:
        return None, float(close(answer, labels).mean())
    if found.stage != "values":
        return Report(name, "wrong", _form_problem(found), call), 0.0
    says = (
        f"{kind.what}: {percent(found.right)} of {len(labels)} images are right; "
        f"{100 * kind.at_least:g} % are wanted. {_commonest_mistake(answer, labels)}"
    )
    return Report(name, "wrong", says), found.right


def _form_problem(found: Difference) -> str:
    """What is wrong with the form of the answer, before its content is looked at."""
    answer = found.answer
    if answer is None:
        return in_words(found)
    if found.stage == "type":
        return f"It returned {a_type(answer)}; expected an array of whole numbers."
    if found.stage == "shape":
        wanted = f"expected {found.expected.shape}: one whole number for each image"
        return f"The shape is {answer.shape}; {wanted}."
    return f"The dtype is {answer.dtype}; expected whole numbers."


def _commonest_mistake(answer: NDArray[Any], labels: NDArray[Any]) -> str:
    if (answer == answer[0]).all():
        return f"The answer is always {answer[0]:g}."
    wrong = ~close(answer, labels)
    pairs = np.stack([labels[wrong], answer[wrong]], axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    label, taken = kinds[counts.argmax()]
    return f"Most often {label:g} is taken for {taken:g} ({counts.max()} times)."
