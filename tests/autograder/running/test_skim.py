"""What is left of a notebook's JSON, against a parser that reads all of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.running.skim import Skimmer, TooMuch

NAMES = st.sampled_from(["outputs", "cells", "nbformat", "metadata", "source", '"outputs"', "\\"])
TEXTS = NAMES | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
CELLS = st.dictionaries(NAMES, VALUES, max_size=4) | VALUES
DOCUMENTS = (
    st.fixed_dictionaries(
        {"cells": st.lists(CELLS, max_size=4) | VALUES},
        optional={"nbformat": VALUES, "metadata": VALUES, "outputs": VALUES, "x": VALUES},
    )
    | VALUES
)


def what_stays(document):
    if not isinstance(document, dict):
        return document
    kept = dict.fromkeys(document)
    kept |= {key: document[key] for key in ("cells", "nbformat") if key in document}
    if isinstance(kept.get("cells"), list):
        kept["cells"] = [
            {**cell, "outputs": None} if isinstance(cell, dict) and "outputs" in cell else cell
            for cell in kept["cells"]
        ]
    return kept


def skimmed(content, step, most_bytes=10**6, most_brackets=10**6):
    skimmer = Skimmer(most_bytes, most_brackets)
    for start in range(0, len(content), step):
        skimmer.feed(content[start : start + step])
    return skimmer.kept


@given(DOCUMENTS, st.integers(1, 7), st.sampled_from([None, 1]), st.booleans())
def test_outputs_go_and_the_rest_stays(document, step, indent, ascii_only):
    content = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    content = content.encode("utf-8", "replace")
    kept = json.loads(skimmed(content, step))
    # By their text, since no NaN equals another.
    assert repr(kept) == repr(what_stays(json.loads(content)))


@given(st.binary(max_size=200), st.integers(1, 9))
def test_any_bytes_are_taken(content, step):
    skimmed(content, step)


def test_what_is_kept_is_bounded_while_it_is_read():
    with pytest.raises(TooMuch, match="text"):
        skimmed(b'{"cells": ["' + b"x" * 5000, 100, most_bytes=1000)


def test_brackets_are_bounded_where_nothing_is_kept_too():
    with pytest.raises(TooMuch, match="brackets"):
        skimmed(b'{"cells": [{"outputs": [' + b"[]," * 5000, 100, most_brackets=1000)
