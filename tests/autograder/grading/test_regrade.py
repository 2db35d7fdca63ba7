"""Records: when they still fit, what follows without a run, and what is left alone."""

import json
import os
from contextlib import closing
from dataclasses import replace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.authoring.exercise import Case, RubricLine
from autograder.building.release import release
from autograder.core.outcome import Outcome
from autograder.grading.classroom import Unfit
from autograder.grading.own import OwnClassroom
from autograder.records.record import VERSION
from autograder.records.releases import older_releases
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import load_settings

pytestmark = pytest.mark.usefixtures("warm_zygotes")
SQUARES = "def double(x):\n    return x ** 2\n"


def changed(assignment, **changes):
    """The assignment with another `double`."""
    first, *others = assignment.exercises
    return replace(assignment, exercises=(replace(first, **changes), *others))


def other_cases(rng):
    yield Case("plain", (rng.standard_normal((3, 2)),))
    yield Case("whole", (rng.integers(3, 9, 4),))


DEARER = (RubricLine("plain", 7, "twice"), RubricLine("whole", 1, "of whole numbers"))


@pytest.fixture
def class_of(released):
    """The class of another version of the assignment."""

    def class_of_version(assignment):
        _, room = load_settings(released)
        return OwnClassroom(released, assignment, room)

    return class_of_version


def build(course, assignment, old="", new=""):
    text = course.text(assignment.name).read_text()
    assert old in text
    course.text(assignment.name).write_text(text.replace(old, new))
    config, _ = load_settings(course)
    release(course, assignment, config)


@pytest.fixture
def nothing_is_run(monkeypatch):
    def from_now_on():
        def fail(*_, **__):
            raise AssertionError("something was run")

        monkeypatch.setattr(Zygote, "run", fail)

    return from_now_on


@pytest.fixture
def who_is_run(monkeypatch):
    """How many submissions are run from now on."""
    run, runs = Zygote.run, []

    def counted(zygote, steps, *rest):
        runs.append(steps)
        return run(zygote, steps, *rest)

    monkeypatch.setattr(Zygote, "run", counted)
    return runs


def graded_again(classroom):
    return {r.verdict.student: r.verdict for r in classroom.grade(classroom.students)}


def judged_again(classroom):
    """The verdicts of a regrade, and why others got none."""
    results = list(classroom.regrade())
    unfit = {each.student: each.why for each in results if isinstance(each, Unfit)}
    fit = [each.verdict for each in results if not isinstance(each, Unfit)]
    return {verdict.student: verdict for verdict in fit}, unfit


def scores(course, student, assignment="99_tiny"):
    """Score and maximum of a submission, as nbgrader counts them."""
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        found = gradebook.find_submission(assignment, student)
        return found.score, found.max_score


def shown(course, student, assignment="99_tiny"):
    """What there is of a submission: entry, page, result and record."""
    files = [
        course.feedback / student / assignment / f"{assignment}.html",
        course.autograded / student / assignment / f"{assignment}.ipynb",
        course.result(assignment, student),
        course.record(assignment, student),
    ]
    return scores(course, student), [(p.read_bytes(), p.stat().st_mtime_ns) for p in files]


def test_where_questions_changed_nobody_is_judged_by_other_answers(
    hand_in, graded, released, tiny, class_of, who_is_run
):
    hand_in("right")
    hand_in("squares", SQUARES)
    graded()
    before = shown(released, "right"), shown(released, "squares")
    who_is_run.clear()
    classroom = class_of(changed(tiny, cases=other_cases))
    why = "the questions have changed"
    assert judged_again(classroom) == ({}, {"right": why, "squares": why})
    assert (shown(released, "right"), shown(released, "squares")) == before
    assert not who_is_run
    verdicts = graded_again(classroom)
    assert len(who_is_run) == 2
    assert (verdicts["right"].outcome, verdicts["squares"].earned) == (Outcome.OK, 1)
    assert judged_again(classroom) == (verdicts, {})
    assert len(who_is_run) == 2


