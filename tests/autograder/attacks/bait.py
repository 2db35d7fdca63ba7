"""What there is to steal, to change and to talk to while a class is graded."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template


@dataclass(frozen=True)
class Bait:
    """Where the bait is, and by what it is known when it turns up elsewhere.

    Attributes
    ----------
    root : str
        The course directory.
    outside : str
        A directory beside the course that everybody may write to.
    canary : str
        A word that stands in the grader's environment and in an honest submission, and that
        must turn up nowhere else.
    mark : str
        A word for the names of processes, files and channels that attacks make.
    pid : int
        A process from which the grader descends.
    tcp, udp : int
        Ports of the machine that somebody listens on.
    unix, abstract : str
        Unix sockets that somebody listens on, one in a file, one without.
    """

    root: str
    outside: str
    canary: str
    mark: str
    pid: int
    tcp: int
    udp: int
    unix: str
    abstract: str

    def fill_in(self, source: str) -> str:
        """`source` with ``$root`` and the like filled in, but not the canary."""
        names = {name: value for name, value in asdict(self).items() if name != "canary"}
        return Template(source).safe_substitute(names)


@dataclass(frozen=True)
class Trap:
    """The bait, and what watches it."""

    bait: Bait
    listeners: tuple[socket.socket, ...]

    def talked_to(self) -> list[str]:
        """Listeners that somebody has talked to."""
        talked = []
        for listener in self.listeners:
            with contextlib.suppress(BlockingIOError):
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(1)
                talked.append(str(listener.getsockname()))
        return talked

    def changed_outside(self) -> list[str]:
        """What became of the directory that everybody may write to."""
        found = sorted(os.listdir(self.bait.outside))
        if found != ["file", "listener"]:
            return found
        content = Path(self.bait.outside, "file").read_text()
        return [] if content == self.bait.canary else ["file"]


@contextlib.contextmanager
def lay_bait(folder: Path) -> Iterator[Trap]:
    """Lay bait in a folder that every user can reach; the course will be in ``course``."""
    outside = folder / "outside"
    outside.mkdir()
    canary, mark = f"canary{secrets.token_hex(8)}", f"att{secrets.token_hex(3)}"
    (outside / "file").write_text(canary)
    anywhere = ("127.0.0.1", 0)
    unix = str(outside / "listener")
    addresses: list[tuple[int, int, object]] = [
        (socket.AF_INET, socket.SOCK_STREAM, anywhere),
        (socket.AF_INET, socket.SOCK_DGRAM, anywhere),
        (socket.AF_UNIX, socket.SOCK_STREAM, unix),
        (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{mark}"),
    ]
    with contextlib.ExitStack() as stack:
        listeners = []
        for family, kind, address in addresses:
            listener = stack.enter_context(socket.socket(family, kind))
            listener.bind(address)
            listener.setblocking(False)
            if kind == socket.SOCK_STREAM:
                listener.listen()
            listeners.append(listener)
        for path in outside, *outside.iterdir():
            path.chmod(0o777)
        tcp, udp = (listener.getsockname()[1] for listener in listeners[:2])
        root = str(folder / "course")
        bait = Bait(root, str(outside), canary, mark, os.getpid(), tcp, udp, unix, abstract=mark)
        yield Trap(bait, tuple(listeners))
