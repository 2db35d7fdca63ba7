"""The text of a notebook without the outputs of its cells, which are never held in memory.

A saved animation makes a file of many megabytes of which a grader needs some kilobytes. So the file
is read piece by piece, and what is not asked for is passed over: outputs, and all that a notebook
holds besides its cells and its format. What stays is no less JSON than the file was.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

_KEPT = {b"cells", b"nbformat", b"nbformat_minor", b"worksheets"}
_OUTPUTS = b"outputs"
_LONGEST_KEY = 32

_TOKEN = re.compile(rb'["{}\[\]:]')
_BRACKET = re.compile(rb'["{}\[\]]')
_END_OF_VALUE = re.compile(rb"[,}\]]")
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TooMuch(ValueError):
    """There is more of something than is taken.

    Attributes
    ----------
    what : str
        ``"text"``, or ``"brackets"``.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def as_utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes of a text, without the byte order mark that some editors put before it.

    Examples
    --------
    >>> b"".join(as_utf8(["{}".encode("utf-16")]))
    b'{}'
    """
    rest = iter(pieces)
    first = b""
    for piece in rest:
        first += piece
        if len(first) >= 3:
            break
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if first.startswith(mark)), "")
    if not encoding:
        yield first
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for piece in rest:
        yield decoder.decode(piece).encode("utf-8", "replace")


class Skimmer:
    """Takes a notebook's JSON piece by piece, and keeps what a grader needs of it.

    Parameters
    ----------
    most_bytes : int
        Of what is kept.
    most_brackets : int
        Of the whole file: each takes a step here.

    Examples
    --------
    >>> skimmer = Skimmer(1000, 1000)
    >>> skimmer.feed(b'{"cells": [{"source": "1", "outp')
    >>> skimmer.feed(b'uts": [{"text": "many"}]}], "nbformat": 4}')
    >>> bytes(skimmer.kept)
    b'{"cells": [{"source": "1", "outputs": null}], "nbformat": 4}'
    """

    def __init__(self, most_bytes: int, most_brackets: int) -> None:
        self.kept = bytearray()
        self._most_bytes = most_bytes
        self._brackets_left = most_brackets
        self._open: list[int] = []
        self._key = b""
        self._last_string = b""
        self._in_string = False
        self._escaped = False
        self._skipping = False
        self._skipped_to = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece.

        Raises
        ------
        TooMuch
            If more has to be kept than may be, or there are too many brackets.
        """
        place = 0
        while place < len(piece):
            place = self._string(piece, place) if self._in_string else self._plain(piece, place)
        if len(self.kept) > self._most_bytes:
            raise TooMuch("text")

    def _keep(self, part: bytes) -> None:
        if not self._skipping:
            self.kept += part

    def _string(self, piece: bytes, place: int) -> int:
        """Go on to the end of a string, or of the piece."""
        if self._escaped:
            self._escaped = False
            self._keep(piece[place : place + 1])
            return place + 1
        end = _IN_STRING.match(piece, place).end()  # type: ignore[union-attr]
        # What stops it is the end of the string, or a backslash that ends the piece.
        stopped = piece[end : end + 1]
        self._in_string, self._escaped = stopped != b'"', stopped == b"\\"
        end += len(stopped)
        self._keep(piece[place:end])
        if len(self._last_string) < _LONGEST_KEY:
            self._last_string += piece[place : min(end, place + _LONGEST_KEY)]
        return end

    def _plain(self, piece: bytes, place: int) -> int:
        """Go on to the next token outside of strings, or to the end of the piece."""
        if self._skipping and len(self._open) == self._skipped_to:
            return self._end_of_skipped(piece, place)
        found = (_BRACKET if self._skipping else _TOKEN).search(piece, place)
        end = found.end() if found else len(piece)
        self._keep(piece[place:end])
        if found:
            self._take(found[0])
        return end

    def _take(self, token: bytes) -> None:
        if token == b'"':
            self._in_string, self._last_string = True, b""
        elif token == b":":
            self._colon()
        else:
            self._bracket(token)

    def _bracket(self, token: bytes) -> None:
        self._brackets_left -= 1
        if self._brackets_left < 0:
            raise TooMuch("brackets")
        if token in b"{[":
            self._open.append(token[0])
        elif self._open:
            self._open.pop()

    def _colon(self) -> None:
        """Pass over the value that follows, if it belongs to a key that nobody asks for."""
        key = self._last_string.removesuffix(b'"')
        if len(self._open) == 1:
            self._key = key
            passed_over = self._open == [ord("{")] and key not in _KEPT
        else:
            in_a_cell = self._open == [ord("{"), ord("["), ord("{")] and self._key == b"cells"
            passed_over = in_a_cell and key == _OUTPUTS
        if passed_over:
            self.kept += b" null"
            self._skipping, self._skipped_to = True, len(self._open)

    def _end_of_skipped(self, piece: bytes, place: int) -> int:
        """Look, at the depth of the key, for the end of its value."""
        ending = _END_OF_VALUE.search(piece, place)
        opening = _BRACKET.search(piece, place, ending.end() if ending else len(piece))
        if opening and (ending is None or opening.start() < ending.start()):
            self._take(opening[0])
            return opening.end()
        if ending is None:
            return len(piece)
        self._skipping = False
        return ending.start()
