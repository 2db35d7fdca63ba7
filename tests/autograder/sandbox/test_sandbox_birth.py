"""How a zygote comes up: by which path, and what is believed of a machine that is busy."""

import logging
import os
import signal
import sys

import pytest

from autograder.core.outcome import Outcome
from autograder.running.early import EarlyZygote
from autograder.running.zygotes import Zygotes
from autograder.sandbox.nursery import zygote_program
from autograder.sandbox.outside import zygote_process
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.outside.zygote_process import BirthError, Orders
from autograder.sandbox.protocol.plan import Cell, Packages
from autograder.sandbox.walls import bubblewrap
from autograder.settings import LockedRoom

ORDERS = Orders((), Packages(), False)


@pytest.fixture
def detour(monkeypatch, tmp_path):
    """The interpreter, as it is called by a relative path from a folder that no room sees."""
    up = os.path.join(*[".."] * len(tmp_path.parts))
    path = f"{tmp_path}/{up}{sys.executable}"
    assert os.path.samefile(path, sys.executable)
    monkeypatch.setattr(sys, "executable", path)
    return path


def test_the_interpreter_has_one_path(detour):
    plain = zygote_process.interpreter()
    assert ".." not in plain
    assert os.path.samefile(plain, detour)
    assert os.path.basename(plain) == os.path.basename(detour)


def test_a_program_called_by_a_relative_path_has_all_walls(detour):
    if bubblewrap.find() is None:
        pytest.skip("no bwrap")
    with Zygote("auto") as zygote:
        assert zygote.mechanisms.bubblewrap


@pytest.fixture
def births(monkeypatch):
    """Which wrappers were tried; those in `fails` bring nothing up."""
    tried, fails = [], []

    def give_birth(wrapper, launcher, orders):
        tried.append(wrapper)
        if wrapper and fails:
            raise BirthError(fails.pop())
        return wrapper

    monkeypatch.setattr(zygote_process, "_give_birth", give_birth)
    monkeypatch.setattr(bubblewrap, "find", lambda: "bwrap")
    return tried, fails


def test_bubblewrap_that_failed_once_is_tried_again(births):
    tried, fails = births
    fails += ["no space for a namespace"]
    assert zygote_process.start((), ORDERS, wrap=True) == "bwrap"
    assert tried == ["bwrap", "bwrap"]


def test_bubblewrap_that_fails_again_is_left_out_and_its_reason_told(births, caplog):
    _, fails = births
    fails += ["no space for a namespace"] * 2
    with caplog.at_level(logging.WARNING):
        assert zygote_process.start((), ORDERS, wrap=True) is None
    assert "no space for a namespace" in caplog.text


def is_gone(process):
    return process.popen.poll() is not None and not os.path.exists(process.workshop.path)


def test_a_zygote_that_comes_up_early_is_taken_by_who_asks_first_and_ends_with_the_run(tmp_path):
    room = LockedRoom()
    with EarlyZygote(room, tmp_path) as early, Zygotes(room, tmp_path) as zygotes:
        unborn = early._unborn
        zygotes.adopt(early)
        first = zygotes.new()
        assert first.pid == unborn.popen.pid
        assert first.run([Cell("one", "1")]).results[0].outcome is Outcome.OK
        assert early.take() is None
    assert is_gone(unborn)


@pytest.mark.parametrize("hidden", ["elsewhere", ""])
def test_a_zygote_that_comes_up_early_for_other_rooms_or_for_nobody_is_ended(tmp_path, hidden):
    room = LockedRoom(common=[])
    with EarlyZygote(room, tmp_path) as early:
        unborn = early._unborn
        if hidden:
            Zygote(hidden=[hidden], packages=room.packages, unborn=early.take())
    assert is_gone(unborn)


def test_another_zygote_is_started_for_one_that_does_not_come_up_early(tmp_path):
    room = LockedRoom(common=[])
    with EarlyZygote(room, tmp_path) as early:
        unborn = early._unborn
        os.killpg(unborn.popen.pid, signal.SIGKILL)
        words = {"hidden": [str(tmp_path)], "packages": room.packages}
        with Zygote(**words, unborn=early.take()) as zygote:
            assert zygote.pid != unborn.popen.pid
            assert zygote.run([Cell("one", "1")]).results[0].outcome is Outcome.OK
    assert is_gone(unborn)


def test_namespaces_that_failed_once_are_tried_again_before_it_is_believed(monkeypatch):
    found = iter([(False, "unshare: no space left"), (True, "works")])
    monkeypatch.setattr(zygote_program, "_try_namespaces", lambda _: next(found))
    monkeypatch.setattr(zygote_program, "_PAUSES", (0.01,))
    shown = zygote_program.exposure.Exposure((), ())
    assert zygote_program._findings(shown)["namespaces"]


def test_what_keeps_a_machine_from_namespaces_is_told(monkeypatch):
    monkeypatch.setattr(zygote_program, "_try_namespaces", lambda _: (False, "unshare: no space"))
    monkeypatch.setattr(zygote_program, "_PAUSES", (0.01,))
    shown = zygote_program.exposure.Exposure((), ())
    findings = zygote_program._findings(shown)
    assert (findings["namespaces"], findings["why"]) == (False, "unshare: no space")
