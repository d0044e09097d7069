"""The index of a folder of runs: it agrees with the files, and is written anew if it is damaged."""

import json
import os
from dataclasses import replace

import pytest

from engine import Hyperparameters, Trainer, read_names, save_run
from engine.runs import run_index
from engine.runs.run_index import (
    INDEX_NAME,
    FileStamp,
    is_up_to_date,
    labelled,
    read_index,
    updated,
    write_index,
)
from engine.runs.run_label import NO_LABEL, RunLabel
from engine.runs.run_summary import read_summary


@pytest.fixture(scope="module")
def trainer(tmp_path_factory):
    names = tmp_path_factory.mktemp("names") / "people.txt"
    names.write_text("ann\nbob\ncarol\ndave\nerin\nfrank\ngrace\nheidi\nivan\njudy\nkim\nleo\n")
    trainer = Trainer(read_names(names), Hyperparameters(widths=(4,)))
    trainer.run(20)
    return trainer


def save(folder, run_id, trainer, **extras):
    path = folder / f"{run_id}.npz"
    save_run(path, trainer.corpus, trainer.state(), extras)
    return stamp(path)


def stamp(path):
    status = os.stat(path)
    return FileStamp(path.stem, str(path), status.st_mtime, status.st_size)


def test_what_is_read_back_is_what_the_files_say(trainer, tmp_path):
    label = RunLabel("Best one", "with a note", 3, 12.5)
    files = [
        save(tmp_path, "a", trainer, seconds=7.5, name="mine.npz"),
        save(tmp_path, "b", trainer, label=label.to_json()),
    ]
    write_index(tmp_path, updated({}, files))
    index = read_index(tmp_path)
    assert is_up_to_date(index, files)
    for file in files:
        assert replace(index[file.id].summary, label=NO_LABEL) == replace(
            read_summary(file.path), label=NO_LABEL
        )
    assert index["a"].summary.seconds == 7.5
    assert (index["a"].label, index["b"].label) == (NO_LABEL, label)


def test_only_files_that_have_changed_are_read_again(trainer, tmp_path, monkeypatch):
    files = [save(tmp_path, run_id, trainer) for run_id in "abc"]
    index = labelled(updated({}, files), "b", {"title": "B"})
    read = []
    monkeypatch.setattr(
        run_index, "read_summary", lambda path: read.append(path) or read_summary(path)
    )
    os.utime(files[1].path, (5.0, 5.0))
    files[1] = stamp(tmp_path / "b.npz")
    (tmp_path / "c.npz").write_bytes(b"no run")
    files[2] = stamp(tmp_path / "c.npz")
    assert not is_up_to_date(index, files)
    index = updated(index, files)
    assert read == [files[1].path, files[2].path]
    assert index["b"].label.title == "B", "what was noted stays"
    assert index["a"].summary is not None
    assert index["c"].summary is None, "the others are whole"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"version": 99, "runs": {}}', '{"version": 1}', "[" * 100_000]
)
def test_a_damaged_index_is_empty(tmp_path, text):
    assert read_index(tmp_path) == {}
    (tmp_path / INDEX_NAME).write_text(text)
    assert read_index(tmp_path) == {}


def test_a_damaged_entry_costs_no_other(trainer, tmp_path):
    files = [save(tmp_path, run_id, trainer) for run_id in "ab"]
    write_index(tmp_path, updated({}, files))
    stored = json.loads((tmp_path / INDEX_NAME).read_text())
    stored["runs"]["a"]["summary"]["widths"] = "many"
    (tmp_path / INDEX_NAME).write_text(json.dumps(stored))
    assert list(read_index(tmp_path)) == ["b"]


@pytest.mark.parametrize(
    "values", [None, [], {"title": 5, "note": None, "colour": -1, "deleted": "x"}, {"colour": True}]
)
def test_a_label_that_is_not_valid_is_empty(values):
    assert RunLabel.from_json(values) == NO_LABEL
