"""What the members of a sample class write where a person marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nbformat import NotebookNode

from autograder.core.cells import marker_of
from autograder.core.notebooks import as_bytes, read_notebook
from autograder.sample.members import Maker, Member


def writing_in_turn(
    members: Iterable[Member], answers: Mapping[str, Sequence[str]]
) -> Iterator[Member]:
    """The same members, who answer the written questions, too.

    Parameters
    ----------
    members : iterable of Member
        They hand in notebooks that can be read.
    answers : mapping
        To each written question several answers of different quality: the first member gives the
        first, the second the second, and so on, and then the first again. A member with an empty
        one leaves the prompt as it is.
    """
    for number, member in enumerate(members):
        texts = {name: some[number % len(some)] for name, some in answers.items()}
        yield replace(member, make=_writing(member.make, texts))


def _writing(make: Maker, texts: Mapping[str, str]) -> Maker:
    def written(released: NotebookNode, solved: NotebookNode) -> bytes:
        notebook = read_notebook(make(released, solved))
        for cell in notebook.cells:
            marker = marker_of(cell)
            if marker.kind == "written" and texts.get(marker.name):
                cell.source = texts[marker.name]
        return as_bytes(notebook)

    return written
