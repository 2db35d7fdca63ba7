"""The unit for systemd and the service for JupyterHub in the documentation."""

import ast
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from autograder.doors.cli import app
from tests.course import COURSE

EXAMPLES = COURSE.root / "docs" / "examples"
UNIT = EXAMPLES / "autograder-watch@.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_the_unit():
    done = subprocess.run(
        ["systemd-analyze", "verify", UNIT], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_hub_gives_a_command_that_there_is(tmp_path):
    tree = ast.parse((EXAMPLES / "jupyterhub_watch.py").read_text(encoding="utf-8"))
    (words,) = [
        ast.literal_eval(value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "command"
    ]
    program, *arguments = words
    assert program.endswith("/bin/autograder")
    # Understood up to the course, which is not here.
    done = CliRunner().invoke(app, [*arguments[:-1], str(tmp_path)])
    assert "is not in a course" in str(done.exception)
