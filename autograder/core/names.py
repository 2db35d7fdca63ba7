"""The names of students: which folders have one, and how it is shown."""

from __future__ import annotations

_LONGEST = 250
"""Bytes of a name: the file of a result has it, with an ending, and 255 is what a disk takes."""


def why_no_student(folder: str) -> str:
    """Why a folder of what was handed in is no student's; "" if it is one.

    Examples
    --------
    >>> why_no_student("ada"), why_no_student(".ipynb_checkpoints")
    ('', 'hidden')
    >>> why_no_student("x" * 251)
    'its name takes 251 bytes; rename it to one of at most 250'
    """
    if folder.startswith("."):
        return "hidden"
    if (size := len(folder.encode("utf-8", "surrogateescape"))) > _LONGEST:
        return f"its name takes {size} bytes; rename it to one of at most {_LONGEST}"
    return ""


def printable(text: str) -> str:
    """Text without what a terminal would obey, such as an escape sequence in a student's name.

    Examples
    --------
    >>> printable("ada"), printable("a\\x1b]0;b\\x07"), printable("two\\nlines")
    ('ada', 'a\\\\x1b]0;b\\\\x07', 'two\\nlines')
    """
    return "".join(
        each if each.isprintable() or each in "\n\t\xa0" else each.encode("unicode_escape").decode()
        for each in text
    )