def test_points_and_maxima_follow_a_rubric(hand_in, graded, released, tiny, class_of, who_is_run):
    hand_in("right")
    graded()
    assert scores(released, "right") == (4, 6)
    who_is_run.clear()
    dearer = replace(changed(tiny, rubric=DEARER), written=(replace(tiny.written[0], points=5),))
    verdicts, unfit = judged_again(class_of(dearer))
    assert (verdicts["right"].earned, unfit) == (9, {})
    assert scores(released, "right") == (9, 14)
    build(released, tiny)
    assert scores(released, "right") == (9, 6)
    graded_again(class_of(dearer))
    assert scores(released, "right") == (9, 14)
    build(released, dearer)
    assert scores(released, "right") == (9, 14)
    verdict = graded_again(class_of(dearer))["right"]
    assert (verdict.outcome, verdict.earned, verdict.remarks) == (Outcome.OK, 9, ())
    assert scores(released, "right") == (9, 14)
    assert not who_is_run


TEXTS = {
    "prose": ("# # Twice", "# # Two times"),
    "test": ('check("double", double)', 'check("double", double)  # Well?'),
    "figure": ("figures are not run when grading", "not run"),
}


@pytest.mark.parametrize("how", ["grade", "regrade"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_changed_text_is_followed_without_a_run(
    hand_in, graded, released, tiny, class_of, nothing_is_run, text, how
):
    hand_in("right", extra=["1 + 1"])
    before = graded()["right"]
    old, new = TEXTS[text]
    build(released, tiny, old, new)
    nothing_is_run()
    again = {"grade": graded_again, "regrade": lambda each: judged_again(each)[0]}[how]
    assert again(class_of(tiny)) == {"right": before}
    assert before.remarks == ()
    place = released.autograded / "right" / tiny.name / f"{tiny.name}.ipynb"
    said = [cell.source for cell in nbformat.read(place, 4).cells]
    assert any(new.removeprefix("# ") in source for source in said)
    assert not any(source.endswith(old.removeprefix("# ")) for source in said)


def test_a_changed_set_up_is_run_and_not_the_older_one(
    hand_in, graded, released, tiny, class_of, who_is_run
):
    hand_in("right", extra=["print(np.__name__, 'two' in globals())"])
    graded()
    who_is_run.clear()
    build(released, tiny, "import numpy as np", "import numpy as np\n\ntwo = 2")
    assert judged_again(class_of(tiny))[1] == {"right": "the code that is run has changed"}
    verdict = graded_again(class_of(tiny))["right"]
    assert (verdict.outcome, verdict.earned, verdict.remarks) == (Outcome.OK, 4, ())
    (steps,) = who_is_run
    assert next(step.source for step in steps if hasattr(step, "source")).endswith("two = 2")
    page = (released.feedback / "right" / tiny.name / f"{tiny.name}.html").read_text()
    assert "numpy True" in page


def tampered(content):
    return content.replace('"points": 3', '"points": 300')


def test_a_forged_maximum_is_said_after_a_new_release_too(
    hand_in, graded, released, tiny, class_of
):
    hand_in("forger", mangle=tampered)
    assert graded()["forger"].outcome is Outcome.TAMPERED
    dearer = changed(tiny, rubric=DEARER)
    build(released, dearer)
    verdicts, _ = judged_again(class_of(dearer))
    assert verdicts["forger"].outcome is Outcome.TAMPERED
    assert verdicts["forger"].remarks == ("points of cell test-double was changed (put right)",)


def test_what_cannot_be_judged_again_is_said_with_the_reason(
    hand_in, graded, released, tiny, class_of, nothing_is_run
):
    students = ["again", "damaged", "fits", "mended", "moved", "older", "refused"]
    for student in students:
        broken = student in ("mended", "refused")
        hand_in(student, mangle=lambda content, cut=broken: content[:-9] if cut else content)
    graded()
    nothing_is_run()
    hand_in("again", SQUARES)
    hand_in("mended")
    hand_in("new")
    record = released.record(tiny.name, "damaged")
    record.write_bytes(record.read_bytes()[:100])
    record = released.record(tiny.name, "older")
    record.write_text(json.dumps({**json.loads(record.read_text()), "version": VERSION - 1}))
    (released.submitted / "moved").rename(released.root / "moved")
    before = [shown(released, student) for student in ("again", "damaged", "older")]
    verdicts, unfit = judged_again(class_of(tiny))
    assert unfit == {
        "again": "the submission has changed",
        "damaged": "its record is damaged",
        "mended": "it can be read now",
        "new": "it has not been run yet",
        "older": "another version of the grader made its record",
    }
    outcomes = {student: verdict.outcome for student, verdict in verdicts.items()}
    assert outcomes == {"fits": Outcome.OK, "moved": Outcome.OK, "refused": Outcome.REFUSED}
    assert [shown(released, student) for student in ("again", "damaged", "older")] == before


def test_without_its_submission_a_record_follows_no_new_release(
    hand_in, graded, released, tiny, class_of
):
    hand_in("moved")
    graded()
    (released.submitted / "moved").rename(released.root / "moved")
    build(released, tiny, *TEXTS["prose"])
    assert judged_again(class_of(tiny)) == ({}, {"moved": "its submission is not there any more"})


def test_a_time_of_handing_in_is_followed(hand_in, graded, released, tiny, class_of):
    hand_in("late")
    graded()
    stamp = released.submission(tiny.name, "late").parent / "timestamp.txt"
    stamp.write_text("2026-02-03 04:05:06 UTC")
    (result,) = class_of(tiny).regrade()
    assert result.timestamp == "2026-02-03 04:05:06 UTC"


SLOW = "import time\ntime.sleep(6)"


def test_what_a_limit_stopped_is_run_again_when_limits_change(
    hand_in, graded, released, tiny, class_of, who_is_run
):
    hand_in("slow", extra=[SLOW])
    hand_in("quick")
    assert graded()["slow"].outcome is Outcome.TIMEOUT
    who_is_run.clear()
    config = released.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.LockedRoom.cell_seconds = 20\n")
    why = "it was stopped by a limit, and limits have changed"
    verdicts, unfit = judged_again(class_of(tiny))
    assert (list(verdicts), unfit) == (["quick"], {"slow": why})
    assert graded_again(class_of(tiny))["slow"].outcome is Outcome.OK
    assert len(who_is_run) == 1


def test_a_file_beside_the_notebook_that_changed_is_read_again(
    hand_in, graded, released, tiny, class_of
):
    hand_in("one")
    graded()
    beside = released.released(tiny.name).parent
    for name in ("check.py", f"{tiny.name}.examples.json"):
        with open(beside / name, "a") as file:
            file.write("\n")
    assert list(judged_again(class_of(tiny))[0]) == ["one"]
    (beside / "numbers.csv").write_text("1,2")
    why = "the files beside the notebook have changed"
    assert judged_again(class_of(tiny)) == ({}, {"one": why})


def test_a_release_that_nbgrader_made_is_kept_when_it_is_graded_or_replaced(
    hand_in, graded, released, tiny, class_of
):
    path = released.released(tiny.name)
    first = path.read_text()
    by_nbgrader = []
    for text in ("Two times", "Twofold", "Double"):
        path.write_text(first.replace("# Twice", f"# {text}"))
        by_nbgrader.append(path.read_bytes())
        hand_in(text)
        if text != "Double":
            graded()
    build(released, tiny)
    assert len(set(by_nbgrader)) == 3
    assert set(by_nbgrader) <= set(older_releases(released, tiny.name))
    verdicts = graded()
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.OK}
    assert {verdict.remarks for verdict in verdicts.values()} == {()}


def test_a_damaged_release_costs_nobody_anything(hand_in, graded, released, tiny, caplog):
    hand_in("one")
    build(released, tiny, *TEXTS["prose"])
    first = min((released.releases / tiny.name).iterdir())
    os.truncate(first, 20)
    assert graded()["one"].earned == 4
    assert f"{first} is damaged" in caplog.text
