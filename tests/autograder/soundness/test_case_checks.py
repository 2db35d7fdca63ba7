"""The author's own code is run: cases, oracle, checker, and the probe of a rule about loops."""

import inspect
import itertools
import os
import statistics
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.exercise import Case, Exercise, LoopRule, RubricLine
from autograder.soundness.case_checks import case_faults

SECRET = b"secret"
HERE = os.path.relpath(__file__)
PLAIN = "a case of the group 'plain', 2×3"


def twice(x):
    return 2 * x


def cases(rng):
    yield Case("plain", (rng.random((2, 3)),))
    yield Case("whole", (rng.integers(3, 9, 4),))


DOUBLE = Exercise(
    "double",
    oracle=twice,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("whole", 1, "of whole numbers")),
)
ANSWER = Exercise(
    "answer",
    oracle=lambda: 42,
    cases=lambda rng: [Case("value")],
    rubric=(RubricLine("value", 1, "the answer"),),
    kind="value",
)


def told(exercise=DOUBLE, **changes):
    return list(case_faults(replace(exercise, **changes), "99_faulty", SECRET))


def place(function: Callable, line: str) -> str:
    """Where a line of a function stands, as it is told to its author."""
    lines, start = inspect.getsourcelines(function)
    number = next(number for number, text in enumerate(lines, start) if line in text)
    return f"({HERE}:{number})"


def one_case(*args, **options):
    return lambda rng: [Case("plain", args, **options), Case("whole", (np.ones(2),))]


def test_sound_exercises_have_no_faults():
    assert told() == []
    assert told(ANSWER) == []
    assert told(ANSWER, oracle=lambda: [1, 2]) == []


class TestCases:
    def test_that_raise_say_what_and_where(self):
        def broken(rng):
            yield Case("plain", (np.ones(2),))
            raise IndexError("out of cases")

        where = place(broken, "raise IndexError")
        assert told(cases=broken) == [f"its cases raise IndexError: out of cases {where}"]

    def test_that_cannot_be_called_are_shown(self):
        def without_generator():
            yield Case("plain")

        (said,) = told(cases=without_generator)
        assert said.startswith("its cases raise TypeError: ")
        assert said.endswith(place(without_generator, "def without_generator"))

    @pytest.mark.parametrize(
        ("given", "shown"),
        [(None, "None"), (3, "an int"), (Case("plain"), "a Case")],
    )
    def test_that_cannot_be_gone_through(self, given, shown):
        said = f"its cases are {shown}; a generator or a list of Case is wanted"
        assert told(cases=lambda rng: given) == [said]

    @pytest.mark.parametrize(
        ("given", "shown"),
        [("text", "a str"), ([Case("plain"), np.ones(2)], "an array of float64")],
    )
    def test_that_are_no_cases(self, given, shown):
        assert told(cases=lambda rng: given) == [f"one of its cases is {shown} and no Case"]

    def test_that_are_none(self):
        assert told(cases=lambda rng: []) == ["it has no cases, so nothing would be asked"]

    def test_that_never_end(self):
        said = "it has more than 10000 cases; do they come to an end?"
        assert told(cases=lambda rng: map(Case, itertools.repeat("plain"))) == [said]

    def test_that_no_line_rewards_or_no_case_earns(self):
        rubric = (RubricLine("plain", 2, "twice"), RubricLine("more", 1, "more"))
        assert told(rubric=rubric) == [
            "no case belongs to the line 'more', so everybody would earn it",
            "its cases of the group 'whole' earn no line of the rubric",
        ]

    @pytest.mark.parametrize(
        ("given", "shown"),
        [({1, 2}, "set"), ((1, [{"a": twice}]), "function"), (np.array([None]), "ndarray of obj")],
    )
    def test_whose_inputs_stay_outside(self, given, shown):
        (said,) = told(oracle=lambda x: 1, cases=one_case(given))
        assert said.startswith("a case of the group 'plain'")
        assert f"has an input of type {shown}" in said
        assert "cannot enter the locked room; give arrays, numbers" in said

    @pytest.mark.parametrize("share", [0, -0.5, 1.5, float("nan")])
    def test_that_ask_for_a_share_that_is_none(self, share):
        said = f"at_least is {share} in {PLAIN}; a share lies above 0 and up to 1"
        assert told(cases=one_case(np.ones((2, 3)), at_least=share)) == [said]

    def test_of_a_value_are_one_without_inputs(self):
        inputs = "a value is read, not called, so its case can have no inputs"
        assert told(ANSWER, cases=lambda rng: [Case("value", (3,))]) == [inputs]
        options = {"stride": 2}
        assert told(ANSWER, cases=lambda rng: [Case("value", (), options)]) == [inputs]
        two = [Case("value"), Case("value")]
        assert told(ANSWER, cases=lambda rng: two) == ["a value has one case, not 2"]


