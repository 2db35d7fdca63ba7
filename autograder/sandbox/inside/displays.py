"""What a student's cells write and display, written down within bounds."""

from __future__ import annotations

import io
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

from autograder.sandbox.inside.cleaning import Cleaned, class_name, clean_display
from autograder.sandbox.protocol.outputs import Output, size_of_output

_KEPT_OF_A_FLOOD = 16 << 10
_OVERHEAD = 64
_MOST_FREE_ERRORS = 16
_LONGEST_LINE = 2000
_LONGEST_TRACEBACK = 12_000
_MOST_FRAMES = 40


class Recorder:
    """Collects the outputs of one cell, and no more bytes than it may."""

    def __init__(self) -> None:
        self._outputs: list[Output] = []
        self._shown: dict[str, list[Output]] = {}
        self._budget = 0
        self._left = 0
        self._errors = 0
        self._to_be_cleared = False
        self._flooded = False
        self._left_out = False

    @property
    def overflow(self) -> bool:
        """Whether the cell showed more than it may."""
        return self._flooded or self._left_out

    @property
    def _limit(self) -> str:
        return f"only {self._budget} bytes more were allowed (c.LockedRoom.output_bytes)"

    def begin(self, budget: int) -> None:
        """Forget the last cell; collect at most `budget` bytes for the next one."""
        self._budget = budget
        self._errors = 0
        self._flooded = self._left_out = False
        self._forget()

    def _forget(self) -> None:
        self._outputs, self._shown = [], {}
        self._to_be_cleared = False
        self._left = self._budget

    def clear(self, *, wait: bool = False) -> None:
        """Forget what was displayed so far, at once or when something else is."""
        if wait:
            self._to_be_cleared = True
        elif not self._flooded:
            self._forget()

    def _begin_output(self) -> None:
        if self._to_be_cleared and not self._flooded:
            self._forget()

    def write(self, stream: str, text: str) -> None:
        """Add text to a stream."""
        self._begin_output()
        last = self._outputs[-1] if self._outputs else {}
        fresh = last.get("name") != stream
        if not self._charge(len(text) + _OVERHEAD * fresh, text):
            return
        if fresh:
            last = {"output_type": "stream", "name": stream, "text": io.StringIO()}
            self._outputs.append(last)
        last["text"].write(text)

    def display(
        self,
        data: object,
        metadata: object,
        *,
        count: int | None = None,
        display_id: str = "",
        update: bool = False,
    ) -> None:
        """Add a display, or a result, or change the displays of an id.

        What of it cannot be sent is left out, and a text in its place says so.

        Parameters
        ----------
        data, metadata : dict
            What IPython made of the object.
        count : int, optional
            The number of the cell, for the value of its last expression.
        display_id : str
            The name by which the display can be changed later, or "".
        update : bool
            Whether displays of that name are to be changed. Those of an earlier cell are out of
            reach; then it is a display of this cell.
        """
        cleaned = clean_display(data, metadata, most_bytes=self._budget)
        output: Output = {"output_type": "display_data" if count is None else "execute_result"}
        output |= {"data": cleaned.data, "metadata": cleaned.sizes}
        output |= {} if count is None else {"execution_count": count}
        if size_of_output(output) > self._budget:
            note = f"[A display was cut: {self._limit}; show a smaller one]"
            cleaned = Cleaned(notes=[note], cut=True)
        self._left_out |= cleaned.cut
        self._begin_output()
        note = "\n".join(cleaned.notes)
        if update and display_id in self._shown:
            data = cleaned.data or _text(note)
            self._change(self._shown[display_id], {"data": data, "metadata": cleaned.sizes})
            return
        if cleaned.data and self._append(output) and display_id:
            self._shown.setdefault(display_id, []).append(output)
        if note:
            self._append({"output_type": "display_data", "data": _text(note), "metadata": {}})

    def _append(self, output: Output) -> bool:
        room = self._charge(size_of_output(output), "")
        if room:
            self._outputs.append(output)
        return room

    def _change(self, outputs: list[Output], content: dict[str, Any]) -> None:
        for output in outputs:
            growth = size_of_output(output | content) - size_of_output(output)
            if self._charge(growth, ""):
                output |= content

    def error(self, kind: type, error: BaseException, traceback: object) -> None:
        """Add what was raised. It stays even where a flood is cut."""
        self._begin_output()
        output = _error_output(kind, error, traceback)
        self._errors += 1
        if self._errors <= _MOST_FREE_ERRORS:
            self._outputs.append(output)
        else:
            self._append(output)

    def _charge(self, size: int, text: str) -> bool:
        if not text.isascii():
            size = size - len(text) + len(text.encode("utf-8", "replace"))
        if size > self._left:
            self._flooded = True
        self._left -= size
        return not self._flooded

    def finish(self) -> list[Output]:
        """The outputs in nbformat's form; of a flood only the beginning, and the errors."""
        outputs = [
            output | {"text": output["text"].getvalue()} if "text" in output else output
            for output in self._outputs
        ]
        return self._beginning(outputs) if self._flooded else outputs

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
        note = f"[The output was cut: {self._limit}; print less, or only the first lines.]\n"
        return [*kept, {"output_type": "stream", "name": "stderr", "text": note}]


def _text(text: str) -> dict[str, Any]:
    return {"text/plain": text}


def _error_output(kind: type, error: BaseException, traceback: object) -> Output:
    try:
        said = str.__str__(str(error))
    except Exception:
        said = "<its text cannot be had>"
    frames = traceback if type(traceback) is list else [traceback]
    lines = [_shortened(line) for line in frames if type(line) is str]
    return {
        "output_type": "error",
        "ename": class_name(kind),
        "evalue": _shortened(said),
        "traceback": _beginning_and_end(lines),
    }


def _shortened(text: str) -> str:
    half = _LONGEST_LINE // 2
    return text if len(text) <= _LONGEST_LINE else f"{text[:half]} [...] {text[-half:]}"


def _beginning_and_end(frames: list[str]) -> list[str]:
    """The first and the last frames of a traceback, as many as are kept."""
    left = list(frames)
    kept: list[str] = []
    size = 0
    while left and len(kept) < _MOST_FRAMES:
        from_end = len(kept) % 2 == 0
        size += len(left[-1 if from_end else 0])
        if size > _LONGEST_TRACEBACK:
            break
        kept.append(left.pop(-1 if from_end else 0))
    note = [f"[{len(left)} frames are left out]"] if left else []
    return [*kept[1::2], *note, *reversed(kept[::2])]


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
        plain = str.__str__(text)
        self._recorder.write(self._kind, plain)
        return len(plain)


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
        # As in a kernel: what is no bundle at all is an error of the cell.
        DisplayPublisher._validate_data(self, data, metadata)
        self.shell.recorder.display(
            data, metadata, display_id=_display_id(transient), update=update is True
        )

    def clear_output(self, wait: bool = False) -> None:
        assert self.shell is not None
        self.shell.recorder.clear(wait=bool(wait))


def _display_id(transient: object) -> str:
    said = transient.get("display_id") if type(transient) is dict else None
    return said if type(said) is str else ""


class Hook(DisplayHook):
    """Takes the value of the last expression of a cell."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        assert self.shell is not None
        self.shell.recorder.display(format_dict, md_dict, count=self.prompt_count)

    def finish_displayhook(self) -> None:
        pass
