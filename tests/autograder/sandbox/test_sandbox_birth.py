"""How a zygote comes up: by which path, and what is believed of a machine that is busy."""

import logging
import os
import sys

import pytest

from autograder.sandbox.nursery import zygote_program
from autograder.sandbox.outside import zygote_process
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.outside.zygote_process import BirthError, Orders
from autograder.sandbox.protocol.plan import Packages
from autograder.sandbox.walls import bubblewrap

ORDERS = Orders((), (), Packages(), False)


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
