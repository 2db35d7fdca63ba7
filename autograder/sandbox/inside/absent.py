"""What a room has not: a person who answers, a network, a screen, and packages of one's own.

A notebook that asks for them is told so, and goes on where it can.
"""

from __future__ import annotations

import builtins
import getpass
from collections.abc import Callable
from typing import TYPE_CHECKING

from IPython.core.error import StdinNotImplementedError

if TYPE_CHECKING:
    from autograder.sandbox.inside.shell import RoomShell

_PASSED_OVER = ("pip", "conda", "mamba", "micromamba", "uv", "debug", "pdb")
_ANSWERING: list[bool] = []


def do_without(shell: RoomShell) -> None:
    """Refuse to ask, show no pages, and pass over magics that need what a room has not."""
    ask_stdin = builtins.input
    builtins.input = _nobody_to_ask("raw_input", ask_stdin)
    getpass.getpass = _nobody_to_ask("getpass", ask_stdin)
    shell.set_hook("show_in_pager", _show_nothing)  # type: ignore[no-untyped-call]
    magics = {name: _pass_over(shell, name) for name in _PASSED_OVER}
    magics["load_ext"] = _load_extension(shell, shell.find_line_magic("load_ext"))  # type: ignore[no-untyped-call]
    for name, magic in magics.items():
        shell.magics_manager.register_function(magic, "line", name)


def ask_an_empty_file() -> None:
    """From now on refuse questions in Python's words, which no stub has for an answer."""
    _ANSWERING.append(True)


def _nobody_to_ask(name: str, ask_stdin: Callable[[str], str]) -> Callable[..., str]:
    def ask(prompt: str = "", *_: object, **__: object) -> str:
        if _ANSWERING:
            return ask_stdin(prompt)
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return ask


def _show_nothing(shell: RoomShell, data: object, start: int = 0, screen_lines: int = 0) -> None:
    """Stand for the pager, which is no part of a notebook."""


def _pass_over(shell: RoomShell, name: str) -> Callable[[str], None]:
    """A line magic that does nothing but say so."""

    def magic(line: str) -> None:
        shell.note(f"%{name} does nothing")

    return magic


def _load_extension(shell: RoomShell, load: Callable[[str], None]) -> Callable[[str], None]:
    """The line magic that loads an extension; one that is not there is passed over."""

    def magic(line: str) -> None:
        try:
            load(line)
        except ModuleNotFoundError as error:
            if error.name != line.strip().partition(".")[0]:
                raise
            shell.note(f"the extension {error.name} is not there, and passed over,")

    return magic
