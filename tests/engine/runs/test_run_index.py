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
    own_files,
    read_index,
    updated,
    with_own_file,
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


def test_a_file_of_a_persons_own_is_kept_when_it_is_missing_or_damaged(trainer, tmp_path):
    file = save(tmp_path, "mine", trainer, name="mine.npz", label={"title": "Mine"})
    index = updated(
        with_own_file({}, "a", file.path), own_files(with_own_file({}, "a", file.path), ())
    )
    assert (index["a"].label.title, index["a"].is_missing) == ("Mine", False)
    write_index(tmp_path, index)
    assert read_index(tmp_path) == index
    os.rename(file.path, tmp_path / "moved.npz")
    [missing] = own_files(index, ())
    assert missing.is_missing
    assert not is_up_to_date(index, [missing])
    gone = updated(index, [missing])
    assert gone["a"].is_missing
    assert gone["a"].summary == index["a"].summary
    assert is_up_to_date(gone, own_files(gone, ())), "it is not looked for again and again"
    (tmp_path / "mine.npz").write_bytes(b"no run")
    damaged = updated(gone, own_files(gone, ()))
    assert damaged["a"].summary == index["a"].summary
    os.replace(tmp_path / "moved.npz", file.path)
    again = updated(damaged, own_files(damaged, ()))
    assert again == index
    assert own_files(again, {"a"}) == []
    taken_over = with_own_file(again, "b", file.path)
    assert (taken_over["a"].own_file, taken_over["b"].own_file) == ("", file.path)


def test_a_file_that_has_just_been_renamed_is_not_taken_for_a_damaged_one(trainer, tmp_path):
    file = save(tmp_path, "a", trainer)
    os.rename(file.path, tmp_path / "b.npz")
    assert updated({}, [file]) == {}


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
