"""Submissions that were made from an older release: compared with it, and run on the newest."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.running.read import SubmittedFile, parse_submission
from autograder.running.rebuild import rebuild
from autograder.running.stems import Releases

LOCKED = {"locked": True, "solution": False, "grade": False}
OPEN = {"locked": False, "solution": True, "grade": False}


def marked(make, source, kind, name, flags, **more):
    id_ = name if kind in ("solution", "setup") else f"{kind}-{name}"
    nbgrader = {"grade_id": id_, **flags, **more}
    metadata = {"autograder": {"kind": kind, "name": name}, "nbgrader": nbgrader}
    return make(source, id=id_, metadata=metadata)


def notebook():
    return new_notebook(
        cells=[
            marked(new_code_cell, "import numpy as np", "setup", "start", LOCKED),
            new_markdown_cell("Write f.", id="text-f"),
            marked(new_code_cell, "def f():\n    raise NotImplementedError", "solution", "f", OPEN),
            marked(new_code_cell, "check('f', f)", "test", "f", LOCKED, grade=True, points=3),
            new_code_cell("play = 1", id="text-play"),
            marked(new_code_cell, "g = ...", "value", "g", OPEN),
            marked(new_code_cell, "check('g', g)", "test", "g", LOCKED, grade=True, points=1),
            new_markdown_cell("Why is that?", id="text-why"),
            marked(new_markdown_cell, "YOUR ANSWER", "written", "why", OPEN, grade=True, points=2),
        ]
    )


def cell(of, id_):
    return next(cell for cell in of.cells if cell.id == id_)


def sources(clean):
    return [cell.source for cell in clean.notebook.cells]


def handed_in(release, **changes):
    """A submission that was made from a release."""
    mine = nbformat.from_dict(release)
    cell(mine, "f").source = "def f():\n    return 1"
    for id_, source in changes.items():
        cell(mine, id_.replace("_", "-")).source = source
    return mine


def taken(submission, newest, *older):
    content = nbformat.writes(submission).encode()
    return rebuild(Releases(newest, older), parse_submission(SubmittedFile.of([content])))


def more_points(release):
    cell(release, "test-f").metadata.nbgrader.points = 9


def another_test(release):
    cell(release, "test-f").source = "check('f', f, louder=True)"


def another_setup(release):
    cell(release, "start").source = "import numpy as np\nimport scipy"


def another_stub(release):
    cell(release, "value-g").source = "g = None"


def another_text(release):
    number = [each.id for each in release.cells].index("text-why")
    release.cells[number] = new_markdown_cell("Why is that so?", id="text-why-2")


def no_text(release):
    release.cells = [each for each in release.cells if each.id != "text-why"]


def a_paragraph_more(release):
    release.cells.insert(-1, new_markdown_cell("Think of borders.", id="text-more"))


def another_example(release):
    number = [each.id for each in release.cells].index("text-play")
    release.cells[number] = new_code_cell("play = 2", id="text-play-2")


def no_example(release):
    release.cells = [each for each in release.cells if each.id != "text-play"]


def a_figure_more(release):
    release.cells.append(marked(new_code_cell, "draw()", "figure", "f", LOCKED))


CHANGES = [
    more_points,
    another_test,
    another_setup,
    another_stub,
    another_text,
    no_text,
    a_paragraph_more,
    another_example,
    no_example,
    a_figure_more,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_new_in_a_release_is_nobodys_doing(change):
    old, new = notebook(), notebook()
    change(new)
    clean = taken(handed_in(old), new, old)
    assert (clean.repairs, clean.remarks) == ((), ())
    assert clean.untouched == ("value-g", "written-why")
    expected = [each.source for each in new.cells]
    expected[2] = "def f():\n    return 1"
    assert sources(clean) == expected
    ours = [(each.id, each.metadata) for each in new.cells]
    assert [(each.id, each.metadata) for each in clean.notebook.cells] == ours


@pytest.mark.parametrize("change", CHANGES)
def test_a_submission_made_from_the_newest_is_compared_with_it(change):
    old, new = notebook(), notebook()
    change(new)
    clean = taken(handed_in(new), new, old)
    assert (clean.repairs, clean.remarks) == ((), ())
    assert len(clean.notebook.cells) == len(new.cells)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_tampered_with_is_said_whatever_it_stems_from(change):
    old, new = notebook(), notebook()
    change(new)
    mine = handed_in(old, test_g="g = 1")
    cell(mine, "test-f").metadata.nbgrader.points = 300
    clean = taken(mine, new, old)
    assert clean.repairs == ("cell test-g was changed", "points of cell test-f was changed")
    for id_ in ("test-f", "test-g"):
        assert cell(clean.notebook, id_).source == cell(new, id_).source
        assert cell(clean.notebook, id_).metadata == cell(new, id_).metadata


def test_without_the_release_that_it_stems_from_the_points_look_changed():
    old, new = notebook(), notebook()
    more_points(new)
    assert taken(handed_in(old), new).repairs == ("points of cell test-f was changed",)


def test_what_a_student_wrote_into_older_cells_stays_without_their_older_lines():
    old, new = notebook(), notebook()
    cell(old, "start").source = "import numpy as np\nold = 1"
    another_test(new)
    another_text(new)
    another_example(new)
    clean = taken(
        handed_in(
            old,
            start="import math\nimport numpy as np\nold = 1",
            f="def f():\n    return math.pi * half",
            test_f="half = 0.5\ncheck('f', f)",
            text_play="play = f()",
            text_why="Why is that?\n\nBecause of the border.",
        ),
        new,
        old,
    )
    assert clean.repairs == ()
    assert sources(clean) == [
        "import numpy as np",
        "import numpy as np\nimport math",
        "Write f.",
        "def f():\n    return math.pi * half",
        "half = 0.5",
        "check('f', f, louder=True)",
        "play = f()",
        "g = ...",
        "check('g', g)",
        "Why is that so?",
        "Because of the border.",
    ]


def test_what_a_student_wrote_into_a_cell_that_is_gone_stays():
    old, new = notebook(), notebook()
    no_example(new)
    clean = taken(handed_in(old, text_play="play = f()"), new, old)
    assert "play = f()" in sources(clean)
    assert clean.repairs == ()


def test_added_cells_stay_behind_what_they_stood_behind():
    old, new = notebook(), notebook()
    another_text(new)
    mine = handed_in(old)
    mine.cells.insert(5, new_code_cell("print(play)", id="mine"))
    clean = taken(mine, new, old)
    assert sources(clean)[4:7] == ["play = 1", "print(play)", "g = ..."]


def test_a_copy_of_a_test_with_another_text_is_said_of_an_older_release_too():
    old, new = notebook(), notebook()
    more_points(new)
    mine = handed_in(old)
    mine.cells.append(new_code_cell("f = None", metadata=cell(old, "test-f").metadata))
    assert taken(mine, new, old).repairs == ("cell test-f was duplicated",)


def test_an_older_test_in_a_newer_notebook_is_not_run():
    old, new = notebook(), notebook()
    another_test(new)
    more_points(new)
    mine = handed_in(new, test_f=cell(old, "test-f").source)
    clean = taken(mine, new, old)
    assert clean.repairs == ("cell test-f was changed",)
    assert cell(clean.notebook, "test-f").source == cell(new, "test-f").source


def test_of_three_releases_the_right_one_is_found():
    first, second, third = notebook(), notebook(), notebook()
    for release in (second, third):
        another_text(release)
    more_points(third)
    for stem in (first, second, third):
        clean = taken(handed_in(stem), third, second, first)
        assert (clean.repairs, clean.remarks) == ((), ())
        assert len(clean.notebook.cells) == len(third.cells)


def test_what_is_gone_is_worked_out_once_for_a_class():
    newest, older = notebook(), notebook()
    another_test(older)
    releases = Releases(newest, [older])
    assert releases.gone == {("code", "check('f', f, louder=True)")}
    assert releases.gone is releases.gone
