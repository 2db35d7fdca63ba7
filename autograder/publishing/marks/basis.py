"""What each mark rests on, so that a changed answer is marked again.

It stands in a table of its own in the gradebook, and is written in the same transaction as the
scores. So it fits them whenever a run is killed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

_BASES = Table(
    "autograder_basis",
    MetaData(),
    Column("grade_id", String(32), primary_key=True),
    Column("basis", String(80), nullable=False),
)


def basis_of(answer: str | None, score: float | None) -> str:
    """What a person's mark rests on: the text of a written answer, else the automatic score."""
    if answer is None:
        return f"score {score}"
    return f"answer {hashlib.sha256(answer.encode('utf-8', 'surrogatepass')).hexdigest()}"


def known_bases(session: Session, grades: Sequence[str]) -> dict[str, str]:
    """What some grades rested on when they were last entered, where that is known."""
    session.execute(CreateTable(_BASES, if_not_exists=True))
    wanted = select(_BASES).where(_BASES.c.grade_id.in_(grades))
    return {row.grade_id: row.basis for row in session.execute(wanted)}


def note_bases(session: Session, known: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Note what grades rest on now, where that differs from what `known` says."""
    changed = {grade: basis for grade, basis in new.items() if known.get(grade) != basis}
    replaced = [grade for grade in changed if grade in known]
    if replaced:
        session.execute(delete(_BASES).where(_BASES.c.grade_id.in_(replaced)))
    if changed:
        rows: list[dict[str, Any]] = [{"grade_id": g, "basis": b} for g, b in changed.items()]
        session.execute(insert(_BASES), rows)
