"""A mistake that no chaff has: found in a class, named by a person, told to those who make it."""

import pytest

from autograder.core.errors import CourseError
from autograder.grading.unnamed import unnamed_families
from autograder.records.families import forget_family, known_families, name_family

pytestmark = pytest.mark.usefixtures("warm_zygotes")

THRICE = "def double(x):\n    return 3 * x\n"
SAYS = "That is three times x."


def told(verdicts):
    return {
        student: (verdict.exercises[0].misconception, verdict.exercises[0].advice)
        for student, verdict in verdicts.items()
    }


def test_what_a_person_says_reaches_all_who_make_the_mistake(
    hand_in, graded, classroom, released, tiny
):
    hand_in("ada", THRICE)
    hand_in("bea", THRICE.replace("3 * x", "x + x + x"))
    hand_in("cem", THRICE.replace("3 * x", "5 * x"))
    hand_in("squares", THRICE.replace("3 * x", "x ** 2"))
    hand_in("raises", THRICE.replace("3 * x", "x.nothing"))
    hand_in("right")
    before = told(graded())
    three, five = unnamed_families(released, tiny)
    assert [member.student for member in three.members] == ["ada", "bea"]
    assert "3 * x" in three.members[0].source
    assert (five.members[0].student, five.lines) == ("cem", ("plain", "whole"))

    name_family(released, tiny.name, three.named(SAYS))
    kept = released.families(tiny.name).read_text()
    assert SAYS in kept
    assert not any(text in kept for text in ("ada", "bea", "3 * x", "def "))
    again = told({each.verdict.student: each.verdict for each in classroom.regrade()})
    assert again["ada"] == again["bea"] == (three.id, SAYS)
    assert {name: again[name] for name in ("cem", "squares", "raises", "right")} == {
        name: before[name] for name in ("cem", "squares", "raises", "right")
    }
    assert [each.id for each in unnamed_families(released, tiny)] == [five.id]
    hand_in("dan", THRICE)
    assert told(graded())["dan"] == (three.id, SAYS)

    forget_family(released, tiny.name, three.id)
    assert known_families(released, tiny.name) == ()
    again = told({each.verdict.student: each.verdict for each in classroom.regrade()})
    assert again["ada"] == before["ada"]


def test_a_line_without_a_name_makes_a_family_beside_one_that_has_one(
    hand_in, graded, released, tiny
):
    hand_in("ada", "def double(x):\n    return x ** 2 if x.dtype == float else 5 * x\n")
    assert told(graded())["ada"][0] == "squares"
    (family,) = unnamed_families(released, tiny)
    name_family(released, tiny.name, family.named(SAYS))
    (verdict,) = graded(force=True).values()
    assert [line.says for line in verdict.exercises[0].lines] == ["That is the square.", SAYS]
    assert unnamed_families(released, tiny) == ()


def test_names_are_read_once_a_run(hand_in, graded, classroom, released, tiny):
    hand_in("ada", THRICE)
    hand_in("bea", THRICE)
    graded()
    (three,) = unnamed_families(released, tiny)
    name_family(released, tiny.name, three.named(SAYS))
    told = []
    for each in classroom.regrade():
        told.append(each.verdict.exercises[0].misconception)
        released.families(tiny.name).write_text("[{]")
    assert told == [three.id, three.id]


def test_names_that_cannot_be_read_stop_the_class_once(hand_in, graded, released, tiny):
    hand_in("ada")
    path = released.families(tiny.name)
    path.parent.mkdir()
    path.write_text("[{]")
    with pytest.raises(CourseError, match="cannot be read"):
        graded()
    with pytest.raises(CourseError, match="cannot be read"):
        name_family(released, tiny.name, None)
    assert path.read_text() == "[{]"
