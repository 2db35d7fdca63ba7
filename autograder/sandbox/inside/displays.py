"""What a student's cells write and display, written down within bounds."""

from __future__ import annotations

import io
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

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


class Stream(io.TextIOBase):
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


class Publisher(DisplayPublisher):
    """Takes what ``display`` is given."""

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


class Hook(DisplayHook):
    """Takes the value of the last expression of a cell."""

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
