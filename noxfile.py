"""The quick tests under every Python that this machine has: ``make pythons``.

Each session has an environment of its own, with the versions of ``constraints.txt``. Pythons that
are not installed are passed over, loudly.
"""

import nox

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True


@nox.session(python=PYTHONS)
def quick(session: nox.Session) -> None:
    """Run what takes no more than a few seconds a test; arguments go to pytest."""
    session.install("--constraint", "constraints.txt", "pip", "setuptools")
    session.install(
        *("--constraint", "constraints.txt", "--no-build-isolation"),
        *("--editable", ".", "--editable", "./autograder", "--group", "test"),
    )
    session.run(
        *("python", "-m", "pytest", "-n", "2", "--dist", "worksteal"),
        *("-m", "not slow and not long", *session.posargs),
    )