class TestOracle:
    def test_that_raises_says_what_and_where_and_on_which_case(self):
        def oracle(x):
            if x.ndim == 1:
                raise ValueError("no stride\nyet")
            return x

        where = place(oracle, "raise ValueError")
        assert told(oracle=oracle) == [
            f"its oracle raises ValueError: no stride yet {where} on a case of the group 'whole', 4"
        ]

    def test_that_fails_in_a_library_says_which_line_called_it(self):
        def oracle(x):
            return np.linalg.inv(x)

        (said,) = told(oracle=oracle)
        assert "LinAlgError: " in said
        assert place(oracle, "np.linalg.inv") in said

    def test_that_takes_other_arguments_is_shown(self):
        def oracle(x, y):
            return x + y

        (said,) = told(oracle=oracle)
        assert "TypeError: " in said
        assert place(oracle, "def oracle") in said

    def test_of_a_library_has_no_place(self):
        (said,) = told(oracle=np.linalg.inv)
        assert "LinAlgError" in said
        assert ".py" not in told(oracle=max)[0]

    def test_that_fails_when_it_is_used(self):
        def use(answer, x):
            return answer(x.ravel()).total

        for oracle in (twice, statistics.mean):
            (said,) = told(use=use, oracle=oracle)
            assert "AttributeError: " in said
            assert place(use, "answer(x.ravel()).total") in said

    @pytest.mark.parametrize(
        ("given", "shown"), [([1.0, 2.0], "a list"), ({"a": 1}, "a dict"), ((1, [2]), "a tuple")]
    )
    def test_whose_answer_nobody_could_match(self, given, shown):
        (said,) = told(oracle=lambda x: given)
        assert said.startswith(f"what is right for {PLAIN} is {shown}, which equals no answer; ")
        assert told(oracle=lambda x: given, accepts=lambda answer, case: answer == given) == []

    def test_whose_answer_could_not_be_handed_in(self):
        (said,) = told(oracle=lambda x: ({1, 2},))
        assert said.startswith(f"what is right for {PLAIN} has the type set, which cannot leave")

    def test_is_not_asked_where_the_case_knows(self):
        def oracle(x):
            raise AssertionError("labels are given")

        def labelled(rng):
            yield Case("plain", (np.ones(3),), right=np.ones(3))
            yield Case("whole", (np.ones(3),), right=[1])

        (said,) = told(oracle=oracle, cases=labelled)
        assert said.startswith("what is right for a case of the group 'whole', 3 is a list")


