"""A class through all stages, with real rooms, the real gradebook and real files."""

import errno
import itertools
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI

from autograder.authoring.exercise import Written
from autograder.building.release import BuildError, release
from autograder.core.course import course_secret
from autograder.core.errors import CourseError
from autograder.core.outcome import Outcome
from autograder.grading.class_report import write_report
from autograder.grading.own import OwnClassroom
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.marks.place import gradebook_url
from autograder.publishing.page.stored import stored_page
from autograder.publishing.publish import not_graded
from autograder.publishing.result import saved_results
from autograder.records.record import load_record
from autograder.records.shelf import recorded
from autograder.sandbox.protocol.values import decode
from autograder.settings import load_settings

pytestmark = pytest.mark.usefixtures("warm_zygotes")
RIGHT = "def double(x):\n    return 2 * x\n"


def score(course, student):
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        return gradebook.find_submission("99_tiny", student).score


def test_each_submission_gets_what_it_deserves(hand_in, graded, released):
    hand_in("right")
    hand_in("squares", "def double(x):\n    return x ** 2\n")
    hand_in("loops", "def double(x):\n    while True:\n        pass\n")
    hand_in("exits", "import os\ndef double(x):\n    os._exit(0)\n")
    hand_in("loops-in-a-cell", RIGHT, extra=["while True:\n    pass", "print('after')"])
    hand_in(
        "warns", "import sys, warnings\nwarnings.warn('w')\nprint(1, file=sys.stderr)\n" + RIGHT
    )
    hand_in("broken", mangle=lambda content: content[:-100])
    verdicts = graded()
    got = {name: (str(v.outcome), v.earned) for name, v in verdicts.items()}
    assert got == {
        "right": ("OK", 4),
        "squares": ("WRONG", 1),
        "loops": ("TIMEOUT", 1),
        "exits": ("CRASH", 1),
        "loops-in-a-cell": ("TIMEOUT", 4),
        "warns": ("OK", 4),
        "broken": ("REFUSED", 0),
    }
    assert verdicts["squares"].exercises[0].misconception == "squares"
    assert {name: score(released, name) for name in got} == {
        name: points for name, (_, points) in got.items()
    }


