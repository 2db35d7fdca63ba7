"""Which known mistake is named for which line, and where nobody is accused."""

from dataclasses import replace

import pytest

from autograder.authoring.answer_key import AnswerKey, answer_key, call_ids, called
from autograder.authoring.exercise import Case, Exercise, Misconception, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.attempt import attempts
from autograder.judging.diagnosis import known_mistakes
from autograder.judging.judge import judge_exercise
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode


def turned(x, shift=0, turn=False):
    return (2 * x + shift)[::-1] if turn else 2 * x + shift


def cases(rng):
    for size in (5, 3):
        yield Case("plain", (rng.uniform(1, 2, size),))
        yield Case("shift", (rng.uniform(1, 2, size),), {"shift": size})
        yield Case("turn", (rng.uniform(1, 2, size),), {"turn": True})


def no_shift(x, shift=0, turn=False):
    return turned(x, 0, turn)


def no_turn(x, shift=0, turn=False):
    return turned(x, shift)


def raises_where_large(x, shift=0, turn=False):
    if shift and len(x) > 4:
        raise ValueError
    return turned(x, 0, turn)


def nothing_but_plain(x, shift=0, turn=False):
    return 2 * x


def squares(x, shift=0, turn=False):
    return x**2


def nothing(x, shift=0, turn=False):
    return None


EVERY = ("plain", "shift", "turn")


def chaff(implementation, *groups, says=""):
    return Misconception(implementation, says or implementation.__name__, frozenset(groups))


NO_SHIFT, NO_TURN = chaff(no_shift, "shift"), chaff(no_turn, "turn")
SQUARES = chaff(squares, *EVERY)
NOTHING_BUT_PLAIN = chaff(nothing_but_plain, "shift", "turn")
TURNED = Exercise(
    "turned",
    oracle=turned,
    cases=cases,
    rubric=tuple(RubricLine(group, 1, group) for group in EVERY),
)


def key_of(exercise):
    return answer_key(b"a secret of this test", "99_example", exercise)


def answered(exercise, key, function):
    answers = []
    for id_, case in zip(call_ids(exercise, key.cases), key.cases, strict=True):
        try:
            answers.append(Answer(id_, encode(called(function, case))))
        except Exception as error:
            answers.append(Answer(id_, raised=type(error).__name__, line=2))
    return QuestionResult("test-turned", Outcome.OK, answers=tuple(answers))


def verdict_on(function, *chaffs, drop=(), exercise=TURNED):
    exercise = replace(exercise, misconceptions=chaffs)
    key = key_of(exercise)
    question = answered(exercise, key, function)
    kept = tuple(each for n, each in enumerate(question.answers) if n not in drop)
    return judge_exercise(exercise, key, replace(question, answers=kept), [])


def named(function, *chaffs, **changes):
    lines = verdict_on(function, *chaffs, **changes).lines
    return {line.line.group: line.misconception for line in lines if line.misconception}


def test_each_line_has_a_name_of_its_own():
    def both(x, shift=0, turn=False):
        return 2 * x

    verdict = verdict_on(both, SQUARES, NO_TURN, NO_SHIFT)
    assert [line.misconception for line in verdict.lines] == ["", "no_shift", "no_turn"]
    assert (verdict.misconception, verdict.advice) == ("no_shift, no_turn", "no_shift no_turn")


def test_another_wrong_answer_on_the_line_contradicts():
    def other_where_large(x, shift=0, turn=False):
        return turned(x, 7 * (shift > 4), turn)

    assert named(other_where_large, NO_SHIFT) == {}


def test_a_right_answer_on_the_line_contradicts():
    def shifts_where_large(x, shift=0, turn=False):
        return turned(x, shift * (shift > 4), turn)

    assert named(shifts_where_large, NO_SHIFT) == {}


