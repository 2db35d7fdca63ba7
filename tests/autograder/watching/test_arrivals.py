"""What has arrived: seen once it does not change any more, whatever changes it."""

import os

import pytest

from autograder.core.course import Course
from autograder.watching.arrivals import Arrivals, look, newest
from autograder.watching.line import HandIn

ADA = HandIn("tiny", "ada")


@pytest.fixture
def place(tmp_path):
    place = Course(tmp_path).submission("tiny", "ada")
    place.parent.mkdir(parents=True)
    place.write_text("{}")
    return place


def found(tmp_path):
    return look(Course(tmp_path), ["tiny", "other"])


def rewritten(place):
    before = place.stat()
    place.write_text("[]")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def replaced(place):
    before = place.stat()
    other = place.with_name("other")
    other.write_text("[]")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(place)


def longer(place):
    before = place.stat()
    with open(place, "a") as file:
        file.write(" ")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def stamped(place):
    place.with_name("timestamp.txt").write_text("2026-02-03")


def beside(place):
    (place.parents[1] / place.name).write_text("{}")


def deeper(place):
    (place.parent / "copy").mkdir()
    (place.parent / "copy" / place.name).write_text("{}")


@pytest.mark.parametrize("change", [rewritten, replaced, longer, stamped, beside, deeper])
def test_a_change_is_seen(tmp_path, place, change):
    before = found(tmp_path)
    assert found(tmp_path) == before
    change(place)
    assert before.keys() == found(tmp_path).keys() == {ADA}
    assert found(tmp_path) != before


def test_what_hands_nothing_in_is_passed_over(tmp_path, place):
    for name in (".hidden/tiny", "bob/another", "x" * 251 + "/tiny"):
        (tmp_path / "submitted" / name).mkdir(parents=True)
    (tmp_path / "submitted" / "file").write_text("")
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "eve" / "tiny.ipynb").write_text("{}")
    assert found(tmp_path).keys() == {ADA, HandIn("tiny", "eve")}
    assert look(Course(tmp_path / "nowhere"), ["tiny"]) == {}


def test_who_is_looked_at_is_who_is_graded(tmp_path, place):
    (tmp_path / "submitted" / "bob").mkdir()
    (tmp_path / "submitted" / "bob" / "tiny").write_text("no folder")
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "eve" / "tiny").symlink_to("nowhere")
    assert sorted(each.student for each in found(tmp_path)) == Course(tmp_path).students("tiny")


def test_the_newest_file_says_how_old_a_hand_in_is(tmp_path, place):
    stamped(place)
    os.utime(place, (1000, 1000))
    os.utime(place.with_name("timestamp.txt"), (2000, 2000))
    assert newest(found(tmp_path)[ADA]) == 2000


def test_what_changes_is_no_news_until_it_has_settled():
    one, two = frozenset({("a", 1, 1, 1)}), frozenset({("a", 2, 2, 1)})
    arrivals = Arrivals().looked({ADA: one}, now=1.0)
    assert arrivals.news(settled_before=0.9) == []
    arrivals = arrivals.looked({ADA: two}, now=2.0)
    assert arrivals.news(settled_before=1.9) == []
    arrivals = arrivals.looked({ADA: two}, now=3.0)
    ((hand_in, seen),) = arrivals.news(settled_before=2.5)
    assert (hand_in, seen.signature, seen.since) == (ADA, two, 2.0)
    assert not arrivals.is_as_told(ADA)
    arrivals = arrivals.tell(ADA)
    assert arrivals.is_as_told(ADA)
    assert arrivals.news(settled_before=9.0) == []
    arrivals = arrivals.looked({ADA: one}, now=4.0)
    assert not arrivals.is_as_told(ADA)
    assert [each for each, _ in arrivals.news(settled_before=4.0)] == [ADA]


def test_what_goes_away_and_comes_back_is_news():
    one = frozenset({("a", 1, 1, 1)})
    arrivals = Arrivals().looked({ADA: one}, 1.0).tell(ADA).looked({}, 2.0)
    assert not arrivals.is_as_told(ADA)
    assert [each for each, _ in arrivals.looked({ADA: one}, 3.0).news(3.0)] == [ADA]
