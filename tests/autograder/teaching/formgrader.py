"""nbgrader's formgrader in a real browser, on the server that teachers start."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from autograder.core.course import Course

PICTURES = "FORMGRADER_PICTURES"
"""Names the folder that screenshots are written to; without it there are none."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser | None]:
    """The system's browser; None where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def server(course: Course, home: Path) -> Iterator[str]:
    """``jupyter server`` in the course's folder, as a teacher starts it; gives its address.

    Parameters
    ----------
    home : Path
        An empty folder for what Jupyter keeps of a person.
    """
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        port = any_socket.getsockname()[1]
    folders = {
        f"JUPYTER_{kind}": str(home / kind.lower())
        for kind in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    }
    # No environment is activated, as in test_nbgrader.
    environment = {**os.environ, **folders, "HOME": str(home), "PATH": os.defpath}
    words = [
        "server",
        "--allow-root",
        "--no-browser",
        f"--port={port}",
        "--ServerApp.port_retries=0",
    ]
    words += ["--IdentityProvider.token=", f"--ServerApp.root_dir={course.root}"]
    with open(home / "server.log", "wb") as log:
        running = subprocess.Popen(
            [Path(sys.executable).parent / "jupyter", *words],
            cwd=course.root,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api", running, home / "server.log")
            yield address
        finally:
            running.terminate()
            running.wait(timeout=30)


def _wait_for(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if running.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
    raise RuntimeError(f"the server does not answer: {log.read_text()[-2000:]}")


class Formgrader:
    """What a teacher does in formgrader.

    Parameters
    ----------
    address : str
        Of the server.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address
        self._pictures = 0
        # Fonts and MathJax of other machines.
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.set_default_timeout(120_000)

    def open(self, place: str) -> None:
        """Open a page of formgrader."""
        self.page.goto(f"{self._address}/formgrader/{place}", wait_until="load")

    def picture(self, name: str) -> None:
        """Save a screenshot, if the environment names a folder for it."""
        if folder := os.environ.get(PICTURES):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self._pictures += 1
            place = Path(folder, f"{self._pictures:02}-{name}.png")
            self.page.screenshot(path=place, full_page=True)

    def _row(self, text: str) -> Locator:
        return self.page.locator("#main-table tr").filter(has_text=text)

    def assignments(self) -> list[str]:
        """What the first page lists."""
        self.open("manage_assignments")
        self.page.wait_for_selector("#main-table td.name")
        return [each.strip() for each in self.page.locator("td.name").all_inner_texts()]

    def press_for_assignment(self, assignment: str, button: str) -> str:
        """Press a button in the list of assignments; gives what the window says."""
        self.open("manage_assignments")
        self._row(assignment).locator(f"td.{button} a").click()
        return self._said()

    def status(self, assignment: str, student: str) -> tuple[str, str]:
        """Status and score of a submission, as the list shows them."""
        self.open(f"manage_submissions/{assignment}")
        row = self._row(student)
        row.locator("td.status span").wait_for()
        return row.locator("td.status").inner_text(), row.locator("td.score").inner_text()

    def press(self, assignment: str, student: str, button: str) -> str:
        """Press ``autograde``, ``generate-feedback`` or ``release-feedback`` of a student."""
        self.open(f"manage_submissions/{assignment}")
        self._row(student).locator(f"td.{button} a").click()
        return self._said()

    def _said(self) -> str:
        window = self.page.locator(".modal.in .modal-body")
        window.wait_for()
        return window.inner_text()

    def open_submission(self, assignment: str, student: str) -> None:
        """Open a graded submission, as the link in the list does."""
        found = self.ask(f"submitted_notebooks/{assignment}/{assignment}")
        (id_,) = (each["id"] for each in found if each["student"] == student)
        self.open(f"submissions/{id_}/")
        self.page.wait_for_selector("input.score")
        self.page.wait_for_load_state("networkidle")

    def mark(self, cell: str, points: float, comment: str = "") -> None:
        """Give points and a comment for a cell of the submission that is open."""
        box = self.page.locator(f"#{cell}")
        with self.page.expect_response(_saved("grade")):
            box.fill(str(points))
            box.blur()
        if comment:
            words = self.page.locator(f"#{cell}-comment")
            with self.page.expect_response(_saved("comment")):
                words.fill(comment)
                words.blur()

    def marks(self, cell: str) -> tuple[str, str]:
        """Points and comment, as the open page shows them."""
        words = self.page.locator(f"#{cell}-comment")
        return self.page.locator(f"#{cell}").input_value(), words.input_value()

    def beside(self, cell: str) -> str:
        """The text of the cell before an answer of the open submission."""
        panel = self.page.locator(f"#{cell}").locator(
            "xpath=ancestor::div[contains(@class,'text_cell')][1]"
        )
        return panel.locator("xpath=preceding-sibling::div[1]").inner_text()

    def ask(self, what: str) -> Any:
        """What formgrader's own pages are filled with."""
        response = self.page.request.get(f"{self._address}/formgrader/api/{what}")
        return json.loads(response.text())


def _saved(kind: str):  # type: ignore[no-untyped-def]
    return lambda response: (
        response.request.method in ("PUT", "POST")
        and f"/api/{kind}/" in response.url
        and response.ok
    )
