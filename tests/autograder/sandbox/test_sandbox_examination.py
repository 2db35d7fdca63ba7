"""Rooms are attacked once after each start of the machine; where one fails, nothing is run."""

from __future__ import annotations

import pytest

from autograder.core.errors import SandboxError
from autograder.running.zygotes import Zygotes
from autograder.sandbox.examination import boot_check
from autograder.sandbox.examination.examine import Guarantee
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.walls.mechanisms import GUARANTEES
from autograder.settings import LockedRoom


@pytest.fixture
def attempts(monkeypatch):
    """What the next attacks find; and how often they were made."""
    made = []

    def examine(zygote):
        made.append(breached := findings.pop(0) if findings else "")
        return tuple(Guarantee(n, n != breached, "m", "a file was read") for n in GUARANTEES)

    findings = []
    monkeypatch.setattr(boot_check, "examine_zygote", examine)
    return findings, made


def test_real_attacks_are_made_once_and_remembered(strong, tmp_path, monkeypatch):
    tried = boot_check.require_rooms_hold(strong, tmp_path)
    assert tried.endswith(" UTC")
    monkeypatch.delattr(boot_check, "examine_zygote")
    assert boot_check.require_rooms_hold(strong, tmp_path) == tried


def test_what_was_found_holds_for_that_room_alone(strong, tmp_path, attempts, monkeypatch):
    _, made = attempts
    boot_check.require_rooms_hold(strong, tmp_path)
    monkeypatch.setattr(boot_check.os, "geteuid", lambda: 12345)
    boot_check.require_rooms_hold(strong, tmp_path)
    boot = tmp_path / "boot"
    boot.write_text("another start of the machine")
    monkeypatch.setattr(boot_check, "_BOOT_ID", boot)
    boot_check.require_rooms_hold(strong, tmp_path)
    assert len(made) == 3


def test_a_breach_is_an_error_and_not_remembered(strong, tmp_path, attempts):
    findings, made = attempts
    findings += ["reads", "reads"]
    with pytest.raises(SandboxError, match="reads: a file was read"):
        boot_check.require_rooms_hold(strong, tmp_path)
    assert boot_check.require_rooms_hold(strong, tmp_path).endswith(" UTC")
    assert len(made) == 3


def test_a_breach_that_does_not_come_back_is_none(strong, tmp_path, attempts):
    findings, made = attempts
    findings += ["bounds"]
    assert boot_check.require_rooms_hold(strong, tmp_path).endswith(" UTC")
    assert len(made) == 2


def test_a_folder_that_cannot_be_written_costs_the_memory_alone(strong, tmp_path, attempts):
    _, made = attempts
    (tmp_path / "file").write_text("in the way")
    for _ in range(2):
        assert boot_check.require_rooms_hold(strong, tmp_path / "file").endswith(" UTC")
    assert len(made) == 2


def test_nothing_is_tried_where_nothing_has_to_hold(tmp_path, attempts):
    _, made = attempts
    with Zygote("none") as zygote:
        assert boot_check.require_rooms_hold(zygote, tmp_path) == ""
    assert made == []


def test_after_a_breach_no_worker_gets_a_room(tmp_path, attempts, monkeypatch):
    findings, made = attempts
    findings += ["reads", "reads"]
    monkeypatch.setattr(boot_check.platformdirs, "user_cache_path", lambda name: tmp_path)
    with Zygotes(LockedRoom(), tmp_path) as zygotes:
        for _ in range(2):
            with pytest.raises(SandboxError, match="does not hold"):
                zygotes.new()
    assert len(made) == 2
