"""Zygotes in every set of walls that this machine and this user can try, one of each a session."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Packages
from autograder.sandbox.walls import bubblewrap

REVEAL = [sys.executable, str(Path(__file__).with_name("reveal.py"))]
ORDINARY_USER = "4242"

# Name -> words for Zygote, and launcher. Only root can try what it is like to be another user.
AS_ROOT = {
    "root, bubblewrap": ("auto", []),
    "user, bubblewrap": ("auto", [*REVEAL, "--user", ORDINARY_USER]),
    "root, namespaces": ("no-bubblewrap", []),
    "root, landlock": ("no-namespaces", REVEAL),
    "user, namespaces": ("no-bubblewrap", [*REVEAL, "--user", ORDINARY_USER]),
    "user, landlock": ("no-namespaces", [*REVEAL, "--user", ORDINARY_USER]),
}
AS_USER: dict[str, tuple[str, list[str]]] = {
    "user, bubblewrap": ("auto", []),
    "user, namespaces": ("no-bubblewrap", []),
    "user, landlock": ("no-namespaces", []),
}
SETS = AS_ROOT if os.geteuid() == 0 else AS_USER
STRONG_AND_WEAK = [
    ("root" if os.geteuid() == 0 else "user")
    + (", bubblewrap" if bubblewrap.find() else ", namespaces"),
    "user, landlock",
]


PACKAGES = Packages(("convkit", "convkit.check", "convkit.viz"))


def walls_or_skip(name: str) -> tuple[str, list[str]]:
    """Walls and launcher of a set; skips, loudly, where they cannot be tried."""
    if name not in SETS:
        warnings.warn(f"not tried, for want of root: the walls of {name!r}", stacklevel=2)
        pytest.skip(f"only root can try {name!r}")
    if "bubblewrap" in name and bubblewrap.find() is None:
        warnings.warn(f"not tried, for want of bwrap: the walls of {name!r}", stacklevel=2)
        pytest.skip(f"no bwrap for {name!r}")
    return SETS[name]


@pytest.fixture(params=STRONG_AND_WEAK)
def weak_and_strong(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """Walls and launcher: all walls, and the fewest that suffice."""
    return walls_or_skip(request.param)


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Callable[[str], Zygote]]:
    with ExitStack() as stack:
        made: dict[str, Zygote] = {}

        def zygote(name: str) -> Zygote:
            walls, launcher = walls_or_skip(name)
            if name not in made:
                made[name] = stack.enter_context(
                    Zygote(walls, launcher=launcher, packages=PACKAGES)
                )
            return made[name]

        yield zygote


@pytest.fixture(params=STRONG_AND_WEAK)
def zygote(request: pytest.FixtureRequest, zygotes: Callable[[str], Zygote]) -> Zygote:
    """A zygote behind all walls, and one behind the fewest that suffice."""
    return zygotes(request.param)


@pytest.fixture
def strong(zygotes: Callable[[str], Zygote]) -> Zygote:
    """A zygote behind all walls, for what does not depend on them."""
    return zygotes(STRONG_AND_WEAK[0])


@pytest.fixture(params=list(AS_ROOT))
def every_zygote(request: pytest.FixtureRequest, zygotes: Callable[[str], Zygote]) -> Zygote:
    """A zygote behind each set of walls in turn."""
    return zygotes(request.param)