class TestChecker:
    def test_that_is_sound_has_no_faults(self):
        assert told(accepts=lambda answer, case: np.array_equal(answer, 2 * case.args[0])) == []

    def test_that_refuses_the_oracle_says_where_and_why(self):
        said = f"its checker does not accept the oracle's own answer to {PLAIN}"
        assert told(accepts=lambda answer, case: False) == [said]
        assert told(accepts=lambda answer, case: "it is odd") == [f"{said}: it is odd"]

    def test_is_asked_about_every_case(self):
        def accepts(answer, case):
            return case.group == "plain" and np.array_equal(answer, case.right)

        (said,) = told(accepts=accepts)
        assert said.endswith("the oracle's own answer to a case of the group 'whole', 4")

    def test_that_raises_says_what_and_where(self):
        def accepts(answer, case):
            return answer.nothing

        (said,) = told(accepts=accepts)
        assert said.startswith("its checker raises AttributeError: ")
        assert place(accepts, "answer.nothing") in said
        assert said.endswith(f"on the oracle's own answer to {PLAIN}")

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            (None, "None"),
            (1, "an int"),
            (np.ones(2, bool), "an array of bool"),
            (" ", "an empty text"),
        ],
    )
    def test_returns_a_bool_or_a_sentence(self, given, shown):
        assert told(accepts=lambda answer, case: given) == [
            f"its checker returns {shown}, which is neither a bool nor a sentence, "
            f"for the oracle's own answer to {PLAIN}"
        ]

    def test_that_forgets_to_say_no_is_found(self):
        def accepts(answer, case):
            if np.array_equal(answer, 2 * case.args[0]):
                return True

        assert told(accepts=accepts) == [
            f"its checker returns None, which is neither a bool nor a sentence, for {answer} as an "
            f"answer to {PLAIN}"
            for answer in ("None", "a text", "NaN")
        ]

    def test_that_holds_an_error_against_a_limit_only_takes_nan(self):
        def accepts(answer, case):
            if abs(answer - 2 * case.args[0]).max() > 1e-6:
                return "that is not twice the input"
            return True

        assert told(accepts=accepts) == [f"its checker accepts NaN as an answer to {PLAIN}"]

        def of_two(answer, case):
            return not abs(answer[1] - case.right[1]) > 1e-6

        pair = {"oracle": lambda x: (x, float(x[0].sum())), "accepts": of_two}
        assert told(**pair) == [f"its checker accepts NaN as an answer to {PLAIN}"]

    def test_that_takes_anything_is_found(self):
        assert told(accepts=lambda answer, case: True) == [
            f"its checker accepts {answer} as an answer to {PLAIN}"
            for answer in ("None", "a text", "NaN")
        ]

    def test_may_accept_what_the_oracle_itself_gives(self):
        nan = {
            "oracle": lambda x: np.nan * x,
            "accepts": lambda answer, case: np.isnan(answer).all(),
        }
        assert told(**nan) == []
        text = {"oracle": lambda x: "yes", "accepts": lambda answer, case: len(answer) > 0}
        assert told(**text) == []
        nothing = {"oracle": lambda x: None, "accepts": lambda answer, case: answer is None}
        assert told(**nothing) == []


class TestLoops:
    def rule(self, probe=None, names=("rows",), sizes=(3,)):
        return LoopRule(1, names, probe or (lambda rng, *sizes: (rng.random(sizes),)), sizes)

    def test_that_can_be_counted_are_no_fault(self):
        assert told(loops=self.rule()) == []

    def test_whose_probe_raises_say_what_and_where(self):
        def probe(rng, rows):
            return (np.ones(rows)[rows],)

        (said,) = told(loops=self.rule(probe))
        assert said.startswith("the probe of its rule about loops raises IndexError: ")
        assert said.endswith(place(probe, "np.ones(rows)"))

    def test_whose_probe_gives_no_arguments(self):
        assert told(loops=self.rule(lambda rng, rows: np.ones(rows))) == [
            "the probe of its rule about loops gives an array of float64; "
            "a tuple of arguments is wanted"
        ]

    def test_whose_probe_does_not_fit_the_oracle(self):
        (said,) = told(loops=self.rule(lambda rng, rows: (rows, rows)))
        assert said.startswith("its oracle raises TypeError: ")
        assert said.endswith("on what the probe of its rule about loops gives")

    @pytest.mark.parametrize(
        ("names", "sizes"), [(("rows",), (3, 4)), (("rows", "columns"), (3,)), ((), ())]
    )
    def test_whose_dimensions_have_no_sizes(self, names, sizes):
        assert told(loops=self.rule(names=names, sizes=sizes)) == [
            f"its rule about loops names {len(names)} dimensions and has {len(sizes)} sizes"
        ]
