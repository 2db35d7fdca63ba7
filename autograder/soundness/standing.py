"""Does an implementation stand on its own, so that it can be handed in as a student's cell?"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any

from autograder.authoring.exercise import source_as
from autograder.core.scopes import names_used

_KNOWN = frozenset(dir(builtins)) | {"np"}


@functools.cache
def not_standing_alone(implementation: Callable[..., Any]) -> str:
    """Say what an implementation lacks to stand on its own, or "".

    Parameters
    ----------
    implementation : callable
        A wheat, a chaff, a rule breaker, or an exercise's `use`.

    Examples
    --------
    >>> not_standing_alone(lambda x: x)
    'is no plain function or class whose source can be read'
    """
    name = getattr(implementation, "__name__", "")
    try:
        source = source_as(implementation, name)
    except (OSError, TypeError, SyntaxError, AssertionError):
        return "is no plain function or class whose source can be read"
    strangers = sorted(names_used(source)[0] - _KNOWN - {name})
    if not strangers:
        return ""
    return (
        f"does not stand alone: it uses {', '.join(strangers)} from outside; it may use np and "
        "what it defines or imports itself"
    )
