"""The packaging: what is installed, what is shipped, and that the lists agree."""

import importlib.metadata
import io
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
import yaml

import autograder
import convkit
from exercises.nonlinearity.held_back import FILE, held_back

ROOT = Path(__file__).parent.parent


def pins(lines):
    found = (re.match(r"([A-Za-z0-9_.-]+)==(\S+)\Z", line.strip()) for line in lines)
    return {match[1].lower(): match[2] for match in found if match}


def requirement_name(requirement):
    return re.match(r"[A-Za-z0-9_-]+", requirement)[0].lower()


@pytest.fixture(scope="module")
def constraints():
    return pins((ROOT / "constraints.txt").read_text().splitlines())


@pytest.fixture(scope="module")
def wanted():
    """Direct dependencies of both distributions and of the tests."""
    library = tomllib.loads((ROOT / "pyproject.toml").read_text())
    grader = tomllib.loads((ROOT / "autograder" / "pyproject.toml").read_text())
    requirements = [
        *library["project"]["dependencies"],
        *library["project"]["optional-dependencies"]["notebooks"],
        *grader["project"]["dependencies"],
        *library["dependency-groups"]["test"],
    ]
    return {requirement_name(requirement) for requirement in requirements} - {"convkit"}


def test_conda_installs_the_versions_of_the_constraints(constraints, wanted):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (pip_list,) = (item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    listed = pins(pip_list)
    assert set(listed) == wanted
    assert listed == {name: constraints[name] for name in listed}


def test_every_direct_dependency_is_pinned(constraints, wanted):
    assert wanted <= set(constraints)


def test_the_packages_of_the_autograder_are_all_listed():
    grader = tomllib.loads((ROOT / "autograder" / "pyproject.toml").read_text())
    folders = {path.parent for path in (ROOT / "autograder").rglob("__init__.py")}
    template = ROOT / "autograder" / "building" / "first_course"
    found = {
        ".".join(folder.relative_to(ROOT).parts)
        for folder in folders
        if template not in folder.parents
    }
    assert set(grader["tool"]["setuptools"]["packages"]) == found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    subprocess.run(["git", "-C", ROOT, "checkout-index", "--all", f"--prefix={copy}/"], check=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "--wheel-dir", folder, copy], check=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_students_wheel_holds_convkit_alone(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"convkit"}
    assert any(name.startswith("convkit/data/") for name in wheel.namelist())
    assert "convkit/py.typed" in wheel.namelist()
    for path in (ROOT / "solutions").glob("*.py"):
        assert f"convkit/check/{path.stem}.examples.json" in wheel.namelist()


def test_the_students_wheel_has_no_trace_of_the_grader(wheel):
    names = {path.stem for path in (ROOT / "exercises").rglob("*_chaffs.py")}
    assert names
    for name in wheel.namelist():
        if name.endswith((".py", ".json")):
            text = wheel.read(name).decode()
            assert "autograder" not in text, name
            assert not any(secret in text for secret in names), name


def written_out(numbers):
    """An array as it may stand in a file: as bytes of some type, or as text in some style."""
    for dtype in (np.uint8, np.int64, np.float32, np.float64):
        yield numbers.astype(dtype).tobytes()
    for values in (numbers.tolist(), numbers.astype(float).tolist()):
        for comma in (",", ", ", " "):
            yield comma.join(map(str, values)).encode()


@pytest.fixture(scope="module")
def shows_digits():
    """Whether a file holds digits: an array that has any of them, or the whole of a few or labels.

    A few are enough where a file is searched as text: nobody writes out less than all.
    """

    def of(digits):
        dots = 16 * digits.images.reshape(len(digits), -1)
        rows = {row.astype(np.uint8).tobytes() for row in dots}
        traces = {trace for row in dots[::60] for trace in written_out(row)}
        traces |= {trace for row in dots[::60] for trace in written_out(row / 16)}
        traces |= set(written_out(digits.labels))

        def shows(name, content):
            if not name.endswith((".npz", ".npy")):
                return any(trace in content for trace in traces)
            arrays = np.load(io.BytesIO(content))
            for array in arrays.values() if name.endswith(".npz") else [arrays]:
                if array.size % 64 == 0 and rows & {row.tobytes() for row in array.reshape(-1, 64)}:
                    return True
            return False

        return shows

    return of


def test_the_students_wheel_holds_public_digits_and_none_that_is_held_back(wheel, shows_digits):
    public, hidden = shows_digits(convkit.load_digits()), shows_digits(held_back())
    contents = {name: wheel.read(name) for name in wheel.namelist()}
    assert [name for name, content in contents.items() if public(name, content)] == [
        "convkit/data/digits.npz"
    ]
    assert [name for name, content in contents.items() if hidden(name, content)] == []
    assert [name for name in contents if "held_back" in name] == []


def test_digits_that_are_held_back_lie_in_one_file_beside_the_exercise(shows_digits):
    """So they are in no release, in no text and in no wheel that is made of this repository."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    shows = shows_digits(held_back())
    found = [name for name in names if shows(name, (ROOT / name).read_bytes())]
    assert found == [FILE.relative_to(ROOT).as_posix()]


def test_check_and_grader_compare_with_the_same_file():
    theirs = ROOT / "convkit" / "check" / "general.py"
    ours = ROOT / "autograder" / "core" / "check.py"
    assert theirs.read_bytes() == ours.read_bytes(), "copy autograder/core/check.py there"


def test_importing_the_library_loads_no_pictures_and_no_scipy():
    code = (
        "import sys, convkit; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'scipy', 'matplotlib', 'IPython'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("name", "package"), [("convkit", convkit), ("lockedroom", autograder)])
def test_the_version_stands_in_one_place(name, package):
    assert importlib.metadata.version(name) == package.__version__
    for path in (ROOT / "pyproject.toml", ROOT / "autograder" / "pyproject.toml"):
        project = tomllib.loads(path.read_text())["project"]
        assert project["dynamic"] == ["version"]


def test_nothing_of_the_grader_names_this_course():
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "autograder"], capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in listed.stdout.split()]
    assert len(files) > 100
    for file in files:
        if file.exists():
            text = file.read_text(encoding="utf-8").lower()
            assert "convkit" not in text, file
            assert "convkit" not in file.name
