"""Raster pictures, believed for what their first bytes say. Nothing here decodes a picture."""

from __future__ import annotations

import base64
import binascii
import string
from collections.abc import Callable

MOST_PIXELS = 1 << 26
"""A browser needs four bytes for each; a picture of a few bytes can claim billions."""

_WHITESPACE = string.whitespace.encode()
_PNG = b"\x89PNG\r\n\x1a\n"
# The markers of a JPEG file that begin a frame; its size follows.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

Size = tuple[int, int]


class PictureError(ValueError):
    """It is no such picture; the message says why, for people."""


def check_picture(kind: str, text: str) -> str:
    """The base64 text of a picture, without the white space in it.

    Parameters
    ----------
    kind : str
        One of `PICTURES`.
    text : str
        Base64.

    Raises
    ------
    PictureError
        If it is not a file of that kind, or one of more pixels than a browser should draw.

    Examples
    --------
    >>> check_picture("image/gif", "R0lGODlhAQABAAAA\\n")
    'R0lGODlhAQABAAAA'
    """
    try:
        raw = base64.b64decode(text.encode("ascii").translate(None, _WHITESPACE), validate=True)
    except (binascii.Error, UnicodeError):
        raise PictureError("a picture is base64") from None
    width, height = PICTURES[kind](raw)
    if width * height > MOST_PIXELS:
        raise PictureError(f"a picture has at most {MOST_PIXELS:,} pixels")
    return base64.b64encode(raw).decode("ascii")


def _png_size(raw: bytes) -> Size:
    if not raw.startswith(_PNG):
        raise PictureError("it is no PNG file")
    return int.from_bytes(raw[16:20]), int.from_bytes(raw[20:24])


def _gif_size(raw: bytes) -> Size:
    if not raw.startswith((b"GIF87a", b"GIF89a")):
        raise PictureError("it is no GIF file")
    return int.from_bytes(raw[6:8], "little"), int.from_bytes(raw[8:10], "little")


def _webp_size(raw: bytes) -> Size:
    """No WebP file has more than 2**28 pixels; of the newest form 2**48."""
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        raise PictureError("it is no WebP file")
    if raw[12:16] == b"VP8X":
        return int.from_bytes(raw[24:27], "little") + 1, int.from_bytes(raw[27:30], "little") + 1
    if raw[12:16] == b"VP8L":
        sides = int.from_bytes(raw[21:25], "little")
        return (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    width, height = int.from_bytes(raw[26:28], "little"), int.from_bytes(raw[28:30], "little")
    return width & 0x3FFF, height & 0x3FFF


def _jpeg_size(raw: bytes) -> Size:
    at = 2
    while raw[:2] == b"\xff\xd8" and at + 9 <= len(raw) and raw[at] == 0xFF:
        if raw[at + 1] in _FRAMES:
            return int.from_bytes(raw[at + 7 : at + 9]), int.from_bytes(raw[at + 5 : at + 7])
        filler = raw[at + 1] == 0xFF
        at += 1 if filler else 2 + int.from_bytes(raw[at + 2 : at + 4])
    raise PictureError("it is no JPEG file")


PICTURES: dict[str, Callable[[bytes], Size]] = {
    "image/png": _png_size,
    "image/jpeg": _jpeg_size,
    "image/gif": _gif_size,
    "image/webp": _webp_size,
}
"""The kinds that are kept -> what finds the width and the height of one."""
