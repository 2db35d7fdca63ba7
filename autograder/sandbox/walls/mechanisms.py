"""Which walls to build, and what each of them guarantees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.core.errors import NoRoomsError
from autograder.sandbox.walls import landlock, libc, seccomp

Use = Literal["auto", "never"]

GUARANTEES = {
    "reads": "reads the interpreter and its packages, and no other file",
    "writes": "writes its own bounded scratch space, and nothing else",
    "network": "has no network of any kind",
    "processes": "signals, traces and reads no process but its own",
    "bounds": "is bounded in time, memory, processes, files and output",
    "capabilities": "holds no capability and cannot gain one",
    "end": "is dead with all that it started when its time is over",
}


@dataclass(frozen=True)
class Walls:
    """Which mechanisms to use.

    Attributes
    ----------
    bubblewrap, namespaces, landlock, seccomp : {"auto", "never"}
        ``"auto"`` uses a mechanism where the machine offers it.
    required : bool
        Whether a missing guarantee is an error. False only after somebody wished so.

    Examples
    --------
    >>> Walls.named("none").required
    False
    """

    namespaces: Use = "auto"
    landlock: Use = "auto"
    seccomp: Use = "auto"
    required: bool = True
    bubblewrap: Use = "auto"

    @staticmethod
    def named(name: str) -> Walls:
        """The set of walls that a user asks for by one word.

        Parameters
        ----------
        name : {"auto", "no-bubblewrap", "no-namespaces", "none"}
            All that the machine offers; all but bubblewrap; neither bubblewrap nor namespaces,
            as in most containers; no walls at all.

        Raises
        ------
        ValueError
            If there is no such set.
        """
        sets = {
            "auto": Walls(),
            "no-bubblewrap": Walls(bubblewrap="never"),
            "no-namespaces": Walls(namespaces="never", bubblewrap="never"),
            "none": Walls("never", "never", "never", required=False, bubblewrap="never"),
        }
        if name not in sets:
            raise ValueError(f"no such walls: {name!r}; choose from {', '.join(sets)}")
        return sets[name]


@dataclass(frozen=True)
class Mechanisms:
    """What a room on this machine is made of.

    Attributes
    ----------
    namespaces : bool
        Whether the room has namespaces of its own.
    landlock : int
        Version of Landlock in use, 0 for none.
    seccomp : bool
        Whether system calls are filtered.
    root : bool
        Whether the grader is root, so that the room must change to another user.
    own_user : bool
        Whether each room has a user id of its own.
    bubblewrap : bool
        Whether the zygote is in a bubblewrap.
    loopback : bool
        Whether a room may talk to itself over TCP.
    """

    namespaces: bool
    landlock: int
    seccomp: bool
    root: bool
    own_user: bool
    bubblewrap: bool = False
    loopback: bool = False


def choose(
    walls: Walls,
    *,
    namespaces_work: bool,
    root: bool,
    own_user: bool,
    reachable: bool,
    bubblewrap: bool = False,
    loopback: bool = False,
) -> Mechanisms:
    """Pick from what the machine offers what `walls` wants.

    Parameters
    ----------
    walls : Walls
        What is wanted.
    namespaces_work : bool
        Whether a root directory could be built in namespaces.
    root : bool
        Whether the grader is root.
    own_user : bool
        Whether root may take any user id.
    reachable : bool
        Whether ordinary users can read the interpreter.
    bubblewrap : bool
        Whether the zygote is in a bubblewrap.
    loopback : bool
        Whether a room is to talk to itself over TCP.
    """
    if walls == Walls.named("none"):
        root = root and reachable
    return Mechanisms(
        namespaces=walls.namespaces == "auto" and namespaces_work,
        landlock=landlock.version() if walls.landlock == "auto" else 0,
        seccomp=walls.seccomp == "auto" and seccomp.offered(),
        root=root,
        own_user=root and own_user,
        bubblewrap=bubblewrap,
        loopback=loopback,
    )


def strictness(mechanisms: Mechanisms) -> seccomp.Strictness:
    """What the filter must refuse because other walls are missing."""
    signals_walled = (
        mechanisms.namespaces or mechanisms.own_user or mechanisms.landlock >= landlock.SCOPES_SINCE
    )
    return seccomp.Strictness(
        file_attributes=not mechanisms.namespaces,
        signals=not signals_walled,
        loopback=mechanisms.loopback,
    )


def guarantees(mechanisms: Mechanisms) -> Mapping[str, str]:
    """Say for each guarantee which mechanism gives it, ``"none"`` where nothing does.

    Namespaces alone do not suffice: vsock and keyrings know nothing of them, and in a user
    namespace of its own a process has every capability again. The filter closes these.

    Examples
    --------
    >>> guarantees(Mechanisms(True, 7, True, False, False))["network"]
    'network namespace, mount namespace, seccomp'
    >>> guarantees(Mechanisms(False, 0, False, False, False))["network"]
    'none'
    """
    named = {
        "mount namespace": mechanisms.namespaces,
        "network namespace": mechanisms.namespaces,
        "pid namespace": mechanisms.namespaces,
        "landlock": mechanisms.landlock > 0,
        "seccomp": mechanisms.seccomp,
        "own user": mechanisms.own_user,
    }
    files = _held(named, ("mount namespace",), ("landlock", "seccomp"))
    held = {
        "reads": files,
        "writes": files,
        "network": _held(named, ("network namespace", "mount namespace", "seccomp"), ("seccomp",)),
        "processes": _held(named, ("pid namespace", "seccomp"), ("landlock", "seccomp")),
        "bounds": "rlimits, watcher",
        "capabilities": "dropped, no_new_privs, seccomp" if mechanisms.seccomp else "none",
        "end": "pid namespace" if mechanisms.namespaces else "subreaper",
    }
    if mechanisms.bubblewrap:
        held |= {name: f"{held[name]}, bubblewrap" for name in _WRAPPED if held[name] != "none"}
    if mechanisms.loopback and held["network"] != "none":
        held["network"] += ", but for TCP to itself"
    return held


_WRAPPED = ("reads", "writes", "network", "processes", "end")


def _held(named: Mapping[str, bool], *sufficient: tuple[str, ...]) -> str:
    """Names of the mechanisms at work, if any of the sufficient sets is complete."""
    complete = [names for names in sufficient if all(named[name] for name in names)]
    if not complete:
        return "none"
    return ", ".join(dict.fromkeys(name for names in complete for name in names))


def check(
    walls: Walls, mechanisms: Mechanisms, why_no_namespaces: str, *, reachable: bool = True
) -> Mapping[str, str]:
    """The guarantees of a room, or a clear refusal.

    Raises
    ------
    NoRoomsError
        If a guarantee is missing that `walls` require, or nobody could run anything.
    """
    if mechanisms.loopback and not mechanisms.namespaces and walls.required:
        raise NoRoomsError(
            "c.LockedRoom.loopback is set, and rooms have no network of their own here: TCP to "
            "127.0.0.1 would reach what listens on this machine. Allow namespaces, or take the "
            f"setting out. Namespaces: {_state(walls.namespaces, False, why_no_namespaces)}."
        )
    if mechanisms.root and not mechanisms.namespaces and not reachable:
        raise NoRoomsError(
            "student code runs as an ordinary user here, and no such user can read "
            "the interpreter. Allow namespaces, install Python where everybody can read it, or "
            "start the grader as such a user. Namespaces: "
            f"{_state(walls.namespaces, False, why_no_namespaces)}."
        )
    held = guarantees(mechanisms)
    if not walls.required:
        nothing = not (mechanisms.namespaces or mechanisms.landlock or mechanisms.seccomp)
        return dict.fromkeys(held, "none") if nothing else held
    missing = [GUARANTEES[name] for name, mechanism in held.items() if mechanism == "none"]
    if missing:
        raise NoRoomsError(
            "this machine cannot lock student code up. No guarantee that it "
            + "; ".join(missing)
            + f". bubblewrap: {'in use' if mechanisms.bubblewrap else 'not in use'}"
            + f". Namespaces: {_state(walls.namespaces, mechanisms.namespaces, why_no_namespaces)}"
            + f". Landlock: {_state(walls.landlock, mechanisms.landlock > 0, 'not in this kernel')}"
            + f". Seccomp: {_state(walls.seccomp, mechanisms.seccomp, libc.machine())}."
        )
    return held


def _state(use: Use, works: bool, why: str) -> str:
    if use == "never":
        return "switched off"
    return "in use" if works else f"not available ({why})"
