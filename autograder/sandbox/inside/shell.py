"""The IPython shell in which a student's cells run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import types
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.sandbox.inside.displays import Hook, Publisher, Recorder, Stream


class RoomShell(InteractiveShell):
    """A shell without terminal, history, plug-ins and files."""

    def __init__(self, recorder: Recorder, **settings: Any) -> None:
        self.recorder = recorder
        classes = {"display_pub_class": Publisher, "displayhook_class": Hook}
        InteractiveShell.__init__(self, **classes, **settings)

    def run(self, source: str) -> str:
        """Run a cell; return the name of the exception that ended it, or ""."""
        result = InteractiveShell.run_cell(self, source, store_history=True)
        raised = result.error_before_exec or result.error_in_exec
        return "" if raised is None else type(raised).__name__

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str] | str) -> None:
        self.recorder.error(etype, evalue, stb)

    def ask_exit(self) -> None:
        """Go on: ``exit()`` in a cell ends nothing here."""
        self.recorder.write("stderr", "exit() does nothing while a notebook is graded.\n")

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop to join."""

    def system(self, command: str) -> None:
        """Run a command line (``!command``) and show what it prints; there are no terminals."""
        done = subprocess.run(
            InteractiveShell.var_expand(self, command, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
        )
        self.recorder.write("stdout", done.stdout)
        self.user_ns["_exit_code"] = done.returncode

    def init_virtualenv(self) -> None:
        """Do nothing: the zygote chose the interpreter."""


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
    sys.stdout, sys.stderr = Stream(recorder, "stdout"), Stream(recorder, "stderr")
    sys.displayhook = shell.displayhook
    if importlib.util.find_spec("matplotlib"):
        _show_figures(shell)
    return shell


def _show_figures(shell: InteractiveShell) -> None:
    """Have figures shown at the end of a cell, as in a notebook."""
    import matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support

    matplotlib.interactive(True)
    configure_inline_support(shell, "inline")
