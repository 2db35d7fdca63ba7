"""A course that is watched: what arrives is graded as `grade` would, and nothing half-written."""

import os
import shutil
import threading

import pytest

from autograder.core.errors import CourseError
from autograder.core.lock import sole_run
from autograder.core.sizes import Sizes
from autograder.grading.class_report import refresh_pages
from autograder.grading.own import OwnClassroom
from autograder.publishing.page.stored import stored_page
from autograder.settings import Watch, load_settings
from autograder.watching.watcher import Watcher
from tests.autograder.leftovers import state

pytestmark = pytest.mark.usefixtures("warm_zygotes")

SQUARES = "def double(x):\n    return x ** 2\n"


def place(course, student):
    return course.submission("99_tiny", student)


def write(course, hand_in, student, **options):
    """What a student would hand in, as bytes; nothing stays of it."""
    hand_in(student, **options)
    content = place(course, student).read_bytes()
    shutil.rmtree(course.submitted / student)
    return content


def arrive(course, student, content):
    place(course, student).parent.mkdir(parents=True, exist_ok=True)
    place(course, student).write_bytes(content)


def test_what_is_watched_is_what_is_graded(released, tiny, hand_in, watched, tmp_path):
    """Records, results, graded notebooks, pages and entries are those of `grade`."""
    for student, source in {"a": SQUARES, "b": "def double(x):\n    return 2 * x\n"}.items():
        hand_in(student, source)
    hand_in("c", mangle=lambda content: content[:-9])
    (released.root / ".course-secret").write_text("5" * 64 + "\n")
    other = shutil.copytree(released.root, tmp_path / "other")
    found, _ = watched(3, patience_seconds=0.5)
    _, room = load_settings(type(released)(other))
    by_grade = OwnClassroom(type(released)(other), tiny, room)
    expected = {each.verdict.student: each.verdict for each in by_grade.grade("abc")}
    assert found == sorted(found, key=lambda each: each[0] == "c")
    assert {each[0]: each[1:] for each in found} == {
        student: (str(verdict.outcome), verdict.earned) for student, verdict in expected.items()
    }
    assert state(released.root) == state(other)


def test_a_torn_file_is_left_until_it_is_whole(released, hand_in, watched):
    whole = write(released, hand_in, "torn")
    arrive(released, "torn", whole[:-9])
    hand_in("other")
    found, _ = watched(2, lambda: arrive(released, "torn", whole), patience_seconds=60)
    assert found == [("other", "OK", 4.0), ("torn", "OK", 4.0)]


def test_a_file_that_stays_torn_is_refused_and_taken_when_it_is_whole(released, hand_in, watched):
    whole = write(released, hand_in, "torn")
    arrive(released, "torn", whole[:-9])
    found, _ = watched(2, lambda: arrive(released, "torn", whole), patience_seconds=0.5)
    assert found == [("torn", "REFUSED", 0.0), ("torn", "OK", 4.0)]


def test_what_is_handed_in_again_is_graded_again(released, hand_in, watched):
    hand_in("ada", SQUARES)
    found, _ = watched(2, lambda: hand_in("ada"))
    assert found == [("ada", "WRONG", 1.0), ("ada", "OK", 4.0)]


def test_who_is_graded_already_is_looked_at_last(released, hand_in, graded, watched):
    hand_in("a")
    graded()
    hand_in("b", SQUARES)
    assert watched(2)[0] == [("b", "WRONG", 1.0), ("a", "OK", 4.0)]


def test_the_rate_holds_across_watchers(released, hand_in, watched):
    hand_in("a", SQUARES)
    assert watched(1, between_seconds=600)[0] == [("a", "WRONG", 1.0)]
    hand_in("a")
    hand_in("b")
    found, watcher = watched(1, between_seconds=600)
    assert found == [("b", "OK", 4.0)]
    assert watcher.left == 1
    assert watched(1)[0][0] == ("a", "OK", 4.0)


def test_a_submission_that_goes_away_is_not_waited_for(released, hand_in, watched):
    hand_in("a")

    def take_away():
        shutil.rmtree(released.submitted / "a")
        hand_in("b")

    found, watcher = watched(2, take_away)
    assert [student for student, *_ in found] == ["a", "b"]
    assert watcher.left == 0


def test_a_fault_of_the_machine_is_tried_again(released, hand_in, watched):
    hand_in("a")
    results = released.results / "99_tiny"
    results.mkdir(parents=True)
    (results / "a.json").mkdir()

    def mend():
        (results / "a.json").rmdir()

    found, _ = watched(2, mend, again_seconds=0.1)
    assert [outcome for _, outcome, _ in found] == ["INFRA", "OK"]


def test_other_runs_are_told_of_the_watcher(released, hand_in, classroom, watched):
    hand_in("a")
    said = []

    def second_run():
        for run in (lambda: list(classroom.grade(["a"])), lambda: list(classroom.regrade())):
            with pytest.raises(CourseError) as told:
                run()
            said.append(str(told.value))

    watched(1, second_run)
    assert said == 2 * [said[0]]
    assert "a watcher is running in this course (process " in said[0]


def test_a_watcher_is_told_of_another_run(released, classroom):
    watcher = Watcher(released, [classroom], Watch(), Sizes())
    with sole_run(released), pytest.raises(CourseError, match="another run is grading"):
        next(watcher.run(threading.Event()))


def test_only_so_many_hand_ins_get_more_than_points(released, tiny, hand_in):
    """Whichever command grades or writes the page anew; the same file counts once."""
    with open(released.root / "nbgrader_config.py", "a") as file:
        file.write("c.FeedbackPage.hand_ins = 1\n")
    _, room = load_settings(released)
    classroom = OwnClassroom(released, tiny, room)
    page = released.feedback / "ada" / "99_tiny" / "99_tiny.html"
    later, named = "told for the first hand-in. This is a later one", "That is the square."
    for force in (False, True):
        hand_in("ada", SQUARES)
        list(classroom.grade(["ada"], force=force))
        assert named in page.read_text()
        assert later not in page.read_text()
    hand_in("ada", f"{SQUARES}\n# again")
    (result,) = classroom.grade(["ada"])
    limited = page.read_text()
    assert later in limited
    assert named not in limited
    assert result.verdict.earned == 1
    assert not refresh_pages(classroom, classroom.marks())
    list(classroom.regrade())
    assert page.read_text() == limited
    assert named in stored_page(released, tiny, "ada", released.gradebook_url, most=2)
    assert named not in stored_page(released, tiny, "ada", released.gradebook_url, most=1)


def test_a_crowd_is_taken_by_age_and_nobody_waits_for_a_student_who_hands_in_again(
    released, hand_in, watched
):
    crowd = [f"s{number}" for number in (3, 1, 4, 0, 2)]
    for age, student in enumerate(crowd):
        hand_in(student)
        os.utime(place(released, student), (age + 1e9, age + 1e9))
    found, _ = watched(6, lambda: hand_in(crowd[0], SQUARES))
    assert [student for student, *_ in found] == [*crowd, crowd[0]]
    assert found[-1] == (crowd[0], "WRONG", 1.0)