def test_feedback_and_graded_notebooks_are_written(hand_in, graded, released):
    hand_in(
        "squares", "def double(x):\n    print('hello')\n    return x ** 2\n", ["print('<b>hi</b>')"]
    )
    graded()
    page = (released.feedback / "squares" / "99_tiny" / "99_tiny.html").read_text()
    assert "That is the square." in page
    assert "&lt;b&gt;hi&lt;/b&gt;" in page
    assert "<b>hi</b>" not in page
    notebook = nbformat.read(released.autograded / "squares" / "99_tiny" / "99_tiny.ipynb", 4)
    nbformat.validate(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    assert "double: 0 of 3 points" in cells["test-double"].outputs[0].text
    assert cells["extra-1"].outputs[0].text == "<b>hi</b>\n"


def test_what_a_hidden_case_prints_is_not_shown(hand_in, graded, released):
    hand_in(
        "spy", "seen = []\ndef double(x):\n    print('SPY', x)\n    raise ValueError(x)\n", ["seen"]
    )
    graded()
    page = (released.feedback / "spy" / "99_tiny" / "99_tiny.html").read_text()
    assert "SPY" not in page.split("Your cells")[1].replace("print(&#39;SPY&#39;", "")
    assert "Raised ValueError in line 4" in page


def test_graded_submissions_are_not_run_again(hand_in, graded, released, tiny):
    hand_in("one")
    graded()
    path = released.record(tiny.name, "one")
    before = path.stat().st_mtime_ns
    graded()
    assert path.stat().st_mtime_ns == before
    graded(force=True)
    assert path.stat().st_mtime_ns != before


def test_each_run_has_numbers_of_its_own_and_is_judged_by_them(hand_in, graded, released, tiny):
    for student in ("ada", "bea"):
        hand_in(student)
    told = []
    for _ in range(2):
        assert [verdict.earned for verdict in graded(force=True).values()] == [4, 4]
        for student in ("ada", "bea"):
            record = load_record(released.record(tiny.name, student))
            (question, _) = record.questions
            told.append((record.draw, str(question.answers[0].value)))
    assert len({draw for draw, _ in told}) == len({answer for _, answer in told}) == 4


def test_an_answer_of_another_run_earns_nothing(hand_in, graded, released, tiny):
    hand_in("ada")
    graded()
    (question, _) = load_record(released.record(tiny.name, "ada")).questions
    table = [decode(answer.value, max_bytes=999).tolist() for answer in question.answers[:2]]
    hand_in("ada", f"answers = iter({table})\ndef double(x):\n    return np.array(next(answers))\n")
    hand_in("bea", f"answers = iter({table})\ndef double(x):\n    return np.array(next(answers))\n")
    assert [verdict.exercises[0].earned for verdict in graded().values()] == [0, 0]


def test_a_new_submission_is_run_again(hand_in, graded, released):
    hand_in("one", "def double(x):\n    return x\n")
    assert graded()["one"].earned == 1
    hand_in("one")
    assert graded()["one"].earned == 4
    assert score(released, "one") == 4


def test_a_submission_has_the_time_of_its_stamp_and_else_none(hand_in, graded, released, tiny):
    def time():
        with closing(Gradebook(released.gradebook_url)) as gradebook:
            return gradebook.find_submission(tiny.name, "one").timestamp

    hand_in("one")
    graded()
    assert time() is None
    stamp = released.submission(tiny.name, "one").with_name("timestamp.txt")
    for hour in (4, 5):
        stamp.write_text(f"2026-02-03 0{hour}:05:06.000000 UTC\n")
        graded()
        assert time().hour == hour
    beside = released.autograded / "one" / tiny.name / "timestamp.txt"
    assert beside.read_text() == stamp.read_text().strip()
    stamp.unlink()
    graded()
    assert time() is None
    assert not beside.exists()


def test_formgrader_lists_who_is_graded_and_for_whom_a_person_has_something_to_do(
    classroom, hand_in, graded, released, tiny
):
    for student in ("marked", "waiting"):
        hand_in(student, why="Because of that.")
    stamp = released.submission(tiny.name, "marked").with_name("timestamp.txt")
    stamp.write_text("2026-02-03 04:05:06.000000 UTC")
    graded()
    config, _ = load_settings(released)
    api = NbGraderAPI(config=config)

    def listed():
        submissions = {each["student"]: each for each in api.get_submissions(tiny.name)}
        assert all(each["autograded"] for each in submissions.values())
        notebooks = api.get_notebook_submissions(tiny.name, tiny.name)
        waits = {each["student"]: each["needs_manual_grade"] for each in notebooks}
        assert waits == {who: each["needs_manual_grade"] for who, each in submissions.items()}
        return waits, {who: each["score"] for who, each in submissions.items()}

    assert listed() == ({"marked": True, "waiting": True}, {"marked": 4, "waiting": 4})
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        # As its handler does it.
        grade = gradebook.find_grade("written-why", tiny.name, tiny.name, "marked")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    assert listed() == ({"marked": False, "waiting": True}, {"marked": 5.5, "waiting": 4})
    list(classroom.regrade())
    assert listed() == ({"marked": False, "waiting": True}, {"marked": 5.5, "waiting": 4})
    hand_in("marked", why="Because of something else.")
    graded()
    assert listed() == ({"marked": True, "waiting": True}, {"marked": 5.5, "waiting": 4})


def test_a_damaged_record_is_made_again(hand_in, graded, released, tiny):
    hand_in("one")
    graded()
    path = released.record(tiny.name, "one")
    path.write_bytes(path.read_bytes()[:100])
    assert graded()["one"].earned == 4


def test_records_hold_no_oracle_and_no_points(hand_in, graded, released, tiny):
    hand_in("one")
    graded()
    record = json.loads(released.record(tiny.name, "one").read_text())
    assert "rubric" not in json.dumps(record)
    assert "That is the square" not in json.dumps(record)
    assert record["guarantees"]


def test_a_record_is_judged_again_without_being_run(
    classroom, hand_in, graded, released, tiny, monkeypatch
):
    hand_in("one")
    graded()

    def fail(*_, **__):
        raise AssertionError("something was run")

    monkeypatch.setattr("autograder.sandbox.outside.zygote.Zygote.run", fail)
    monkeypatch.setattr("subprocess.Popen", fail)
    (result,) = classroom.regrade()
    assert result.verdict.earned == 4


def test_a_fault_of_ours_is_no_zero(hand_in, graded, released, tiny, monkeypatch):
    from autograder.core.errors import SandboxError
    from autograder.sandbox.outside.zygote import Zygote

    hand_in("one")
    run = Zygote.run

    def fail(*_, **__):
        raise SandboxError("no room today")

    monkeypatch.setattr(Zygote, "run", fail)
    assert graded()["one"].outcome is Outcome.INFRA
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        grade = gradebook.find_grade("test-double", tiny.name, tiny.name, "one")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
    monkeypatch.setattr(Zygote, "run", run)
    assert graded()["one"].earned == 4


def test_a_machine_without_rooms_is_told_once_and_nobody_is_tried(
    hand_in, graded, released, tiny, monkeypatch
):
    from autograder.core.errors import NoRoomsError
    from autograder.sandbox.outside.zygote import Zygote

    hand_in("one")
    hand_in("two")

    def fail(*_, **__):
        raise NoRoomsError("this machine cannot lock student code up")

    monkeypatch.setattr(Zygote, "run", fail)
    with pytest.raises(NoRoomsError):
        graded()
    assert not list(released.results.rglob("*.json"))
    monkeypatch.undo()
    assert {verdict.earned for verdict in graded().values()} == {4}


def test_an_unforeseen_fault_costs_nobody_else(hand_in, graded, monkeypatch):
    from autograder.judging.judge import judge
    from autograder.publishing import publish

    def judge_or_fail(record, *rest):
        if record.student == "unlucky" and not record.infra:
            raise SystemError("something that nobody thought of")
        return judge(record, *rest)

    hand_in("lucky")
    hand_in("unlucky")
    monkeypatch.setattr(publish, "judge", judge_or_fail)
    verdicts = graded()
    assert verdicts["lucky"].earned == 4
    assert verdicts["unlucky"].outcome is Outcome.INFRA
    assert "nobody thought of" in verdicts["unlucky"].remark
    monkeypatch.undo()
    assert graded()["unlucky"].earned == 4


def test_the_gradebook_is_the_one_that_the_configuration_names(hand_in, released, tiny):
    (released.root / "gradebook.db").rename(released.root / "marks.db")
    with open(released.root / "nbgrader_config.py", "a") as file:
        file.write("c.CourseDirectory.db_url = 'sqlite:///marks.db'\n")
    hand_in("right")
    config, room = load_settings(released)
    classroom = OwnClassroom(released, tiny, room)
    assert [result.verdict.earned for result in classroom.grade(["right"])] == [4]
    assert classroom.marks()["right"].total == 4
    assert classroom.places["gradebook"] == str(released.root / "marks.db")
    url = gradebook_url(config, released.root)
    assert "4 of 6 points" in stored_page(released, tiny, "right", url)
    assert not (released.root / "gradebook.db").exists()


def test_the_report_counts_the_class(classroom, hand_in, graded, released, tiny):
    hand_in("right")
    hand_in("squares", "def double(x):\n    return x ** 2\n")
    hand_in("broken", mangle=lambda content: "{")
    graded()
    text = write_report(released, [classroom]).read_text()
    assert "3 submissions, 2 scored" in text
    assert "That is the square." in text
    assert "not valid JSON" in text


def test_the_report_names_those_who_are_not_graded(classroom, hand_in, graded, released, tiny):
    hand_in("early")
    graded()
    assert "Not graded yet" not in write_report(released, [classroom]).read_text()
    hand_in("late")
    text = write_report(released, [classroom]).read_text()
    assert "Not graded yet: late." in text
    assert "autograder grade 99_tiny" in text
    assert "1 submissions, 1 scored" in text


def test_the_report_shows_a_fault_that_could_not_be_saved(
    classroom, hand_in, graded, released, tiny
):
    hand_in("one")
    hand_in("two")
    graded()
    fault = not_graded(tiny.name, "two", Outcome.INFRA, "the disk is full").result
    lines = write_report(released, [classroom], [fault]).read_text().splitlines()
    assert "2 submissions, 1 scored" in "\n".join(lines)
    (row,) = [line for line in lines if "INFRA" in line and "the disk is full" in line]
    assert "again" in row


def test_without_records_there_is_no_report(classroom, released, tiny):
    with pytest.raises(CourseError, match="nothing to report"):
        write_report(released, [classroom])


def test_a_second_run_on_the_course_says_so(hand_in, graded, released):
    import fcntl

    hand_in("one")
    released.records.mkdir(exist_ok=True)
    with open(released.records / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="another run"):
            graded()


def test_an_unreleased_assignment_is_told(course, tiny):
    _, room = load_settings(course)
    with pytest.raises(CourseError, match="not released"):
        next(OwnClassroom(course, tiny, room).grade([]))


def test_the_students_of_a_killed_run_are_finished_by_the_next(
    classroom, hand_in, graded, released, tiny
):
    for student in ("a", "b", "c"):
        hand_in(student)
    run = classroom.grade(["a", "b", "c"], workers=1)
    next(run)
    run.close()
    assert {v.earned for v in graded().values()} == {4}
    assert set(recorded(released, tiny.name)) == {"a", "b", "c"}


def lock_gradebook(course, seconds):
    """Have another process lock the gradebook for a while; returns once it is locked."""
    path = course.gradebook_url.removeprefix("sqlite:///")
    code = (
        "import sqlite3, sys, time\n"
        f"connection = sqlite3.connect({path!r})\n"
        "connection.execute('BEGIN EXCLUSIVE')\n"
        f"print('locked', flush=True); time.sleep({seconds})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"locked\n"
    return process


def test_a_gradebook_that_is_locked_for_a_while_is_waited_for(hand_in, graded, released):
    hand_in("one")
    with lock_gradebook(released, 7):
        assert graded()["one"].earned == 4
    assert score(released, "one") == 4


def test_a_gradebook_that_stays_locked_costs_nobody_a_point(
    hand_in, graded, released, tiny, monkeypatch
):
    hand_in("one")
    hand_in("two")
    graded()
    for student in ("one", "two"):
        hand_in(student, "def double(x):\n    return x ** 2\n")
    monkeypatch.setattr("autograder.publishing.gradebook.PATIENCE", 0.2)
    open_writer = GradebookWriter.__enter__
    locks = []

    def open_and_lock(writer):
        locks.append(lock_gradebook(released, 600))
        return open_writer(writer)

    monkeypatch.setattr(GradebookWriter, "__enter__", open_and_lock)
    verdicts = graded()
    for lock in locks:
        lock.kill()
        lock.communicate()
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.INFRA}
    assert "locked" in verdicts["one"].remark
    assert score(released, "one") == 4
    shown = {r.verdict.student: r.verdict.outcome for r in saved_results(released, tiny.name)}
    assert shown == {"one": Outcome.INFRA, "two": Outcome.INFRA}
    for student in ("one", "two"):
        page = (released.feedback / student / tiny.name / f"{tiny.name}.html").read_text()
        assert "That is the square." not in page
    monkeypatch.undo()
    assert [verdict.earned for verdict in graded().values()] == [1, 1]
    assert score(released, "two") == 1


def test_a_result_is_shown_only_after_its_entry(hand_in, graded, released, tiny, monkeypatch):
    hand_in("one")
    graded()
    hand_in("one", "def double(x):\n    return x ** 2\n")
    shown = []
    write = GradebookWriter.write

    def look_around(writer, *arguments, **settings):
        shown.append(list(saved_results(released, tiny.name)))
        write(writer, *arguments, **settings)
        shown.append(list(saved_results(released, tiny.name)))

    monkeypatch.setattr(GradebookWriter, "write", look_around)
    assert graded()["one"].earned == 1
    assert shown == [[], []]
    assert [result.verdict.earned for result in saved_results(released, tiny.name)] == [1]


def test_a_run_that_is_broken_off_leaves_nothing_staged(classroom, hand_in, released, tiny):
    for student in "abcd":
        hand_in(student)
    run = classroom.grade(list("abcd"), workers=2)
    next(run)
    run.close()
    assert not [path for path in released.root.rglob(".*.part") if path.is_file()]


def test_what_a_person_gave_survives_a_changed_submission(hand_in, graded, released, tiny):
    hand_in("one")
    graded()
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        mark = gradebook.find_grade("test-double", tiny.name, tiny.name, "one")
        mark.manual_score, mark.extra_credit, mark.needs_manual_grade = 2.5, 0.5, False
        other = gradebook.find_grade("test-answer", tiny.name, tiny.name, "one")
        other.extra_credit = 0.25
        gradebook.find_comment("double", tiny.name, tiny.name, "one").manual_comment = "see me"
        gradebook.db.commit()
    hand_in("one", "def double(x):\n    return x ** 2\n")
    assert graded()["one"].earned == 1
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        mark = gradebook.find_grade("test-double", tiny.name, tiny.name, "one")
        assert (mark.auto_score, mark.manual_score, mark.extra_credit) == (0.0, 2.5, 0.5)
        assert (mark.score, mark.needs_manual_grade) == (3.0, True)
        other = gradebook.find_grade("test-answer", tiny.name, tiny.name, "one")
        assert (other.auto_score, other.extra_credit, other.score) == (1.0, 0.25, 1.25)
        assert not other.needs_manual_grade
        comment = gradebook.find_comment("double", tiny.name, tiny.name, "one")
        assert comment.comment == "see me"
        assert gradebook.find_submission(tiny.name, "one").score == 4.25


def test_one_worker_without_a_sandbox_costs_nobody_a_point(hand_in, graded, monkeypatch):
    from autograder.core.errors import SandboxError
    from autograder.sandbox.outside.zygote import Zygote

    for student in "abcdef":
        hand_in(student)
    run = Zygote.run
    broken = []

    def fail_in_one_worker(zygote, *arguments):
        broken.append(zygote) if not broken else None
        if zygote is broken[0]:
            raise SandboxError("this worker has no room any more")
        return run(zygote, *arguments)

    monkeypatch.setattr(Zygote, "run", fail_in_one_worker)
    verdicts = graded(workers=2)
    assert {v.outcome for v in verdicts.values()} <= {Outcome.OK, Outcome.INFRA}
    assert {v.earned for v in verdicts.values() if v.scored} == {4}
    monkeypatch.undo()
    assert {v.earned for v in graded(workers=2).values()} == {4}


def test_one_fault_is_put_right_in_the_same_run(hand_in, graded, monkeypatch):
    from autograder.core.errors import SandboxError
    from autograder.sandbox.outside.zygote import Zygote

    hand_in("one")
    hand_in("two")
    run = Zygote.run
    faults = iter([SandboxError("no room just now")])

    def fail_once(*arguments):
        for fault in faults:
            raise fault
        return run(*arguments)

    monkeypatch.setattr(Zygote, "run", fail_once)
    assert [verdict.earned for verdict in graded(workers=1).values()] == [4, 4]


def test_a_full_disk_is_a_fault_of_ours(hand_in, graded, released, monkeypatch):
    hand_in("one")

    def no_space(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    course_secret(released)
    monkeypatch.setattr("os.fsync", no_space)
    verdict = graded()["one"]
    assert verdict.outcome is Outcome.INFRA
    assert "No space left" in verdict.remark
    monkeypatch.undo()
    assert graded()["one"].earned == 4
    assert not [path for path in released.root.rglob(".*.json.*") if path.is_file()]


def test_a_clock_that_jumps_changes_nothing(hand_in, graded, monkeypatch):
    hand_in("one")
    clock = itertools.cycle([0.0, 4e9])
    monkeypatch.setattr("time.time", lambda: next(clock))
    assert graded()["one"].earned == 4


def with_the_former_key(path):
    text = path.read_text()
    assert '"autograder": {' in text
    path.write_text(text.replace('"autograder": {', '"convkit": {'))


def test_notebooks_released_under_the_former_key_grade_the_same(hand_in, graded, released, tiny):
    hand_in("now", extra=["1 + 1"])
    hand_in("unchanged", "def double(x):\n    raise NotImplementedError")
    new = graded()
    with_the_former_key(released.released(tiny.name))
    hand_in("then", extra=["1 + 1"])
    old = graded(force=True)
    assert (old["then"].outcome, old["then"].earned) == (Outcome.OK, 4)
    assert {name: old[name].exercises for name in new} == {n: v.exercises for n, v in new.items()}
    assert '"convkit": {' in (released.submitted / "then" / tiny.name / "99_tiny.ipynb").read_text()
    shown = {
        name: (released.feedback / name / tiny.name / "99_tiny.html").read_text()
        for name in ("now", "then")
    }
    assert "def double" in shown["then"].split("Your cells")[1]
    assert shown["then"].split("Your cells")[1] == shown["now"].split("Your cells")[1]


def test_a_record_with_the_former_key_is_judged_again(classroom, hand_in, graded, released, tiny):
    hand_in("one")
    before = graded()["one"]
    page = released.feedback / "one" / tiny.name / "99_tiny.html"
    shown = page.read_text()
    path = released.record(tiny.name, "one")
    path.write_text(path.read_text().replace('"autograder":{', '"convkit":{'))
    assert '"convkit":{' in path.read_text()
    (after,) = classroom.regrade()
    assert after.verdict == before
    assert page.read_text() == shown


def test_after_a_failed_build_the_old_release_grades_as_before(hand_in, graded, released, tiny):
    hand_in("one")
    before = graded()["one"]
    more = replace(tiny, written=(*tiny.written, Written("how", 1)))
    with open(released.text(tiny.name), "a") as file:
        file.write("\n# %% written how [markdown]\n# Thus.\n")
    config, _ = load_settings(released)
    with pytest.raises(BuildError, match="written-how added, but"):
        release(released, more, config)
    assert graded(force=True)["one"] == before
    assert score(released, "one") == before.earned == 4


def test_what_was_released_beside_the_notebook_is_in_the_room(hand_in, graded, released, tiny):
    beside = released.released(tiny.name).parent
    (beside / "helper.py").write_text("def doubled(x):\n    return 2 * x\n")
    (beside / "data").mkdir()
    (beside / "data" / "two.txt").write_text("2")
    read = "from helper import doubled\nfactor = int(open('data/two.txt').read())\n"
    hand_in("reads", read + "def double(x):\n    return doubled(x) * factor / 2\n")
    assert graded()["reads"].outcome is Outcome.OK
    (beside / "data" / "two.txt").write_text("6")
    assert graded()["reads"].outcome is Outcome.WRONG


def test_what_is_too_large_to_be_laid_beside_the_notebook_blames_nobody(
    hand_in, graded, released, tiny
):
    with open(released.released(tiny.name).parent / "film", "wb") as file:
        file.truncate((256 << 20) + 1)
    hand_in("one")
    verdict = graded()["one"]
    assert verdict.outcome is Outcome.INFRA
    assert "c.LockedRoom.data_bytes in nbgrader_config.py to more" in verdict.remarks[0]
