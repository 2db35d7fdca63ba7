"""A class of the tiny course, and rooms that one test leaves to the next."""

import contextlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.grading.own import OwnClassroom
from autograder.running.zygotes import Zygotes
from autograder.sample.answers import fill_in, wheats, with_code
from autograder.settings import load_settings

RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def warm_zygotes(tmp_path_factory):
    """The zygotes of one run are used by the next: there is no course but below one folder.

    A zygote ends with the thread that has started it, so a thread that stays starts them.
    """
    rooms = {}

    @contextlib.contextmanager
    def of_a_run(room, _, watched):
        kind = repr((room.walls, room.packages, room.loopback, watched))
        if kind not in rooms:
            hidden = tmp_path_factory.getbasetemp()
            rooms[kind] = everyones.enter_context(Zygotes(room, hidden, watched)), deque()
        zygotes, idle = rooms[kind]
        used = []

        def new():
            try:
                used.append(idle.pop())
            except IndexError:
                used.append(lasting.submit(zygotes.new).result())
            return used[-1]

        yield SimpleNamespace(new=new)
        idle.extend(used)

    with (
        ThreadPoolExecutor(1) as lasting,
        contextlib.ExitStack() as everyones,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("autograder.grading.own.Zygotes", of_a_run)
        yield


@pytest.fixture
def hand_in(released, tiny):
    """Hand in a notebook: the wheat's answers, with `source` as the student's function."""

    def hand_in_one(student, source=RIGHT, extra=(), mangle=lambda content: content, why=""):
        notebook = nbformat.read(released.released(tiny.name), 4)
        notebook = with_code(fill_in(notebook, wheats(tiny)), "double", source)
        notebook.cells += [new_code_cell(code) for code in extra]
        if why:
            (question,) = [cell for cell in notebook.cells if cell.id == "written-why"]
            question.source = why
        path = released.submitted / student / tiny.name / f"{tiny.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mangle(nbformat.writes(notebook)))

    return hand_in_one


@pytest.fixture
def classroom(released, tiny):
    _, room = load_settings(released)
    return OwnClassroom(released, tiny, room)


@pytest.fixture
def graded(classroom):
    """Grade everyone who has handed something in."""

    def grade_all(**options):
        results = classroom.grade(classroom.students, **options)
        return {result.verdict.student: result.verdict for result in results}

    return grade_all
