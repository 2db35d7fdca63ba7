"""The gallery shows every picture of the package, with the code that draws it."""

import importlib.util
import sys
from pathlib import Path

import pytest

from convkit import viz

SCRIPT = Path(__file__).parent.parent / "docs" / "make_gallery.py"


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("make_gallery", SCRIPT)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(gallery):
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.page(), "run: make gallery"


def test_every_picture_is_there_and_none_besides(gallery):
    assert {entry.file for entry in gallery.entries()} == set(gallery.PICTURES.iterdir())


def test_every_example_draws_what_its_function_returns(gallery):
    entries = gallery.entries()
    assert {"sliding_kernel", "padding_modes"} <= {entry.name for entry in entries}
    for entry in entries:
        picture = entry.picture()
        assert isinstance(picture, viz.Steps) is entry.stepped, entry.name
