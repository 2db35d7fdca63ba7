"""The IPython shell in which a student's cells run, and what it writes down of their output."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
import types
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Output = dict[str, Any]

_KEPT_OF_A_FLOOD = 16 << 10
_OVERHEAD = 64


class Recorder:
    """Collects the outputs of one cell, and no more bytes than it may."""

    def __init__(self) -> None:
        self._outputs: list[Output] = []
        self._budget = 0
        self._left = 0
        self.overflow = False

    def begin(self, budget: int) -> None:
        """Forget the last cell; collect at most `budget` bytes for the next one."""
        self._outputs = []
        self._budget = self._left = budget
        self.overflow = False

    def write(self, stream: str, text: str) -> None:
        """Add text to a stream."""
        last = self._outputs[-1] if self._outputs else {}
        fresh = last.get("name") != stream
        if not self._charge(len(text) + _OVERHEAD * fresh, text):
            return
        if fresh:
            last = {"output_type": "stream", "name": stream, "text": io.StringIO()}
            self._outputs.append(last)
        last["text"].write(text)

    def add(self, output: Output) -> None:
        """Add a display, a result or an error."""
        parts = [*output.get("data", {}).values(), *output.get("traceback", ())]
        size = sum(len(part) for part in parts if isinstance(part, str)) + _OVERHEAD
        small_error = output["output_type"] == "error" and size <= _KEPT_OF_A_FLOOD
        if small_error or self._charge(size, ""):
            self._outputs.append(output)

    def clear(self) -> None:
        """Forget what was displayed so far; the bytes stay spent."""
        self._outputs = []

    def _charge(self, size: int, text: str) -> bool:
        if not text.isascii():
            size = size - len(text) + len(text.encode("utf-8", "replace"))
        if size > self._left:
            self.overflow = True
        self._left -= size
        return not self.overflow

    def finish(self) -> list[Output]:
        """The outputs in nbformat's form; of a flood only the beginning, and the errors."""
        outputs = [
            output | {"text": output["text"].getvalue()} if "text" in output else output
            for output in self._outputs
        ]
        return self._beginning(outputs) if self.overflow else outputs

    def _beginning(self, outputs: list[Output]) -> list[Output]:
        kept: list[Output] = []
        left = min(_KEPT_OF_A_FLOOD, self._budget)
        for output in outputs:
            if output["output_type"] == "stream":
                text = output["text"][: max(0, left)]
                left -= len(text) + _OVERHEAD
                if text:
                    kept.append(output | {"text": text})
            elif output["output_type"] == "error":
                kept.append(output)
        note = f"[The output was cut: only {self._budget} bytes more were allowed.]\n"
        return [*kept, {"output_type": "stream", "name": "stderr", "text": note}]


class _Stream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder = recorder
        self.name = f"<{name}>"
        self._kind = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.write(self._kind, text)
        return len(text)


class _Publisher(DisplayPublisher):
    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,
        *,
        transient: object = None,
        update: bool = False,
        **_: object,
    ) -> None:
        assert self.shell is not None
        self.shell.recorder.add({"output_type": "display_data", "data": data, "metadata": {}})

    def clear_output(self, wait: bool = False) -> None:
        assert self.shell is not None
        self.shell.recorder.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        assert self.shell is not None
        self.shell.recorder.add(
            {
                "output_type": "execute_result",
                "data": format_dict,
                "metadata": {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        pass


class RoomShell(InteractiveShell):
    """A shell without terminal, history, plug-ins and files."""

    def __init__(self, recorder: Recorder, **settings: Any) -> None:
        self.recorder = recorder
        classes = {"display_pub_class": _Publisher, "displayhook_class": _Hook}
        InteractiveShell.__init__(self, **classes, **settings)

    def run(self, source: str) -> str:
        """Run a cell; return the name of the exception that ended it, or ""."""
        result = InteractiveShell.run_cell(self, source, store_history=True)
        raised = result.error_before_exec or result.error_in_exec
        return "" if raised is None else type(raised).__name__

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str] | str) -> None:
        self.recorder.add(
            {
                "output_type": "error",
                "ename": str(etype.__name__),
                "evalue": str(evalue),
                "traceback": stb if isinstance(stb, list) else [stb],
            }
        )

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
    sys.stdout, sys.stderr = _Stream(recorder, "stdout"), _Stream(recorder, "stderr")
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
