"""Trying out a trained classifier on labelled images."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.differences import a_type
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
        shares.append(f"{kind.what}: {_percent(share)} right ({100 * kind.at_least:g} % wanted)")
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
    problem = _form_problem(answer, labels)
    if problem:
        return Report(name, "wrong", problem, call), 0.0
    share = float(np.mean(answer == labels))
    if share < kind.at_least:
        says = (
            f"{kind.what}: {_percent(share)} of {len(labels)} images are right; "
            f"{100 * kind.at_least:g} % are wanted. {_commonest_mistake(answer, labels)}"
        )
        return Report(name, "wrong", says), share
    return None, share


def _form_problem(answer: Any, labels: np.ndarray) -> str:
    """What is wrong with the form of the answer, before its content is looked at."""
    if answer is None:
        return "It returned None. Is a return missing?"
    if not isinstance(answer, np.ndarray):
        return f"It returned {a_type(answer)}; expected an array of whole numbers."
    if answer.shape != labels.shape:
        wanted = f"expected {labels.shape}: one whole number for each image"
        return f"The shape is {answer.shape}; {wanted}."
    if answer.dtype.kind not in "iuf":
        return f"The dtype is {answer.dtype}; expected whole numbers."
    return ""


def _commonest_mistake(answer: np.ndarray, labels: np.ndarray) -> str:
    if (answer == answer[0]).all():
        return f"The answer is always {answer[0]:g}."
    wrong = answer != labels
    pairs = np.stack([labels[wrong], answer[wrong]], axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    label, taken = kinds[counts.argmax()]
    return f"Most often {label:g} is taken for {taken:g} ({counts.max()} times)."


def _percent(share: float) -> str:
    """A share, rounded down, so that one that is just too small does not read as enough."""
    return f"{np.floor(1000 * share) / 10:.1f} %"
