import nbformat
import pytest

from autograder.core.cells import Marker, marker_of, nbgrader_metadata, written_id


@pytest.mark.parametrize("key", ["autograder", "convkit"])
@pytest.mark.parametrize("kind_of_node", [dict, nbformat.from_dict])
def test_a_marker_is_read_under_either_key(key, kind_of_node):
    metadata = {key: {"kind": "value", "name": "answer"}, "nbgrader": {}}
    assert marker_of(kind_of_node({"metadata": metadata})) == Marker("value", "answer")


def test_a_marker_is_written_under_the_new_key_and_read_again():
    marker = Marker("solution", "double")
    assert marker.metadata == {"autograder": {"kind": "solution", "name": "double"}}
    assert marker_of({"metadata": marker.metadata}) == marker


@pytest.mark.parametrize("said", [None, 7, "test", ["test"], {"kind": 7}, {"name": None}])
def test_what_is_no_marker_is_told(said):
    with pytest.raises(ValueError, match="hold no kind and name"):
        marker_of({"metadata": {"autograder": said}})


def test_ids_come_from_names():
    ids = [Marker(kind, "a").id for kind in ("solution", "setup", "value", "test", "figure")]
    assert ids == ["a", "a", "value-a", "test-a", "figure-a"]
    assert written_id("why") == "written-why"


def test_nbgrader_is_told_of_points_only_where_there_are_any():
    graded = nbgrader_metadata(Marker("test", "a"), "code", 2.5)
    assert (graded["grade"], graded["points"], graded["locked"]) == (True, 2.5, True)
    figure = nbgrader_metadata(Marker("figure", "a"), "code", None)
    assert (figure["grade"], figure["solution"], "points" in figure) == (False, False, False)
