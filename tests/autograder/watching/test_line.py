"""Who is next: fair by age, one place a student, and the last hand-in is never dropped."""

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from autograder.watching.line import NOT_URGENT, HandIn, Line

STUDENTS = [HandIn("tiny", name) for name in "abc"]
ARRIVALS = st.lists(
    st.tuples(st.floats(0, 10), st.sampled_from(STUDENTS)), min_size=1, max_size=25
).map(sorted)
BETWEEN = st.sampled_from([0.0, 0.5, 3.0])
SECONDS = st.lists(st.floats(0.01, 2), min_size=60, max_size=60)


def served(arrivals, between, seconds):
    """One worker serves the line; gives what was taken, when, and the line at that moment."""
    line, now, taken = Line(between), 0.0, []
    arrivals, seconds = list(arrivals), iter(seconds)
    while arrivals or line.waiting:
        while arrivals and arrivals[0][0] <= now:
            at, hand_in = arrivals.pop(0)
            line = line.arrived(hand_in, at)
        hand_in = line.next(now)
        if hand_in is None:
            later = [line.due(each) for each in line.waiting] + [at for at, _ in arrivals[:1]]
            now = max(math.nextafter(now, math.inf), min(later))
            continue
        taken.append((hand_in, now, line))
        line = line.take(hand_in, now)
        end = now + next(seconds)
        while arrivals and arrivals[0][0] <= end:
            at, other = arrivals.pop(0)
            line = line.arrived(other, at)
        assert line.next(end) != hand_in
        line, now = line.done(hand_in), end
    return taken


@given(ARRIVALS, BETWEEN, SECONDS)
def test_the_last_hand_in_of_everybody_is_taken(arrivals, between, seconds):
    last_taken = {hand_in: at for hand_in, at, _ in served(arrivals, between, seconds)}
    last_arrived = {hand_in: at for at, hand_in in arrivals}
    assert last_taken.keys() == last_arrived.keys()
    assert all(last_taken[each] >= last_arrived[each] for each in last_arrived)


@given(ARRIVALS, BETWEEN, SECONDS)
def test_nobody_is_taken_before_somebody_who_waits_longer_and_may_be_taken(
    arrivals, between, seconds
):
    for hand_in, now, line in served(arrivals, between, seconds):
        older = [each for each, at in line.waiting.items() if at < line.waiting[hand_in]]
        assert all(line.due(each) > now for each in older)


@given(ARRIVALS, BETWEEN, SECONDS)
def test_a_student_is_taken_no_more_often_than_allowed(arrivals, between, seconds):
    before = {}
    for hand_in, now, _ in served(arrivals, between, seconds):
        assert now >= before.get(hand_in, -math.inf) + between
        before[hand_in] = now


@given(ARRIVALS, BETWEEN, SECONDS)
def test_what_arrives_again_before_it_is_taken_is_taken_once(arrivals, between, seconds):
    taken = served(arrivals, between, seconds)
    for student in STUDENTS:
        times = [at for at, hand_in in arrivals if hand_in == student]
        begun = [-math.inf, *(at for hand_in, at, _ in taken if hand_in == student)]
        for earlier, later in itertools.pairwise(begun):
            assert any(earlier < at <= later or at == earlier for at in times)


def test_a_second_hand_in_keeps_the_place_of_the_first():
    a, b, _ = STUDENTS
    line = Line().arrived(a, 1.0).arrived(b, 2.0).arrived(a, 3.0)
    assert line.next(4.0) == a
    assert line.take(a, 4.0).waiting == {b: 2.0}


def test_what_is_not_urgent_waits_for_everything_else():
    a, b, _ = STUDENTS
    line = Line().arrived(a, NOT_URGENT).arrived(b, 9.0)
    assert line.next(9.0) == b
    assert line.arrived(a, 8.0).next(9.0) == a


def test_what_cannot_be_read_now_holds_nobody_up():
    a, b, _ = STUDENTS
    line = Line().arrived(a, 1.0).arrived(b, 2.0)
    assert line.next(3.0, ready=lambda each: each != a) == b
    assert line.next(3.0) == a


def test_what_came_to_nothing_is_back_in_its_place_after_a_time():
    a, b, _ = STUDENTS
    line = Line(between=30.0).arrived(a, 1.0).take(a, 1.5).arrived(b, 2.0).back(a, 1.0, 5.0)
    assert line.next(4.0) == b
    assert line.next(5.0) == a


def test_what_is_gone_is_not_taken():
    a, *_ = STUDENTS
    assert Line().arrived(a, 1.0).gone(a).next(2.0) is None