def test_a_line_that_is_lost_otherwise_contradicts_nothing():
    def worse(x, shift=0, turn=False):
        return turned(x, 0, turn) if shift else 3 * x

    assert named(worse, NO_SHIFT) == {"shift": "no_shift"}


RAISES_WHERE_LARGE = chaff(raises_where_large, "shift")


def test_what_raises_is_named_by_the_wrong_value_beside_it():
    assert named(raises_where_large, RAISES_WHERE_LARGE) == {"shift": "raises_where_large"}


def test_an_exception_alone_is_never_named():
    def raises(x, shift=0, turn=False):
        if shift:
            raise ValueError
        return turned(x, shift, turn)

    assert named(raises, chaff(raises, "shift")) == {}


@pytest.mark.parametrize(
    ("answer", "known"), [(no_shift, RAISES_WHERE_LARGE), (raises_where_large, NO_SHIFT)]
)
def test_an_exception_and_a_value_contradict_each_other(answer, known):
    assert named(answer, known) == {}


def twin(x, shift=0, turn=False):
    return no_shift(x, shift, turn)


def test_two_mistakes_with_the_same_answers_accuse_nobody():
    assert named(no_shift, NO_SHIFT, chaff(twin, "shift")) == {}


def test_mistakes_that_say_the_same_are_one():
    same = chaff(twin, "shift", says=NO_SHIFT.says)
    assert named(no_shift, NO_SHIFT, same) == {"shift": "no_shift"}


@pytest.mark.parametrize("order", [1, -1])
def test_of_the_forms_of_one_mistake_the_one_that_fits_more_lines_is_named(order):
    form = replace(NOTHING_BUT_PLAIN, says=NO_SHIFT.says)
    expected = {"shift": "nothing_but_plain", "turn": "nothing_but_plain"}
    assert named(nothing_but_plain, *(NO_SHIFT, form)[::order]) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_what_explains_more_lines_is_named_on_all_of_them(order):
    chaffs = (NO_SHIFT, NOTHING_BUT_PLAIN)[::order]
    expected = {"shift": "nothing_but_plain", "turn": "nothing_but_plain"}
    assert named(nothing_but_plain, *chaffs) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_what_a_right_line_contradicts_yields_to_what_fits_there(order):
    chaffs = (NO_SHIFT, NOTHING_BUT_PLAIN)[::order]
    assert named(no_shift, *chaffs) == {"shift": "no_shift"}


def test_a_mistake_that_breaks_a_right_line_is_not_the_students():
    assert named(no_shift, NOTHING_BUT_PLAIN) == {}


def test_small_numbers_name_only_what_fits_all_other_lines():
    def counted(x, shift=0, turn=False):
        return len(x) + shift + turn

    def shift_twice(x, shift=0, turn=False):
        return len(x) + 2 * shift + 2 * turn

    def shift_twice_alone(x, shift=0, turn=False):
        return len(x) + 2 * shift + 3 * turn

    def large(function):
        return lambda *args, **kwargs: 1001 * function(*args, **kwargs)

    mistake = chaff(shift_twice, "shift", "turn")
    small = replace(TURNED, oracle=counted)
    both = {"shift": "shift_twice", "turn": "shift_twice"}
    assert named(shift_twice, mistake, exercise=small) == both
    assert named(shift_twice_alone, mistake, exercise=small) == {}
    mistake = replace(mistake, implementation=large(shift_twice), says="Twice.")
    small = replace(small, oracle=large(counted))
    assert list(named(large(shift_twice_alone), mistake, exercise=small)) == ["shift"]


def test_two_that_explain_a_line_each_on_its_own_grounds_accuse_nobody():
    def shift_and_plain(x, shift=0, turn=False):
        return turned(x, 0, turn) if shift or turn else x

    def all_three(x, shift=0, turn=False):
        return 2 * x if shift or turn else x

    chaffs = NOTHING_BUT_PLAIN, chaff(shift_and_plain, "plain", "shift")
    assert named(all_three, *chaffs) == {"turn": "nothing_but_plain", "plain": "shift_and_plain"}


