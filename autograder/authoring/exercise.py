"""What an exercise is: cases, an oracle, a rubric, rules, wheats and chaffs."""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from autograder.authoring.examples import Example
from autograder.core.check import TOLERANCE

CaseMaker = Callable[[np.random.Generator], "Iterable[Case]"]


@dataclass(frozen=True)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    group : str
        The rubric line that this case belongs to.
    args, kwargs
        What the function is called with: arrays, numbers, strings, None, and tuples of these.
    right : object
        The right answer, where the oracle cannot compute it from the inputs: the labels of
        images. It never enters the locked room. A checker finds the oracle's answer here where
        the case brought none.
    at_least : float
        Share of the entries of an answer that must be right, for predictions.
    """

    group: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    right: Any = None
    at_least: float = 1.0

    def copy(self) -> Case:
        """The same with inputs of its own: whoever gets it may change them."""
        return Case(
            self.group,
            own(self.args),
            {name: own(value) for name, value in self.kwargs.items()},
            own(self.right),
            self.at_least,
        )

    @property
    def inputs(self) -> str:
        """The inputs in words: sizes and options, no contents.

        Examples
        --------
        >>> Case("any", (np.ones((5, 7)), np.ones((3, 3))), {"stride": 2}).inputs
        '5×7 with 3×3, stride=2'
        """
        arrays = [value for value in self.args if isinstance(value, np.ndarray) and value.ndim]
        sizes = " with ".join("×".join(map(str, value.shape)) for value in arrays[:2])
        options = [
            f"{name}={value!r}"
            for name, value in self.kwargs.items()
            if isinstance(value, int | str | tuple)
        ]
        return ", ".join(filter(None, [sizes, *options]))


def own(value: Any) -> Any:
    """A deep copy; `copy.deepcopy` takes longer for what cases are made of."""
    if isinstance(value, _UNCHANGING):
        return value
    if type(value) is np.ndarray and value.dtype.kind != "O":
        return value.copy(order="K")
    if type(value) is tuple:
        return tuple(map(own, value))
    return copy.deepcopy(value)


_UNCHANGING = (int, float, str, type(None))

Checker = Callable[[Any, Case], "bool | str"]


@dataclass(frozen=True)
class RubricLine:
    """Points that are earned when every case of one group is right.

    Attributes
    ----------
    group : str
        Name of the group of cases, unique in the exercise.
    points : float
        What the line is worth. Points are written down here and nowhere else.
    text : str
        The line as the student reads it, such as ``"a stride larger than 1"``.
    """

    group: str
    points: float
    text: str


@dataclass(frozen=True)
class Wheat:
    """A correct implementation in one particular style."""

    implementation: Callable[..., Any]

    @property
    def name(self) -> str:
        return self.implementation.__name__


@dataclass(frozen=True)
class Misconception:
    """A known wrong implementation (a chaff), and what to tell the student who wrote it.

    Attributes
    ----------
    says : str
        The sentence that names the mistake to the student.
    breaks : frozenset of str
        Rubric groups that this implementation fails; it passes all others.
    """

    implementation: Callable[..., Any]
    says: str
    breaks: frozenset[str]

    @property
    def name(self) -> str:
        return self.implementation.__name__


@dataclass(frozen=True)
class RuleBreaker:
    """An implementation with the right answers that an exercise rules out.

    Attributes
    ----------
    finds : str
        Words that must occur in what the judge then tells the student.
    """

    implementation: Callable[..., Any]
    finds: str

    @property
    def name(self) -> str:
        return self.implementation.__name__


@dataclass(frozen=True)
class LoopRule:
    """How many loops an answer may have, one inside the other or one after the other.

    Each dimension of the inputs is made larger in turn.  If some line then runs as many more
    times as the dimension has grown, that is a loop over this dimension, however it is written.

    Attributes
    ----------
    at_most : int
        Over how many of the dimensions the answer may loop.
    dimensions : tuple of str
        Their names as the student reads them, such as ``"test images"``.
    probe : callable
        Takes a seeded ``numpy.random.Generator`` and one size for each dimension, and gives the
        arguments of a call.
    sizes : tuple of int
        The smallest size of each dimension.
    others : int
        How many more loops may be written, over what is none of the dimensions.
    """

    at_most: int
    dimensions: tuple[str, ...]
    probe: Callable[..., tuple[Any, ...]]
    sizes: tuple[int, ...]
    others: int = 0


@dataclass(frozen=True)
class MarkedExercise:
    """What a report has to know of an exercise, whoever marks it.

    Attributes
    ----------
    name : str
        What it is called.
    rubric : tuple of RubricLine
        What its points are given for.
    """

    name: str
    rubric: tuple[RubricLine, ...]

    @property
    def points(self) -> float:
        """Sum of the rubric's points."""
        return sum(line.points for line in self.rubric)


