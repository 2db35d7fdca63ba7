"""Whether the rooms of this machine hold, tried by attacks once after each start of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from autograder.core.errors import NoRoomsError
from autograder.core.files import write_atomically
from autograder.sandbox.examination.examine import examine_zygote
from autograder.sandbox.outside.zygote import Zygote

_ATTEMPTS = 2
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def require_rooms_hold(zygote: Zygote, cache: Path | None = None) -> str:
    """Have the rooms of a zygote attacked from inside, unless that is known to have failed.

    What is known holds until the machine is started again, or until kernel, user, interpreter,
    mechanisms or this package change.

    Parameters
    ----------
    zygote : Zygote
        One that has been started. Where its walls need not hold, nothing is tried.
    cache : Path, optional
        Where to remember; the user's cache directory if not given.

    Returns
    -------
    str
        When the attacks were made, all in vain; "" where nothing was tried.

    Raises
    ------
    NoRoomsError
        If an attack got through.
    """
    if "none" in zygote.guarantees.values():
        return ""
    folder = cache or platformdirs.user_cache_path("autograder")
    known = folder / f"rooms-held-{_key(zygote)}"
    with contextlib.suppress(OSError):
        return known.read_text(encoding="ascii")
    breaches: list[str] = []
    for _ in range(_ATTEMPTS):
        tried = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        breaches = [f"{g.name}: {g.evidence}" for g in examine_zygote(zygote) if not g.held]
        if not breaches:
            with contextlib.suppress(OSError):
                write_atomically(known, tried)
            return tried
    raise NoRoomsError(
        "the locked room does not hold on this machine, so nothing is run in it. "
        f"{'; '.join(breaches)}. See: autograder doctor"
    )


def _key(zygote: Zygote) -> str:
    """Digest of all that the outcome of the attacks depends on."""
    depends = {
        "boot": _BOOT_ID.read_text(encoding="ascii"),
        "kernel": platform.uname(),
        "user": os.geteuid(),
        "interpreter": sys.executable,
        "mechanisms": asdict(zygote.mechanisms),
        "package": [
            hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(Path(__file__).parents[1].rglob("*.py"))
        ],
    }
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:16]
