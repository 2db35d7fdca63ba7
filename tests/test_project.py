"""The packaging: what is installed, what is shipped, and that the lists agree."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import autograder
import convkit

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