@dataclass(frozen=True)
class Exercise(MarkedExercise):
    """Something that a student does and that the autograder marks.

    Attributes
    ----------
    name : str
        The name that the student's notebook binds: a function or a value.
    kind : {"function", "value", "class"}
        A function is called on the hidden cases; a value is read.  The oracle of a value
        takes no arguments, and its only case has none.  A class is put to use by `use`.
    oracle : callable
        The reference implementation.
    cases : callable
        Takes a seeded ``numpy.random.Generator`` and yields the hidden cases.
    rubric : tuple of RubricLine
        One line for each group of cases.
    forbidden : tuple of str
        Dotted names of library calls that would do the exercise for the student;
        ``"scipy.signal.*"`` stands for everything in a module.
    loops : LoopRule, optional
        How many loops the answer may have.
    use : callable, optional
        ``use(answer, *args, **kwargs)`` puts to use what the student has bound and returns
        plain data.  Its source is sent into the locked room, so it stands on its own and may
        use ``np``.  Without it, the answer is called.
    rtol, atol : float
        How far an answer may be from the oracle's, relative and absolute.
    examples : tuple of Call or Program
        What `check` tries an answer on in the student's notebook, in this order. A value has
        none: only its shape is public. So it is with a function that takes nothing.
    parts : tuple of str
        What the parts of an answer are called that is a tuple, such as ``("dx", "dw", "db")``.
    open_size : bool
        Whether it is part of the question how many numbers a value has. Then nothing says so.
    covers : tuple of str
        Rows of the syllabus, each by the whole text of its first column.
    accepts : callable, optional
        A checker, where many answers are right: any eigenvector, any solution of a system.
        ``accepts(answer, case)`` returns True, or False, or a short sentence that says to the
        student what is wrong with the answer.  It takes the place of the comparison with the
        oracle's answer, which it finds in ``case.right``, and of the tolerances and `at_least`.

        The judge runs it, never the locked room.  The answer comes from the student: it may be
        None, a text, numbers, an array of any shape, or nests of these, with NaN and infinities
        in it.  Whatever a checker raises means that the answer is not accepted, so it can take
        what it wants for granted; but it must come to an end for every answer, and NaN must not
        pass, as it does where an error is only held against ``> tolerance``.  The sentence goes
        to the student as it is, so it must tell nothing of the hidden inputs, of the right
        answer, or of what the answer holds: name a condition that does not hold, a size, a place.
    """

    oracle: Callable[..., Any]
    cases: CaseMaker
    kind: Literal["function", "value", "class"] = "function"
    forbidden: tuple[str, ...] = ()
    loops: LoopRule | None = None
    use: Callable[..., Any] | None = None
    rtol: float = TOLERANCE
    atol: float = TOLERANCE
    accepts: Checker | None = None
    wheats: tuple[Wheat, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    rule_breakers: tuple[RuleBreaker, ...] = ()
    examples: tuple[Example, ...] = ()
    parts: tuple[str, ...] = ()
    open_size: bool = False
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A question that is answered in prose and marked by a person.

    The marking guide is part of the solution notebook.

    Attributes
    ----------
    covers : tuple of str
        Rows of the syllabus, each by the whole text of its first column.
    """

    name: str
    points: float
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkedAssignment:
    """What a report has to know of an assignment, whoever marks it.

    Attributes
    ----------
    exercises : tuple of MarkedExercise
        What is marked by a program, in the order of the notebook.
    written : tuple of Written
        What a person marks.
    """

    name: str
    exercises: tuple[MarkedExercise, ...]
    written: tuple[Written, ...] = ()

    @property
    def judged(self) -> str:
        """Who judged, if that was not the grader; else ""."""
        return ""


@dataclass(frozen=True)
class Assignment(MarkedAssignment):
    """The exercises of one notebook.

    Attributes
    ----------
    cell_seconds : float, optional
        Time limit for one of its cells, where the course's own is too short.
    unmarked : tuple of str
        Solution cells of its notebook that earn no points.
    order : tuple of str
        What is marked, by a program or a person, in the order of the notebook.
    """

    exercises: tuple[Exercise, ...] = ()
    cell_seconds: float | None = None
    unmarked: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def worth(self) -> dict[str, float]:
        """Points of exercises and written questions, in the order of the notebook."""
        points = {each.name: each.points for each in self.exercises}
        points |= {each.name: each.points for each in self.written}
        places = {name: place for place, name in enumerate(self.order)}
        return dict(sorted(points.items(), key=lambda each: places.get(each[0], len(places))))

    def exercise(self, name: str) -> Exercise:
        """The exercise called `name`.

        Raises
        ------
        KeyError
            If the assignment has no such exercise.
        """
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise KeyError(f"{self.name} has no exercise called {name!r}")


def source_as(implementation: Callable[..., Any], name: str) -> str:
    """Source of a wheat or chaff, as a student would have written it under `name`.

    Decorators are dropped and the function or class is renamed.

    Parameters
    ----------
    implementation : callable
        A plain function or a class that was read from a file.
    name : str
        The name that the student's notebook binds.

    Returns
    -------
    str
        Source of one definition.

    Examples
    --------
    >>> def third_power(x):
    ...     return x**3 if x > 0 else -third_power(-x)
    >>> print(source_as(third_power, "power"))
    def power(x):
        return x ** 3 if x > 0 else -power(-x)
    """
    tree = ast.parse(textwrap.dedent(_source(implementation)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef | ast.ClassDef)
    definition.decorator_list = []
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and node.id == definition.name:
            node.id = name
    definition.name = name
    return ast.unparse(tree)


# Python reads the whole file again for each class in it.
_source = functools.cache(inspect.getsource)
