"""Names and places that downloads, copies and archives give a notebook."""

import os

import pytest

from autograder.core.errors import RefusedError
from autograder.running.locate import find_notebook
from autograder.running.read import read_submission

NAME = "02_conv"


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "ada" / NAME
    folder.mkdir(parents=True)
    return folder / f"{NAME}.ipynb"


TAKEN = [
    "02_conv.ipynb.txt",
    "02_conv (1).ipynb",
    "02_conv-Copy1.ipynb",
    "02_CONV.IPYNB",
    "02_conv.ipynb.json",
    "02_conv_final.ipynb",
    "final.ipynb",
    "02_conv/02_conv.ipynb",
    "my work/02_conv (2).ipynb",
    "../02_conv.ipynb",
]


@pytest.mark.parametrize("name", TAKEN)
def test_one_plain_candidate_is_taken_and_told(place, name):
    path = place.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    file = read_submission(place)
    assert file.text == b"{}"
    assert file.remarks == (f"02_conv.ipynb was missing; {name!r} was taken for it",)


def test_the_right_name_wins(place):
    place.write_text("{}")
    (place.parent / "02_conv (1).ipynb").write_text("[]")
    assert find_notebook(place) == place


def test_of_several_the_one_with_the_name_is_taken(place):
    for name in ("01_shapes.ipynb", "02_conv (1).ipynb", "notes.txt"):
        (place.parent / name).write_text("{}")
    assert find_notebook(place).name == "02_conv (1).ipynb"


PASSED_OVER = [
    "._02_conv.ipynb",
    ".ipynb_checkpoints/02_conv.ipynb",
    "__MACOSX/02_conv.ipynb",
    "a/b/02_conv.ipynb",
    "02_conv\udcff.ipynb",
    "02_conv\x1b]0;x\x07.ipynb",
]


@pytest.mark.parametrize("name", PASSED_OVER)
def test_what_no_student_meant_is_passed_over(place, name):
    path = place.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    with pytest.raises(RefusedError, match=r"02_conv\.ipynb is missing$"):
        find_notebook(place)


def test_two_are_not_guessed_at(place):
    for name in ("02_conv (1).ipynb", "02_conv (2).ipynb"):
        (place.parent / name).write_text("{}")
    with pytest.raises(RefusedError, match=r"there are '02_conv \(1\)\.ipynb', .*rename one to"):
        find_notebook(place)


def test_a_file_in_the_place_of_the_folder_is_told(place):
    place.parent.rmdir()
    place.parent.write_text("{}")
    with pytest.raises(RefusedError, match="02_conv is not a folder"):
        find_notebook(place)


def test_links_are_no_candidates(place, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text("{}")
    (place.parent / "02_conv (1).ipynb").symlink_to(secret)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "02_conv.ipynb").write_text("{}")
    (place.parent / "sub").symlink_to(tmp_path / "folder")
    os.mkfifo(place.parent / "02_conv-Copy1.ipynb")
    with pytest.raises(RefusedError, match=r"02_conv\.ipynb is missing$"):
        find_notebook(place)
