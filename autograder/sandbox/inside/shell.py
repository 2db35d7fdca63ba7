"""The IPython shell in which a student's cells run."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
import types
from typing import Any, cast

from IPython.core.async_helpers import _asyncio_runner
from IPython.core.error import UsageError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from autograder.sandbox.inside import absent
from autograder.sandbox.inside.displays import Hook, Publisher, Recorder, Stream
from autograder.sandbox.inside.loop import CellLoop
from autograder.sandbox.inside.low_output import STDERR, STDOUT

_INLINE = "inline"


class RoomShell(InteractiveShell):
    """A shell without terminal, history, plug-ins and files."""

    def __init__(self, recorder: Recorder, **settings: Any) -> None:
        self.recorder = recorder
        classes = {"display_pub_class": Publisher, "displayhook_class": Hook}
        InteractiveShell.__init__(self, **classes, **settings)

    def run(self, source: str, loop: CellLoop) -> str:
        """Run a cell; return the name of the exception that ended it, or ""."""
        try:
            result = loop.run(self._run(source))
        except (Exception, asyncio.CancelledError) as error:
            InteractiveShell.showtraceback(self)
            return type(error).__name__
        raised = result.error_before_exec or result.error_in_exec
        return "" if raised is None else type(raised).__name__

    async def _run(self, source: str) -> ExecutionResult:
        """Run a cell as ipykernel does: with a running loop, whether the cell awaits or not."""
        how: dict[str, Any] = {"transformed_cell": source, "preprocessing_exc_tuple": None}
        try:
            how["transformed_cell"] = InteractiveShell.transform_cell(self, source)
        except Exception:
            how["preprocessing_exc_tuple"] = sys.exc_info()
        if self.loop_runner is not _asyncio_runner or not self.should_run_async(source, **how):
            return cast(
                ExecutionResult, InteractiveShell.run_cell(self, source, store_history=True)
            )
        result: ExecutionResult | None = None
        try:
            result = await InteractiveShell.run_cell_async(self, source, store_history=True, **how)
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        assert result is not None
        return result

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str] | str) -> None:
        self.recorder.error(etype, evalue, stb)

    def note(self, text: str) -> None:
        """Say that something goes otherwise than in a notebook on a screen."""
        self.recorder.write("stderr", f"{text} while a notebook is graded.\n")

    def ask_exit(self) -> None:
        """Go on: ``exit()`` in a cell ends nothing here."""
        self.note("exit() does nothing")

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop to join."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """Show figures inline, whatever was asked for: nobody looks at a window."""
        if gui not in (None, "auto", _INLINE):
            self.note(f"figures are shown inline, not by {gui!r},")
        if importlib.util.find_spec("matplotlib") is None:
            self.note("matplotlib is not there")
            return None, _INLINE
        gui, backend = InteractiveShell.enable_matplotlib(self, _INLINE)
        return gui, backend

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; one that is not there is passed over, and the cell goes on."""
        try:
            return InteractiveShell.run_line_magic(self, magic_name, line, _stack_depth + 1)
        except UsageError:
            if any(magic_name in self.magics_manager.magics[kind] for kind in ("line", "cell")):
                raise
            self.note(f"%{magic_name} is not there, and passed over,")

    def system(self, command: str) -> None:
        """Run a command line (``!command``) and show what it prints; there are no terminals."""
        if command.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        done = subprocess.run(
            InteractiveShell.var_expand(self, command, depth=1),
            shell=True,
            executable=os.environ.get("SHELL"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
        )
        if done.stdout:
            self.recorder.write("stdout", done.stdout)
        self.user_ns["_exit_code"] = done.returncode

    def init_virtualenv(self) -> None:
        """Do nothing: the zygote chose the interpreter."""


# Notebooks ask for the name to see whether they are in a notebook.
RoomShell.__name__ = RoomShell.__qualname__ = "ZMQInteractiveShell"


class RoomStream(Stream):
    """A stream of Python's, over the descriptor that programs write to."""

    def __init__(self, recorder: Recorder, name: str, descriptor: int) -> None:
        super().__init__(recorder, name)
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


def make_shell() -> RoomShell:
    """Make the shell, with a fresh ``__main__`` for the student.

    Returns
    -------
    RoomShell
        Its ``recorder`` collects what cells print and display.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autoindent = False
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    recorder = Recorder()
    shell = RoomShell(recorder, config=config, user_module=main)
    # Makes get_ipython() and magics find this shell.
    for kind in (InteractiveShell, RoomShell):
        setattr(kind, "_instance", shell)  # noqa: B010
    sys.stdout = RoomStream(recorder, "stdout", STDOUT)
    sys.stderr = RoomStream(recorder, "stderr", STDERR)
    sys.displayhook = shell.displayhook
    absent.do_without(shell)
    if importlib.util.find_spec("matplotlib"):
        _show_figures(shell)
    return shell


def _show_figures(shell: InteractiveShell) -> None:
    """Have figures shown at the end of a cell, as in a notebook."""
    import matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support

    matplotlib.interactive(True)
    configure_inline_support(shell, "inline")