def three_times(x, shift=0, turn=False):
    return turned(1.5 * x, shift, turn)


def once_and_no_turn(x, shift=0, turn=False):
    return turned(x, shift) if shift or turn else x


def three_times_and_no_turn(x, shift=0, turn=False):
    return turned(x) if turn else three_times(x, shift)


ONCE_AND_NO_TURN = chaff(once_and_no_turn, "plain", "turn")


@pytest.mark.parametrize("order", [1, -1])
def test_what_breaks_a_line_that_another_explains_looks_like_a_mistake_by_chance(order):
    chaffs = (chaff(three_times, *EVERY), ONCE_AND_NO_TURN)[::order]
    expected = {"plain": "three_times", "shift": "three_times"}
    assert named(three_times_and_no_turn, *chaffs) == expected


def test_where_nothing_known_explains_that_line_there_may_be_two_mistakes():
    assert named(three_times_and_no_turn, ONCE_AND_NO_TURN) == {"turn": "once_and_no_turn"}


def test_two_that_rule_each_other_out_and_explain_as_much_accuse_nobody():
    def on_two_lines(x, shift=0, turn=False):
        return three_times_and_no_turn(x, shift, turn) if turn or not shift else 7 * x

    chaffs = chaff(three_times, *EVERY), ONCE_AND_NO_TURN
    assert named(on_two_lines, *chaffs) == {}


def test_calls_that_were_not_reached_say_nothing():
    assert named(no_shift, NO_SHIFT, drop={1}) == {"shift": "no_shift"}
    assert named(no_shift, NO_SHIFT, drop={1, 4}) == {}


def test_what_is_no_value_contradicts():
    exercise = replace(TURNED, misconceptions=(NO_SHIFT,))
    key = key_of(exercise)
    question = answered(exercise, key, no_shift)
    answers = list(question.answers)
    answers[1] = Answer("call-1", {"kind": "nonsense"})
    verdict = judge_exercise(exercise, key, replace(question, answers=tuple(answers)), [])
    assert verdict.misconception == ""


def none_where_shifted(x, shift=0, turn=False):
    return None if shift else turned(x, shift, turn)


def test_nothing_at_all_is_only_a_mistake_that_gives_nothing_at_all():
    known = chaff(none_where_shifted, "shift")
    assert named(none_where_shifted, known) == {"shift": "none_where_shifted"}
    assert named(nothing, known) == {}
    assert named(nothing, known, chaff(nothing, *EVERY)) == dict.fromkeys(EVERY, "nothing")


def test_the_smallest_wrong_value_is_the_one_that_is_told():
    verdict = verdict_on(squares)
    assert [line.case for line in verdict.lines] == [3, 4, 5]
    assert verdict.lines[0].message.endswith("(3)")

    def raises_where_small(x, shift=0, turn=False):
        return x / (len(x) > 4 or raises())

    def raises():
        raise ValueError

    assert [line.case for line in verdict_on(raises_where_small).lines] == [0, 1, 2]
    assert [line.case for line in verdict_on(turned).lines] == [None] * 3


class Asked(AnswerKey):
    """A key that notes what it is asked about known mistakes."""

    def mistaken(self, misconception, case):
        asked.append((misconception, case))
        return super().mistaken(misconception, case)


asked = []


def test_a_mistake_is_asked_for_the_smallest_case_and_for_no_more_if_that_differs():
    exercise = replace(TURNED, misconceptions=(NO_SHIFT, NO_TURN))
    plain = key_of(exercise)
    key = Asked(**vars(plain))
    asked.clear()
    known_mistakes(exercise, key, attempts(exercise, key, answered(exercise, key, turned)))
    assert asked == []
    known_mistakes(exercise, key, attempts(exercise, key, answered(exercise, key, squares)))
    assert asked == [(0, 4), (1, 5)]
