"""How large a submitted notebook may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """What a submitted notebook may hold at most.

    Attributes
    ----------
    notebook_bytes
        Of the file. Outputs count here, and nowhere else: they are passed over.
    text_bytes
        Of all cells together, with pictures that were pasted into them.
    code_characters
        Of the code of all cells together.
    cells
        Their number.
    """

    notebook_bytes: int = 200 << 20
    text_bytes: int = 32 << 20
    code_characters: int = 2_000_000
    cells: int = 5_000
