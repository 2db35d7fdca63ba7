"""Messages over a socket: a length, then one JSON object. Capped, strict and with deadlines.

One end of such a socket may be an enemy. What it sends is refused before memory is set aside for
it, and no read waits longer than it was told to.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any, NoReturn

_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 16
_LONGEST = (1 << 32) - 1
_MOST_DESCRIPTORS = 4

Message = dict[str, Any]


class WireError(Exception):
    """The other end sent something that is no message, or more than it may."""


class WireClosed(WireError):
    """The other end is gone."""


class WireTimeout(WireError):
    """The other end did not send, or did not take, a message in time."""


def _refuse_constant(name: str) -> NoReturn:
    raise WireError(f"{name} is no JSON number")


def pack(message: Message) -> bytes:
    """Frame a message.

    Raises
    ------
    WireError
        If the message is too long for a frame.

    Examples
    --------
    >>> pack({"op": "go"})
    b'\\x00\\x00\\x00\\x0b{"op":"go"}'
    """
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
    if len(body) > _LONGEST:
        raise WireError(f"a message of {len(body)} bytes is too long")
    return _LENGTH.pack(len(body)) + body


def parse(body: bytes | bytearray, *, most_parts: int | None = None) -> Message:
    """Read the JSON object in `body`.

    Parameters
    ----------
    body : bytes
        ASCII.
    most_parts : int, optional
        Refuse more brackets and commas than this: a small text of empty lists needs much
        memory once it is parsed.

    Raises
    ------
    WireError
        If it is anything but one JSON object.
    """
    if most_parts is not None and count_parts(body) > most_parts:
        raise WireError("a message with too many parts")
    try:
        message = json.loads(body.decode("ascii"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"no JSON: {type(error).__name__}") from None
    if not isinstance(message, dict):
        raise WireError("a message must be a JSON object")
    return message


def count_parts(body: bytes | bytearray) -> int:
    """Brackets and commas of a JSON text: a bound on how many values it holds.

    Examples
    --------
    >>> count_parts(b'{"a": [1, 2, 3]}')
    4
    """
    return sum(map(body.count, (b"[", b"{", b",")))


class Channel:
    """One end of a stream socket that carries messages.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket; the channel owns it from now on.

    Attributes
    ----------
    received, parts : int
        Bytes, and brackets and commas, of the last message that was received.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._buffer = bytearray()
        self._descriptors: list[int] = []
        self.received = 0
        self.parts = 0

    def fileno(self) -> int:
        """The descriptor, for polling."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def __enter__(self) -> Channel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(
        self, message: Message, *, seconds: float | None = None, descriptors: Sequence[int] = ()
    ) -> None:
        """Send a message, and with it copies of open descriptors.

        Raises
        ------
        WireClosed
            If nobody is there to read.
        WireTimeout
            If the message was not taken within `seconds`.
        """
        self.send_frame(pack(message), seconds=seconds, descriptors=descriptors)

    def send_frame(
        self, packed: bytes, *, seconds: float | None = None, descriptors: Sequence[int] = ()
    ) -> None:
        """Send a message that has been packed; see `send`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        frame = memoryview(packed)
        try:
            if descriptors:
                self._allow(deadline)
                sent = socket.send_fds(self._socket, [frame[:1]], list(descriptors))
                frame = frame[sent:]
            while frame:
                self._allow(deadline)
                frame = frame[self._socket.send(frame[: 1 << 20]) :]
        except TimeoutError:
            raise WireTimeout("the message was not taken in time") from None
        except OSError as error:
            raise WireClosed(f"nobody reads: {error.strerror}") from None

    def receive(
        self, *, limit: int, seconds: float | None = None, most_parts: int | None = None
    ) -> Message:
        """Wait for one message of at most `limit` bytes.

        After `WireTimeout` what has arrived so far is kept for the next attempt.

        Raises
        ------
        WireClosed
            If the other end closed.
        WireTimeout
            If the whole message did not arrive within `seconds`.
        WireError
            If it is too long or malformed.
        """
        body = self._receive(limit, seconds, descriptors_too=False)
        self.parts = count_parts(body)
        return parse(body, most_parts=most_parts)

    def receive_with_descriptors(
        self, *, limit: int, seconds: float | None = None
    ) -> tuple[Message, list[int]]:
        """Like `receive`, and take the descriptors that came along."""
        body = self._receive(limit, seconds, descriptors_too=True)
        descriptors, self._descriptors = self._descriptors, []
        return parse(body), descriptors

    def _receive(self, limit: int, seconds: float | None, *, descriptors_too: bool) -> bytearray:
        deadline = None if seconds is None else time.monotonic() + seconds
        try:
            if descriptors_too and not self._buffer:
                self._allow(deadline)
                first, received, _, _ = socket.recv_fds(self._socket, 1, _MOST_DESCRIPTORS)
                self._buffer += first
                self._descriptors += received
                if not first:
                    raise WireClosed("the other end closed")
            self._fill(_LENGTH.size, deadline)
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > limit:
                raise WireError(f"a message of {length} bytes, at most {limit} are taken")
            self._fill(_LENGTH.size + length, deadline)
        except TimeoutError:
            raise WireTimeout("no message in time") from None
        except OSError as error:
            raise WireClosed(f"the other end is gone: {error.strerror}") from None
        body, self._buffer = self._buffer, bytearray()
        self.received = len(body)
        del body[: _LENGTH.size]
        return body

    def _fill(self, size: int, deadline: float | None) -> None:
        """Read until the buffer holds exactly `size` bytes."""
        while len(self._buffer) < size:
            self._allow(deadline)
            chunk = self._socket.recv(min(_CHUNK, size - len(self._buffer)))
            if not chunk:
                raise WireClosed("the other end closed")
            self._buffer += chunk

    def _allow(self, deadline: float | None) -> None:
        """Let the next operation on the socket take until `deadline`."""
        if deadline is None:
            self._socket.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)


def pair() -> tuple[Channel, socket.socket]:
    """Two connected ends: a channel for this process, and a socket to hand over."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    return Channel(mine), theirs
