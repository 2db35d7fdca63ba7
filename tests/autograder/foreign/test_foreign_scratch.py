"""The scratch space of an assignment: what a notebook finds, and what it leaves to the next."""

import os

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder.core.errors import RefusedError, SandboxError
from autograder.foreign import WalledExecute
from autograder.foreign.execute import REMARKS, RUN
from autograder.foreign.scratch import files_for, released_files, show
from autograder.running import crash
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Limits

NAMES = {"student": "ann", "assignment": "hw", "notebook": "a1"}


@pytest.fixture
def folders(tmp_path):
    """Where a notebook is graded, and what was handed in."""
    graded = tmp_path / "autograded" / "ann" / "hw"
    submitted = tmp_path / "submitted" / "ann" / "hw"
    for folder in (graded, submitted):
        (folder / "data").mkdir(parents=True)
        (folder / "a1.ipynb").write_text(folder.parts[-3])
        (folder / "data" / "one.csv").write_text("1")
    return graded, submitted


def test_notebooks_are_those_that_were_handed_in(folders):
    graded, submitted = folders
    (submitted / "link.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(submitted / "pipe.ipynb")
    found = files_for(graded, submitted, 100)
    assert found == {
        "data/one.csv": graded / "data" / "one.csv",
        "a1.ipynb": submitted / "a1.ipynb",
    }


def test_notebooks_that_do_not_fit_are_left_out_and_data_are_refused(folders):
    graded, submitted = folders
    assert list(files_for(graded, submitted, 5)) == ["data/one.csv"]
    with pytest.raises(RefusedError, match=r"c\.LockedRoom\.data_bytes"):
        files_for(graded, submitted, 0)


def test_released_files_are_those_of_source_and_release(tmp_path):
    (tmp_path / "source" / "hw" / "data").mkdir(parents=True)
    (tmp_path / "source" / "hw" / "data" / "one.csv").touch()
    (tmp_path / "release" / "hw").mkdir(parents=True)
    (tmp_path / "release" / "hw" / "helper.py").touch()
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    assert released_files(config, "hw") == {"data/one.csv", "helper.py"}


WRITTEN = {
    "result.txt": "",
    "new/folder/result.txt": "",
    "mine.txt": "",
    "data/one.csv": "it was released",
    "a1.ipynb": "it would pass for one of nbgrader's own",
    "b.IPYNB": "it would pass for one of nbgrader's own",
    "c.ipynb/result.txt": "it would pass for one of nbgrader's own",
    "timestamp.txt": "it would pass for one of nbgrader's own",
    "link/result.txt": "something else is there",
    "link-to-file": "something else is there",
    "file/result.txt": "something else is there",
    "folder": "something else is there",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_shown_and_overwrites_nothing_of_the_course(folders, tmp_path, name):
    graded, _ = folders
    outside = tmp_path / "outside"
    outside.mkdir()
    (graded / "link").symlink_to(outside)
    (graded / "link-to-file").symlink_to(outside / "new")
    (graded / "mine.txt").write_text("before")
    (graded / "file").touch()
    (graded / "folder").mkdir()
    written = tmp_path / "written"
    (written / name).parent.mkdir(parents=True)
    (written / name).write_text("written")
    told = show(written, graded, released={"data/one.csv"}, most_bytes=100)
    why = WRITTEN[name]
    assert told == ([f"{name!a}: {why}"] if why else [])
    if not why:
        assert (graded / name).read_text() == "written"
    assert list(outside.iterdir()) == []
    assert (graded / "a1.ipynb").read_text() == "autograded"
    assert (graded / "data" / "one.csv").read_text() == "1"


def test_what_is_shown_is_bounded_and_the_smallest_come_first(folders, tmp_path):
    graded, _ = folders
    written = tmp_path / "written"
    written.mkdir()
    for name, size in (("large", 90), ("medium", 60), ("small", 30)):
        (written / name).write_bytes(bytes(size))
    (told,) = show(written, graded, released=(), most_bytes=100)
    assert told == "'large': it is too large; see c.LockedRoom.kept_bytes"
    assert (graded / "medium").exists()


@pytest.fixture(scope="module")
def zygote():
    with Zygote() as zygote:
        yield zygote


def execute(zygote, tmp_path, *sources, **settings):
    """Run cells as a notebook of `NAMES`; return it and the resources."""
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {
        "metadata": {"path": str(tmp_path / "autograded" / "ann" / "hw")},
        "nbgrader": NAMES,
    }
    stage = WalledExecute(
        zygote=zygote, limits=Limits(), kept_bytes=1000, config=config, **settings
    )
    stage.preprocess(notebook, resources)
    return notebook, resources


def errors(notebook):
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    return [output.ename for output in outputs if output.output_type == "error"]


def test_the_next_notebook_finds_what_one_has_written(zygote, tmp_path, folders):
    write = "open('result.txt', 'w').write('42')"
    _, resources = execute(zygote, tmp_path, write)
    assert REMARKS not in resources
    assert (folders[0] / "result.txt").read_text() == "42"
    notebook, _ = execute(zygote, tmp_path, "assert open('result.txt').read() == '42'")
    assert errors(notebook) == []


def test_a_test_finds_the_other_notebooks(zygote, tmp_path, folders):
    read = "assert open('a1.ipynb').read() == 'submitted'"
    assert errors(execute(zygote, tmp_path, read)[0]) == []


def test_what_is_not_kept_is_told(zygote, tmp_path, folders):
    (tmp_path / "source" / "hw" / "data").mkdir(parents=True)
    (tmp_path / "source" / "hw" / "data" / "one.csv").touch()
    source = (
        "import os\nos.symlink('/etc/passwd', 'x')\nopen('data/one.csv', 'w').write('2')\n"
        "open('y', 'w').write('y' * 2000)"
    )
    _, resources = execute(zygote, tmp_path, source)
    (remark,) = resources[REMARKS]
    for told in ("'x': it is a link", "'data/one.csv': it was released", "'y': it is too large"):
        assert told in remark
    assert (folders[0] / "data" / "one.csv").read_text() == "1"


class Counting:
    """A zygote that says how often it was asked, and may be the cause of crashes itself."""

    attacked = ""

    def __init__(self, zygote, *sources):
        self.zygote, self.sources, self.runs = zygote, list(sources), 0

    def run(self, steps, *rest):
        self.runs += 1
        if self.sources:
            steps = [*steps[:-1], type(steps[-1])(steps[-1].id, self.sources.pop(0))]
        return self.zygote.run(steps, *rest)


DIES = "open('first', 'w').write('1')\nimport os\nos._exit(0)"


def test_a_crash_that_does_not_come_back_is_forgotten_with_what_it_wrote(zygote, tmp_path, folders):
    counting = Counting(zygote, DIES)
    notebook, resources = execute(counting, tmp_path, "open('second', 'w').write('2')")
    assert (counting.runs, errors(notebook), resources[RUN].stopped) == (2, [], {})
    assert sorted(path.name for path in folders[0].iterdir()) == ["a1.ipynb", "data", "second"]


def test_a_crash_that_comes_back_is_the_submission_s_own(zygote, tmp_path, folders):
    counting = Counting(zygote)
    notebook, _ = execute(counting, tmp_path, DIES)
    assert (counting.runs, errors(notebook)) == (2, ["DeadKernelError"])


def test_crashes_while_memory_runs_out_are_a_fault_of_ours(zygote, tmp_path, folders, monkeypatch):
    kills = iter(range(100))
    monkeypatch.setattr(crash, "kills_for_memory", lambda: next(kills))
    with pytest.raises(SandboxError, match="while memory had run out"):
        execute(Counting(zygote), tmp_path, DIES)
    assert not (folders[0] / "first").exists()
