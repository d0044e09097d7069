"""The run file worker refuses a window's values that lie outside their ranges."""

import time

import pytest

from dinogui.library.view_state import ViewState
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.run_file_worker import AS_DATA, RunContent, RunFileWorker
from dinogui.workers.service import RefusedError
from engine.data.corpus import names_from_bytes
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.runs.run_file import save_run
from engine.training.ending import MAX_SECONDS
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer


@pytest.fixture
def trainer():
    corpus = names_from_bytes(b"rex\nmei\nallo\nraptor\n", "names.txt")
    return Trainer(corpus, Hyperparameters(widths=(4,)))


@pytest.fixture
def read(trainer, tmp_path):
    """Return a function that writes a run with extras, and reads it as the window does."""

    def write_and_read(**extras):
        path = tmp_path / "run.npz"
        save_run(path, trainer.corpus, trainer.state(), extras)
        return RunFileWorker().read(str(path), None)

    return write_and_read


@pytest.mark.parametrize("seconds", [0, 1.5, MAX_SECONDS])
def test_the_seconds_are_read(trainer, tmp_path, seconds):
    path = str(tmp_path / "run.npz")
    copy = RunCopy(trainer.state(), seconds)
    RunFileWorker().write(path, RunContent(trainer.corpus, None, copy, {}))
    assert RunFileWorker().read(path, None).copy.seconds == seconds


@pytest.mark.parametrize("seconds", [-1, 2**53, 1e300, 10**39, "1", True, [1]])
def test_seconds_out_of_range_are_refused(read, seconds):
    with pytest.raises(RefusedError, match=r"“run\.npz” is damaged: seconds must be") as caught:
        read(seconds=seconds)
    assert str(caught.value).endswith(".")


def test_seconds_of_thousands_of_digits_are_refused(read):
    with pytest.raises(RefusedError, match="extras holds a number of 4,001 digits"):
        read(seconds=10**4_000)


@pytest.mark.parametrize("path", ["x" * 5_000_000, 3, ["a"], "//server/share"])
def test_a_path_that_no_file_has_is_not_followed(read, path):
    assert read(path=path).path is None


def test_a_file_without_extras_has_been_trained_for_no_time(read):
    assert read().copy.seconds == 0.0


def test_100_000_kept_names_are_refused_within_a_second(read):
    star = {
        "name": "rex", "data": "d.txt", "model": "RNN 50", "step": 1,
        "nats_per_character": 1.0, "seed": 1, "temperature": 1.0,
    }  # fmt: skip
    begin = time.perf_counter()
    run = read(starred=[star | {"name": f"rex{number}"} for number in range(100_000)])
    with pytest.raises(ValueError, match="there are 100,000 names"):
        ViewState.from_json(run.extras)
    assert time.perf_counter() - begin < 5, "with room for writing it, and for a busy machine"


def test_a_list_of_names_where_a_run_is_due_is_named(qapp, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("anna\nbob\n", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        RunFileWorker().read(str(path), None)
    assert str(refused.value) == "“names.txt” is not a saved run but a text file."
    assert refused.value.instead == AS_DATA


def test_data_that_are_not_in_the_file_are_read_again_as_they_were_chosen(tmp_path):
    table = tmp_path / "table.txt"
    table.write_text("Rex|North\nMei|South\nYi|East\nAllo|West\n")
    corpus = read_data(table, ReadingChoices(column=2, header=False, lower_case=False))
    trainer = Trainer(corpus, Hyperparameters(widths=(4,)))
    path = tmp_path / "run.npz"
    save_run(path, corpus, trainer.state(), {"path": str(table)}, with_data=False)
    read = RunFileWorker().read(str(path), None)
    assert read.corpus.names == ("North", "South", "East", "West")
    assert read.corpus.report.choices == corpus.report.choices
