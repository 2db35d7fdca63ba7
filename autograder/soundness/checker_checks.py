"""Is the checker of an exercise sound? It is asked about the oracle's own answer, and nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.authoring.answer_key import described
from autograder.authoring.asking import NoVerdictError, ask
from autograder.authoring.blame import blame
from autograder.authoring.exercise import Case, Checker


def checker_faults(accepts: Checker, case: Case, right: Any) -> Iterator[str]:
    """What is wrong with a checker, as one case shows it.

    Parameters
    ----------
    accepts : callable
        The checker.
    case : Case
        What is asked.
    right : object
        The oracle's answer.
    """
    where = f"the oracle's own answer to {described(case)}"
    try:
        said = ask(accepts, case, right, right)
    except NoVerdictError as fault:
        yield f"its checker {fault}, for {where}"
        return
    except Exception as error:
        yield f"its checker raises {blame(error, accepts)} on {where}"
        return
    if said is not True:
        yield f"its checker does not accept {where}" + (f": {said}" if said else "")
        return
    for name, answer in _never_right(right):
        where = f"{name} as an answer to {described(case)}"
        try:
            if ask(accepts, case, right, answer) is True:
                yield f"its checker accepts {where}"
        except NoVerdictError as fault:
            yield f"its checker {fault}, for {where}"
        except Exception:
            continue


def _never_right(right: Any) -> Iterator[tuple[str, Any]]:
    """Answers that no checker accepts, unless the oracle gives such a thing itself."""
    if right is not None:
        yield "None", None
    if not isinstance(right, str):
        yield "a text", "an answer"
    numbers = [number for number in _leaves(right) if not isinstance(number, bool | str | None)]
    if numbers and all(np.isfinite(number).all() for number in numbers):
        yield "NaN", _with_nan(right)


def _leaves(right: Any) -> Iterator[Any]:
    if isinstance(right, tuple | list):
        for part in right:
            yield from _leaves(part)
    elif not isinstance(right, dict):
        yield right


def _with_nan(right: Any) -> Any:
    """The same form with NaN for every number."""
    if isinstance(right, tuple | list):
        return type(right)(map(_with_nan, right))
    if isinstance(right, bool | str | dict | None):
        return right
    return np.full(np.shape(right), np.nan)[()]
