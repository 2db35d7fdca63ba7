"""The parts of the walls that can be checked without building them, and the hiding of files."""

import errno
import itertools
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.core.errors import NoRoomsError, SandboxError
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Limits
from autograder.sandbox.walls import bubblewrap, landlock, rlimits
from autograder.sandbox.walls.exposure import Exposure, carve, survey
from autograder.sandbox.walls.mechanisms import (
    GUARANTEES,
    Mechanisms,
    Walls,
    check,
    choose,
    guarantees,
    strictness,
)
from autograder.sandbox.walls.seccomp import _ARCHITECTURES, _NUMBERS, Strictness, program

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
PLAIN, STRICT = Strictness(), Strictness(file_attributes=True, signals=True)


def verdict(code, architecture, number, *arguments):
    """Run a filter as the kernel would: an independent reading of the byte code."""
    words = [number, architecture, 0, 0]
    for argument in (*arguments, *[0] * (6 - len(arguments))):
        words += [argument & 0xFFFFFFFF, argument >> 32]
    position, register = 0, 0
    jumps = {
        0x15: lambda k: register == k,
        0x25: lambda k: register > k,
        0x35: lambda k: register >= k,
        0x45: lambda k: bool(register & k),
    }
    while True:
        operation, if_true, if_false, constant = code[position]
        position += 1
        if operation == 0x06:
            return constant
        if operation == 0x20:
            register = words[constant // 4]
        elif operation == 0x54:
            register &= constant
        else:
            position += if_true if jumps[operation](constant) else if_false


UNIX, INET, STREAM, DATAGRAM, CLOEXEC = 1, 2, 1, 2, 0x80000
NEW_USER, SIGCHLD, FORK_FLAGS = 0x10000000, 17, 0x01200011
CALLS = [
    ("ptrace", (), errno.EPERM, errno.EPERM),
    ("socket", (UNIX, STREAM), errno.EACCES, errno.EACCES),
    ("connect", (), errno.EACCES, errno.EACCES),
    ("socketpair", (UNIX, STREAM | CLOEXEC), 0, 0),
    ("socketpair", (UNIX, DATAGRAM), errno.EACCES, errno.EACCES),
    ("socketpair", (INET, STREAM), errno.EACCES, errno.EACCES),
    ("clone", (FORK_FLAGS,), 0, 0),
    ("clone", (NEW_USER | SIGCHLD,), errno.EPERM, errno.EPERM),
    ("clone3", (), errno.ENOSYS, errno.ENOSYS),
    ("unshare", (0,), errno.EPERM, errno.EPERM),
    ("io_uring_setup", (), errno.EPERM, errno.EPERM),
    ("prlimit64", (0,), 0, 0),
    ("prlimit64", (0, 7), 0, 0),
    ("prlimit64", (0, 4), errno.EPERM, errno.EPERM),
    ("setrlimit", (7,), 0, 0),
    ("setrlimit", (4,), errno.EPERM, errno.EPERM),
    ("prlimit64", (1234,), errno.EPERM, errno.EPERM),
    ("setpriority", (0, 0), 0, 0),
    ("setpriority", (0, 1234), errno.EPERM, errno.EPERM),
    ("fcntl", (3, 1), 0, 0),
    ("fcntl", (3, 1024), errno.EPERM, errno.EPERM),
    ("fcntl", (3, 1026), errno.EPERM, errno.EPERM),
    ("ioctl", (0, 0x5401), 0, 0),
    ("ioctl", (0, 0x5412), errno.EPERM, errno.EPERM),
    ("fchmod", (), 0, errno.EPERM),
    ("truncate", (), 0, errno.EPERM),
    ("kill", (1, 9), 0, errno.EPERM),
]


@pytest.mark.parametrize("machine", _ARCHITECTURES)
@pytest.mark.parametrize(("name", "arguments", "plain", "strict"), CALLS)
def test_the_filter_decides_by_call_and_argument(machine, name, arguments, plain, strict):
    column, architecture = _ARCHITECTURES[machine]
    number = _NUMBERS[name][column]
    for strictness_, refusal in ((PLAIN, plain), (STRICT, strict)):
        expected = ERRNO | refusal if refusal else ALLOW
        code = program(strictness_, machine)
        assert verdict(code, architecture, number, *arguments) == expected


@pytest.mark.parametrize("machine", _ARCHITECTURES)
def test_other_architectures_and_unknown_calls_are_refused(machine):
    _, architecture = _ARCHITECTURES[machine]
    code = program(PLAIN, machine)
    assert verdict(code, architecture ^ 1, 0) == KILL
    assert verdict(code, architecture, 0x40000000 | 41) == KILL
    assert verdict(code, architecture, 5000) == ERRNO | errno.ENOSYS
    assert verdict(code, architecture, 63) == ALLOW


def test_every_jump_of_the_filter_stays_inside():
    for machine, strict in itertools.product(_ARCHITECTURES, (PLAIN, STRICT)):
        code = program(strict, machine)
        assert len(code) < 4096
        for position, (_, if_true, if_false, _) in enumerate(code):
            assert position + max(if_true, if_false) + 1 <= len(code)
            assert max(if_true, if_false) < 256


FULL = Mechanisms(True, 7, True, root=False, own_user=False)
NO_NAMESPACES = Mechanisms(False, 7, True, root=False, own_user=False)


@pytest.mark.parametrize(
    ("mechanisms", "missing"),
    [
        (FULL, set()),
        (NO_NAMESPACES, set()),
        (Mechanisms(False, 1, True, True, True), set()),
        (Mechanisms(True, 0, True, True, True), set()),
        (Mechanisms(True, 7, False, True, True), {"network", "processes", "capabilities"}),
        (Mechanisms(False, 0, True, True, True), {"reads", "writes", "processes"}),
        (
            Mechanisms(False, 7, False, True, True),
            {"reads", "writes", "network", "processes", "capabilities"},
        ),
    ],
)
def test_guarantees_follow_from_mechanisms(mechanisms, missing):
    found = guarantees(mechanisms)
    assert list(found) == list(GUARANTEES)
    assert {name for name, mechanism in found.items() if mechanism == "none"} == missing
    if missing:
        with pytest.raises(SandboxError) as caught:
            check(Walls(), mechanisms, "the kernel said no")
        assert all(GUARANTEES[name] in str(caught.value) for name in missing)
        state = "in use" if mechanisms.namespaces else "not available (the kernel said no)"
        assert f"Namespaces: {state}." in str(caught.value)
    else:
        assert check(Walls(), mechanisms, "") == found


@pytest.mark.parametrize("walls", ["no-namespaces", "none"])
def test_an_interpreter_that_nobody_could_read_is_told_before_anybody_is_tried(walls):
    wanted = Walls.named(walls)
    found = choose(wanted, namespaces_work=True, root=True, own_user=True, reachable=False)
    if walls == "none":
        assert check(wanted, found, "", reachable=False)
        return
    with pytest.raises(NoRoomsError, match="no such user can read the interpreter"):
        check(wanted, found, "", reachable=False)
    assert check(wanted, found, "", reachable=True)


def test_bubblewrap_is_one_more_wall_and_replaces_none():
    wrapped = guarantees(replace(FULL, bubblewrap=True))
    assert wrapped["network"] == guarantees(FULL)["network"] + ", bubblewrap"
    assert wrapped["bounds"] == guarantees(FULL)["bounds"]
    nothing = Mechanisms(False, 0, False, False, False, bubblewrap=True)
    assert guarantees(nothing)["network"] == "none"


def test_the_wrapping_shows_what_is_visible_and_covers_what_is_hidden(tmp_path):
    (tmp_path / "visible" / "secret").mkdir(parents=True)
    shown = Exposure((f"{tmp_path}/visible",), (f"{tmp_path}/visible/secret",))
    words = bubblewrap.command("bwrap", shown, readable=["/cache"], writable="/work")
    text = " ".join(words)
    assert "--ro-bind-try /cache /cache" in text
    visible = f"--ro-bind {tmp_path}/visible {tmp_path}/visible"
    assert text.index(visible) < text.index(f"--tmpfs {tmp_path}/visible/secret")
    assert words[-1] == "--"
    for wall in ("--unshare-net", "--unshare-pid", "--unshare-ipc"):
        assert wall in words


def test_what_bubblewrap_cannot_do_is_done_without_it(monkeypatch, caplog):
    monkeypatch.setattr(bubblewrap, "find", lambda: "/bin/false")
    with Zygote() as zygote:
        assert not zygote.mechanisms.bubblewrap
    assert "bubblewrap is there but does not work" in caplog.text


@pytest.mark.parametrize(
    ("mechanisms", "expected"),
    [
        (FULL, Strictness(False, False)),
        (NO_NAMESPACES, Strictness(True, False)),
        (Mechanisms(False, 5, True, False, False), Strictness(True, True)),
        (Mechanisms(False, 5, True, True, True), Strictness(True, False)),
        (Mechanisms(False, 5, True, True, False), Strictness(True, True)),
    ],
)
def test_the_filter_is_stricter_where_other_walls_are_missing(mechanisms, expected):
    assert strictness(mechanisms) == expected


def test_walls_have_names():
    assert Walls.named("auto") == Walls()
    assert Walls.named("no-bubblewrap").namespaces == "auto"
    with pytest.raises(ValueError, match="no-namespaces"):
        Walls.named("high")


@pytest.fixture
def tree(tmp_path):
    for name in ("site/numpy/core", "site/secret", "site/secret/inner", "site/other"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "file").write_text(name)
    (tmp_path / "site/module.py").write_text("x")
    return str(tmp_path / "site")


def test_what_is_hidden_is_carved_out_of_what_is_visible(tree):
    whole, listed = carve(Exposure((tree, "/usr/lib"), (f"{tree}/secret",)))
    assert sorted(whole) == sorted(
        ["/usr/lib", f"{tree}/numpy", f"{tree}/other", f"{tree}/module.py"]
    )
    assert listed == [tree]
    whole, listed = carve(Exposure((tree,), (f"{tree}/secret/inner",)))
    assert f"{tree}/secret/file" in whole
    assert sorted(listed) == [tree, f"{tree}/secret"]
    assert carve(Exposure((tree,), ())) == ([tree], [])


def test_the_interpreter_is_shown_and_the_course_is_not(tmp_path):
    package = tmp_path / "course" / "convkit"
    package.mkdir(parents=True)
    shown = survey([str(package)], [str(tmp_path / "course")])
    assert str(package) in shown.visible
    assert shown.hidden == ()
    covers = [
        path
        for path in shown.visible
        if os.path.abspath(__file__).startswith(path + os.sep) or path in ("/", "/home", "/root")
    ]
    assert covers == []
    for needed in (os.path.dirname(os.__file__), os.path.realpath(sys.executable)):
        assert any(needed == path or needed.startswith(path + "/") for path in shown.visible)
    inside = os.path.dirname(os.__file__) + "/json"
    assert survey([], [inside]).hidden == (inside,)


LOOK = """
import os, sys
from autograder.sandbox.walls import landlock, libc, namespaces
from autograder.sandbox.walls.exposure import Exposure, carve
how, tree, workshop = sys.argv[1:]
shown = Exposure((tree,), (f"{tree}/secret",))
if how == "namespaces":
    namespaces.enter_outer(root=os.geteuid() == 0)
    if os.fork():
        os.wait()
        os._exit(0)
    namespaces.enter_inner()
    namespaces.build_root(workshop, shown, uid=65534, gid=65534, scratch_bytes=1 << 20)
else:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    whole, listed = carve(shown)
    rules = [(path, landlock.READ) for path in whole]
    landlock.restrict(rules + [(path, landlock.READ_DIR) for path in listed])
for path in ("numpy/core/file", "secret/file", "secret/inner/file", "module.py"):
    path = "site/" + path
    try:
        print(path, len(open(f"{os.path.dirname(tree)}/{path}").read()))
    except OSError:
        print(path, "hidden")
try:
    open(f"{tree}/other/file", "w")
    print("written")
except OSError:
    pass
"""


@pytest.mark.parametrize("how", ["namespaces", "landlock"])
def test_hidden_files_are_hidden_for_real(tree, tmp_path, how):
    if how == "landlock" and not landlock.version():
        pytest.skip("this kernel has no landlock")
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    command = [sys.executable, "-c", LOOK, how, tree, str(workshop)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if how == "namespaces" and "PermissionError" in done.stderr:
        pytest.skip("this machine allows no namespaces")
    assert done.stdout.splitlines() == [
        "site/numpy/core/file 15",
        "site/secret/file hidden",
        "site/secret/inner/file hidden",
        "site/module.py 1",
    ]


def test_limits_leave_room_for_what_was_there_before():
    import resource

    limits = Limits(memory_bytes=1000, processes=10, file_bytes=77)
    found = rlimits.for_process(limits, base_memory=5000, base_tasks=100, questions=3)
    assert found[resource.RLIMIT_AS] == (6000, 6000)
    soft, hard = found[resource.RLIMIT_NPROC]
    assert soft >= 110
    assert hard >= soft + 3
    assert found[resource.RLIMIT_FSIZE] == (77, 77)
    assert found[resource.RLIMIT_CORE] == (1, 1)
