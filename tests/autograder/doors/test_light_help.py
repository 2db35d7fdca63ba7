"""Help is there at once: what is told of a command is not what does its work."""

import json
import subprocess
import sys

from autograder.doors.cli import app

HEAVY = [
    "IPython",
    "jinja2",
    "jsonschema",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "numpy",
    "sqlalchemy",
    "traitlets",
]
ASKS = """
import contextlib, io, json, sys
from autograder.doors.start import main
heavy, *commands = map(json.loads, sys.argv[1:])
found = {}
for command in commands:
    sys.argv = ["autograder", *command, "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
        main()
    said = shown.getvalue()
    loaded = [name for name in heavy if sys.modules.get(name) is not None]
    found[" ".join(command)] = [*loaded, *(["no help"] if "Usage: autograder" not in said else [])]
print(json.dumps(found))
"""


def test_no_help_loads_what_does_the_work():
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    commands = [[], *([name] for name in names)]
    assert len(commands) > 10
    asked = [sys.executable, "-c", ASKS, json.dumps(HEAVY), *map(json.dumps, commands)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {" ".join(command): [] for command in commands}


def test_grading_a_course_of_its_own_loads_neither_servers_nor_converters():
    """What reads a gradebook is a part of what nbgrader's package loads by itself."""
    program = (
        "import contextlib, sys\n"
        "from autograder.doors.start import main\n"
        "sys.argv = ['autograder', '--help']\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main()\n"
        "import autograder.doors.grading, nbgrader.api\n"
        "unwanted = {'nbconvert', 'jupyter_server', 'nbgrader.apps', 'scipy'}\n"
        "print(sorted(unwanted & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
