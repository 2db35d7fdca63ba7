"""Which definitions are in effect at one point of a notebook, and what one of them reaches."""

from __future__ import annotations

import builtins
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.judging.code.bindings import ALL, Binding, Holds, bindings, possible_bindings
from autograder.judging.code.mentions import MOST_ATTRIBUTES, Mention, mentions
from autograder.judging.code.scopes import Path, Tables
from autograder.judging.code.source import LONGEST_SOURCE, parsed

MOST_CANDIDATES = 32
"""So many definitions of one name are taken into account, the last ones."""

_MOST_MEANINGS = 64

GETATTR = "builtins.getattr"
IMPORT_MODULE = "importlib.import_module"
DUNDER_IMPORT = "builtins.__import__"


@dataclass(frozen=True, eq=False)
class Definition:
    """One place at the top level of a notebook where a name gets a value.

    Attributes
    ----------
    order : int
        Later ones have higher numbers.
    seen : int
        What its statement looks up when it runs has a lower number.
    """

    binding: Binding
    order: int
    seen: int
    tables: Tables

    @property
    def name(self) -> str:
        return self.binding.name

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What its code mentions."""
        return mentions(self.binding.nodes, self.tables)


@dataclass(frozen=True)
class Reached:
    """A definition that an answer depends on, and whether it certainly does."""

    definition: Definition
    certain: bool


@dataclass(frozen=True)
class Meaning:
    """The dotted names of what something may stand for, and whether it can be nothing else.

    What is defined in the notebook has no dotted name.
    """

    dotted: frozenset[str] = frozenset()
    certain: bool = False


class Definitions:
    """The code cells of a submission that have run, read once for all of its exercises.

    Parameters
    ----------
    sources : sequence of str
        The cells, in order.
    stopped : collection of int
        Which of them ended early: any of their statements may not have run.

    Examples
    --------
    >>> definitions = Definitions(["import numpy as np", "go = np.pad", "def go(x): return x"])
    >>> [definitions.meaning(Path("go"), definitions.end(cells)).dotted for cells in (2, 3)]
    [frozenset({'numpy.pad'}), frozenset()]
    """

    def __init__(self, sources: Sequence[str], stopped: frozenset[int] = frozenset()) -> None:
        self._of: dict[str, list[Definition]] = {}
        self._patches: dict[str, list[Definition]] = {}
        self._orders: dict[str, list[int]] = {}
        self._stars: list[Definition] = []
        self._aliases: dict[Definition, Meaning] = {}
        self._replaced: list[tuple[int, str]] = []
        self._ends: list[int] = [0]
        left = LONGEST_SOURCE
        for number, source in enumerate(sources):
            left -= len(source)
            self._ends.append(self._ends[-1])
            self._take(source, stopped=number in stopped, too_long=left < 0)

    def _take(self, source: str, *, stopped: bool, too_long: bool) -> None:
        try:
            cell = None if too_long else parsed(source, stopped=stopped)
        except (RecursionError, MemoryError, SystemError):
            # Where Python itself could not read it, nothing of it has run.
            cell, too_long = None, not stopped
        if too_long:
            self._bind(possible_bindings(source), Tables(()))
        elif cell is not None:
            tables, holds = Tables(cell.tables), Holds.of(cell.text)
            for statement in cell.statements:
                self._bind(bindings(statement, holds, conditional=stopped), tables)

    def _bind(self, found: Iterable[Binding], tables: Tables) -> None:
        seen = self._ends[-1] + 1
        for binding in found:
            self._ends[-1] += 1
            self._add(Definition(binding, self._ends[-1], seen, tables))

    def _add(self, definition: Definition) -> None:
        name = definition.name
        if definition.binding.patched:
            self._patches.setdefault(name, []).append(definition)
            dotted = self.meaning(definition.binding.patched, definition.seen).dotted
            self._replaced += ((definition.order, each) for each in dotted)
            return
        if definition.binding.alias:
            self._aliases[definition] = self.meaning(definition.binding.alias, definition.seen)
        if name == ALL:
            self._stars.append(definition)
        self._of.setdefault(name, []).append(definition)
        self._orders.setdefault(name, []).append(definition.order)

    def end(self, cells: int | None = None) -> int:
        """What has a lower number was defined in the first so many cells, or in all of them."""
        return self._ends[-1 if cells is None else min(cells, len(self._ends) - 1)] + 1

    def in_effect(self, name: str, end: int) -> list[Definition]:
        """The definitions that a name may have, among those with a number below `end`.

        That is the last one; before conditional ones also those before them.
        """
        known = self._of.get(name, [])
        last = bisect_left(self._orders.get(name, []), end)
        found = []
        for definition in reversed(known[max(0, last - MOST_CANDIDATES) : last]):
            found.append(definition)
            if not definition.binding.conditional:
                break
        return found

    def meaning(self, path: Path, end: int) -> Meaning:
        """What a path stands for, by the definitions with a number below `end`."""
        if len(path.attributes) > MOST_ATTRIBUTES:
            return Meaning()
        root = Meaning(frozenset([path.root]), True) if path.module else self._name(path.root, end)
        if path.importer:
            importer = self.meaning(path.importer, end).dotted
            if importer == {DUNDER_IMPORT}:
                root = Meaning(frozenset([path.root.partition(".")[0]]), True)
            elif importer != {IMPORT_MODULE}:
                return Meaning()
        if any(self.meaning(function, end).dotted != {GETATTR} for function in path.by):
            return Meaning()
        return Meaning(
            frozenset(".".join((name, *path.attributes)) for name in root.dotted), root.certain
        )

    def _name(self, name: str, end: int) -> Meaning:
        candidates = self.in_effect(name, end)
        if not candidates:
            if hasattr(builtins, name):
                return Meaning(frozenset([f"builtins.{name}"]), True)
            stars = [star.binding.alias for star in self._stars if star.order < end]
            return Meaning(frozenset(f"{module.root}.{name}" for module in stars if module))
        each = [self._aliases.get(candidate, Meaning()) for candidate in candidates]
        dotted = sorted(frozenset[str]().union(*(meaning.dotted for meaning in each)))
        certain = len(dotted) == 1 and all(meaning.certain for meaning in each)
        return Meaning(frozenset(dotted[:_MOST_MEANINGS]), certain)

    def patches(self, name: str, end: int) -> list[Definition]:
        """What is stored in attributes and items of a name by what has a number below `end`."""
        found = [patch for patch in self._patches.get(name, ()) if patch.order < end]
        return found[-MOST_CANDIDATES:]

    def replaced(self, end: int) -> set[str]:
        """The dotted names of libraries that have been given another value."""
        return {dotted for order, dotted in self._replaced if order < end}


class Standing:
    """A notebook as it stands after some of its cells.

    Parameters
    ----------
    read : callable
        Gives all that is defined in it, when it is first asked for.
    cells : int or None
        How many cells have run; all of them with None.
    """

    def __init__(self, read: Callable[[], Definitions], cells: int | None = None) -> None:
        self._read = read
        self._cells = cells
        self._reached: dict[str, tuple[Reached, ...]] = {}

    @staticmethod
    def of(sources: Sequence[str] | Standing) -> Standing:
        """The notebook that consists of some cells, all of which have run."""
        if isinstance(sources, Standing):
            return sources
        definitions = Definitions(sources)
        return Standing(lambda: definitions)

    @cached_property
    def _definitions(self) -> Definitions:
        return self._read()

    @cached_property
    def _end(self) -> int:
        return self._definitions.end(self._cells)

    @property
    def replaced(self) -> set[str]:
        """The dotted names of libraries that have been given another value."""
        return self._definitions.replaced(self._end)

    def unread(self, target: str) -> bool:
        """Whether a name may have a value of which nobody knows what makes it."""
        candidates = self._definitions.in_effect(target, self._end)
        return any(candidate.binding.unread for candidate in candidates)

    def meaning(self, path: Path, mention: Mention, definition: Definition) -> Meaning:
        """What a path in the code of a definition stands for."""
        return self._definitions.meaning(path, self._when(mention, definition))

    def reach(self, target: str) -> tuple[Reached, ...]:
        """What a name depends on: its definitions and what they mention; the certain ones first.

        Examples
        --------
        >>> cells = ["def f(x): return g(x)", "def g(x): return 1", "def g(x): return 2"]
        >>> [reached.definition.order for reached in Standing.of(cells).reach("f")]
        [1, 3]
        """
        if target not in self._reached:
            self._reached[target] = tuple(self._follow(target))
        return self._reached[target]

    def _follow(self, target: str) -> Iterator[Reached]:
        found: dict[Definition, bool] = {}
        followed: set[tuple[str, int, bool]] = set()
        certain = deque(self._definitions.in_effect(target, self._end))
        doubtful: deque[Definition] = deque()
        if len(certain) > 1:
            certain, doubtful = doubtful, certain
        for waiting, is_certain in ((certain, True), (doubtful, False)):
            while waiting:
                definition = waiting.popleft()
                if definition in found:
                    continue
                found[definition] = is_certain
                for name, end, sure in self._names(definition):
                    sure = is_certain and sure
                    if (name, end, sure) in followed:
                        continue
                    followed.add((name, end, sure))
                    candidates = self._definitions.in_effect(name, end)
                    (certain if sure and len(candidates) == 1 else doubtful).extend(candidates)
                    doubtful += self._definitions.patches(name, self._end)
        return (Reached(definition, sure) for definition, sure in found.items())

    def _names(self, definition: Definition) -> Iterator[tuple[str, int, bool]]:
        """What a definition mentions by name, as of when, and whether that is certain."""
        for mention in definition.mentions:
            for path in mention.paths:
                if not path.module:
                    yield path.root, self._when(mention, definition), mention.certain

    def _when(self, mention: Mention, definition: Definition) -> int:
        return definition.seen if mention.eager else self._end
