"""The text of a cell, as Python reads it: its syntax tree, its scopes, what is wrong with it."""

from __future__ import annotations

import ast
import re
import symtable
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.core.definitions import CELL, compiler

LONGEST_SOURCE = 250_000
"""Characters that are read of one submission. A tree takes up to 800 times as many bytes."""

LONGEST_COMPILED = 50_000
"""Characters of a cell that are compiled. The time is quadratic where there are many lambdas."""

LONGEST_TRANSFORMED = 100_000
"""Characters times lines that may be magics, which IPython reads one after the other."""

_WIDEST = 160
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PYTHON_INSIDE = re.compile(r"\s*%%(?:time|capture|prun)\b[^\n]*")
_MAGIC = re.compile(r"^[^\S\n]*[%!?]|=[^\S\n]*[%!]|\?[^\S\n]*$|^[^\S\n]*(?:>>>|In )", re.MULTILINE)

REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError)
"""What the compiler raises for one text or another."""


@dataclass(frozen=True, eq=False)
class Parsed:
    """A cell that Python reads.

    Attributes
    ----------
    text : str
        Python: IPython's own syntax is translated, line by line.
    statements : tuple of ast.stmt
        Those that run: a statement that the compiler refuses ends its cell.
    tables : tuple of (int, SymbolTable)
        Those of the text, or of parts of it, and how many lines stand above each part.
    """

    text: str
    statements: tuple[ast.stmt, ...]
    tables: tuple[tuple[int, symtable.SymbolTable], ...]


def parsed(source: str, *, stopped: bool = False) -> Parsed | None:
    """Read a cell; None if it has no syntax that Python knows, so that nothing of it runs.

    Parameters
    ----------
    source : str
        May hold IPython's own syntax.
    stopped : bool
        Whether an exception ended the cell, which may be the compiler's.

    Raises
    ------
    RecursionError, MemoryError
        If it is nested too deeply.

    Examples
    --------
    >>> cell = parsed("x = await f()\\ndef f(x, x): pass\\ny = 1")
    >>> [ast.unparse(statement) for statement in cell.statements]
    ['x = await f()']
    >>> parsed("return (") is None
    True
    """
    try:
        text, tree = _tree(source)
    except (SyntaxError, ValueError, OverflowError):
        return None
    if not stopped:
        try:
            return Parsed(text, tuple(tree.body), ((0, _tables(text)),))
        except (SyntaxError, ValueError, OverflowError):
            pass
    running = list(_running(text, tree.body))
    return Parsed(
        text,
        tuple(statement for statement, _ in running),
        tuple((_first_line(statement) - 1, tables) for statement, tables in running),
    )


def _tree(source: str) -> tuple[str, ast.Module]:
    text = _lines_of(source)
    try:
        return text, _parse(text)
    except SyntaxError:
        translated = _as_python(text)
        if translated == text:
            raise
    return translated, _parse(translated)


def _parse(text: str) -> ast.Module:
    with compiler():
        tree: ast.Module = compile(text, CELL, "exec", _FLAGS | ast.PyCF_ONLY_AST, True)
    return tree


def _tables(text: str) -> symtable.SymbolTable:
    with compiler():
        return symtable.symtable(text, CELL, "exec")


def _running(
    text: str, statements: list[ast.stmt]
) -> Iterator[tuple[ast.stmt, symtable.SymbolTable]]:
    """The statements before the first one that the compiler refuses, each with its own scopes."""
    lines = text.split("\n")
    for statement in statements:
        try:
            if len(text) <= LONGEST_COMPILED:
                _compile(statement)
            tables = _tables(_text_of(statement, lines))
        except REFUSALS:
            return
        yield statement, tables


def _compile(statement: ast.stmt) -> None:
    """Have one statement compiled, as IPython does."""
    with compiler():
        compile(ast.Module([statement], []), CELL, "exec", _FLAGS, True)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def _text_of(statement: ast.stmt, lines: list[str]) -> str:
    """The text of one statement of a cell."""
    own = lines[_first_line(statement) - 1 : statement.end_lineno]
    own[-1] = own[-1].encode(errors="replace")[: statement.end_col_offset].decode(errors="replace")
    own[0] = own[0].encode(errors="replace")[statement.col_offset :].decode(errors="replace")
    return "\n".join(own)


def _lines_of(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _as_python(text: str) -> str:
    """A cell without IPython's own syntax; the lines stay where they are."""
    inside = _PYTHON_INSIDE.match(text)
    if inside:
        text = "\n" * inside.group().count("\n") + text[inside.end() :]
    if len(text) * (1 + len(_MAGIC.findall(text))) > LONGEST_TRANSFORMED:
        return text
    from IPython.core.inputtransformer2 import TransformerManager

    # It drops empty lines at the beginning.
    body = re.sub(r"\A(?:[^\S\n]*\n)+", "", text)
    above = text[: len(text) - len(body)].count("\n")
    try:
        return "\n" * above + str(TransformerManager().transform_cell(body))
    except Exception:
        # It raises whatever it meets in a text that is neither Python nor IPython's.
        return text


def syntax_error(source: str) -> str:
    """What CPython has against a cell, with line and caret; "" if it takes it.

    Examples
    --------
    >>> print(syntax_error("def f(x):\\n    return ("))
    line 2: '(' was never closed
        return (
               ^
    >>> syntax_error("%matplotlib inline\\nfiles = !ls")
    ''
    """
    try:
        text, tree = _tree(source)
        if len(text) > LONGEST_COMPILED:
            _tables(text)
            return ""
        for statement in tree.body:
            _compile(statement)
    except SyntaxError as error:
        return _shown(error, _lines_of(source).split("\n"))
    except REFUSALS as error:
        return _printable(str(error)) or type(error).__name__
    return ""


def _shown(error: SyntaxError, lines: list[str]) -> str:
    message = _printable(error.msg)
    if not error.lineno:
        return message
    if error.text is None and 0 < error.lineno <= len(lines):
        # The compiler was given a tree, and the text to quote is only here.
        error.text = lines[error.lineno - 1]
    *quoted, _ = traceback.format_exception_only(error)
    shown = [line.rstrip("\n") for line in quoted[1:]]
    if any(len(line) > _WIDEST for line in shown):
        shown = []
    return "\n".join([f"line {error.lineno}: {message}", *map(_printable, shown)])


def _printable(text: str) -> str:
    """A line in which nothing is invisible but spaces."""
    return "".join(c if c.isprintable() or c == "\t" else " " for c in text)
