"""Write ``docs/gallery.md`` and its pictures, from the examples of ``convkit.viz``.

Each function that gives a picture shows it in its docstring under the name ``picture``. This
script runs those examples, so the gallery cannot say what the code does not do.
"""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from convkit import viz
from convkit.viz import Steps
from convkit.viz.player import png_bytes

FOLDER = Path(__file__).parent
PAGE = FOLDER / "gallery.md"
PICTURES = FOLDER / "gallery"
SOLUTIONS = FOLDER.parent / "solutions"

_IMPORTS = re.compile(r"\A(?:(?:from|import) .*\n)+")

HEAD = """\
# Gallery

Every picture of the course, as a call of `convkit.viz`. All of them take your own arrays. Blue is
an input, orange a kernel, green an output, pink a gradient, grey padding; of signed numbers, blue
is positive and orange negative. Pictures in steps play here by themselves; in a notebook they have
play, pause and a slider.

`make gallery` writes this page and its pictures from the docstrings.
"""


@dataclass(frozen=True)
class Entry:
    """One picture function: where the course first shows it, and what its docstring says."""

    name: str
    notebook: str
    summary: str
    code: str
    stepped: bool

    @property
    def file(self) -> Path:
        return PICTURES / f"{self.name}.{'gif' if self.stepped else 'png'}"

    def picture(self) -> Any:
        """Run the example."""
        function = getattr(viz, self.name)
        names = {**vars(inspect.getmodule(function)), "np": np, "viz": viz}
        exec(self.code, names)
        return names["picture"]


def entries() -> list[Entry]:
    """The picture functions of `convkit.viz`, in the order in which the course shows them."""
    functions = [getattr(viz, name) for name in viz.__all__]
    pictures = [each for each in functions if _returns(each) in ("Figure", "Picture", "Steps")]
    shown = {path.stem: path.read_text() for path in sorted(SOLUTIONS.glob("*.py"))}

    def first_place(function: Callable[..., Any]) -> tuple[str, int]:
        call = f"viz.{function.__name__}("
        places = [(notebook, text.find(call)) for notebook, text in shown.items() if call in text]
        return min(places, default=("more", 0))

    placed = sorted((first_place(each), each.__name__, each) for each in pictures)
    return [_entry(each, notebook) for (notebook, _), _, each in placed]


def _returns(function: Any) -> str:
    return getattr(function, "__annotations__", {}).get("return", "")


def _entry(function: Callable[..., Any], notebook: str) -> Entry:
    text = inspect.getdoc(function) or ""
    code = ""
    for example in doctest.DocTestParser().get_examples(text):
        code += example.source
        if example.source.startswith("picture = "):
            break
    else:
        raise ValueError(f"the examples of {function.__name__} give no picture")
    stepped = _returns(function) == "Steps"
    return Entry(function.__name__, notebook, text.splitlines()[0], code, stepped)


def page() -> str:
    """The gallery as Markdown."""
    parts = [HEAD]
    notebook = ""
    for entry in entries():
        if entry.notebook != notebook:
            notebook = entry.notebook
            parts.append(f"\n## {notebook}\n")
        code = _IMPORTS.sub(r"\g<0>\n", entry.code.rstrip())
        image = f"![{entry.summary}](gallery/{entry.file.name})"
        parts.append(
            f"\n### {entry.name}\n\n{entry.summary}\n\n```python\n{code}\n```\n\n{image}\n"
        )
    return "".join(parts)


def main() -> None:
    """Draw every picture and write the page."""
    PICTURES.mkdir(exist_ok=True)
    files = set()
    for entry in entries():
        picture = entry.picture()
        if isinstance(picture, Steps):
            picture.save(entry.file)
        else:
            entry.file.write_bytes(png_bytes(picture, dpi=80))
        files.add(entry.file)
        print(f"{entry.file.stat().st_size // 1000:6} KB  {entry.file.name}")
    for old in set(PICTURES.iterdir()) - files:
        old.unlink()
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
