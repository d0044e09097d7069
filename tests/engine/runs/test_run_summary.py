"""What a list says of a run is read without its arrays."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.runs.run_file import load_run, save_run
from engine.runs.run_summary import RunSummary, read_summary
from engine.storage.archive import CheckpointError
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

FILES = Path(__file__).parent / "files"
NAMES = ["anna", "bob", "clara", "david", "emma"] * 4


@pytest.fixture
def trainer():
    corpus = corpus_of_names(NAMES, "people.txt", 0, lower_case=True)
    trainer = Trainer(corpus, Hyperparameters(widths=(8, 5)), DEFAULT, RunSettings(cell="gru"))
    while trainer.step < 30:
        trainer.run(30 - trainer.step, 1.0)
    return trainer


def test_it_says_what_the_run_is(trainer, tmp_path):
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), {"name": "mine.npz"})
    loss, characters = trainer.smoothed_loss, trainer.smoothed_characters
    assert read_summary(tmp_path / "run.npz") == RunSummary(
        *("mine.npz", "people.txt", "names", "gru", (8, 5), 30, loss, characters, (8, 5)),
        n_parameters=trainer.state().parameters.flat.size,
    )


def test_the_held_out_losses_are_those_since_the_first_step(tmp_path):
    corpus = corpus_of_names(NAMES, "people.txt", 0, lower_case=True)
    trainer = Trainer(corpus, Hyperparameters(widths=(8,)))
    trainer.run(30)

    def summary():
        save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
        return read_summary(tmp_path / "run.npz")

    assert trainer.held_out_trend.latest.step == 0
    assert (summary().best, summary().last) == (None, None)
    while trainer.step < 1_000:
        trainer.run(1_000 - trainer.step)
    trend = trainer.held_out_trend
    assert trend.latest.step == 1_000
    assert summary().best == held_out_loss(trend.best)
    assert summary().last == held_out_loss(trend.latest)
    fresh = Trainer(trainer.corpus, Hyperparameters(), DEFAULT, RunSettings())
    save_run(tmp_path / "run.npz", fresh.corpus, fresh.state())
    assert read_summary(tmp_path / "run.npz").last == held_out_loss(fresh.held_out_trend.latest)


def held_out_loss(measured):
    return measured.nats_per_name, measured.nats_per_character


def test_it_says_which_network_the_loss_belongs_to(trainer, tmp_path):
    def resize(*widths):
        trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=widths), 1)
        save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
        summary = read_summary(tmp_path / "run.npz")
        return summary.trained_widths, summary.widths

    assert resize(6, 5) == ((8, 5), (6, 5))
    assert resize(6, 5, 4) == ((8, 5), (6, 5, 4))
    trainer.run(1)
    assert resize(6, 5, 7) == ((6, 5, 4), (6, 5, 7))
    assert resize(6, 5, 4) == ((6, 5, 4), (6, 5, 4))


def test_a_run_without_a_name_or_a_step(trainer, tmp_path):
    fresh = Trainer(trainer.corpus, Hyperparameters(), DEFAULT, RunSettings())
    save_run(tmp_path / "run.npz", fresh.corpus, fresh.state(), {"name": 5})
    summary = read_summary(tmp_path / "run.npz")
    assert (summary.name, summary.step, summary.loss) == ("", 0, None)


@pytest.mark.parametrize(
    "path", sorted(FILES.glob("version-[34]-*.npz")), ids=lambda path: path.stem
)
def test_files_of_earlier_versions_have_a_summary(path):
    run, summary = load_run(path), read_summary(path)
    assert (summary.source, summary.step) == (run.source, run.state.step)
    assert summary.widths == run.state.parameters.architecture.widths
    assert summary.loss == run.state.values["smoothing.loss"]


def rewritten(path, entry, change):
    with np.load(path) as archive:
        entries = dict(archive)
    values = json.loads(entries[entry].tobytes())
    change(values)
    entries[entry] = np.frombuffer(json.dumps(values).encode(), dtype=np.uint8)
    np.savez(path, **entries)


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        ("header", lambda values: values.update(format="other")),
        ("header", lambda values: values.update(step=-1)),
        ("header", lambda values: values.update(step=10**30)),
        ("header", lambda values: values.update(widths=[10**9])),
        ("header", lambda values: values.update(widths="many")),
        ("header", lambda values: values.update(cell=["x"])),
        ("header", lambda values: values.update(version=99)),
        ("data", lambda values: values.update(source="x" * 10**5)),
        ("run", lambda values: values.update({"smoothing.loss": "low"})),
        ("extras", lambda values: values.clear() or values.update(name="x")),
    ],
)
def test_what_cannot_be_is_refused(trainer, tmp_path, entry, change):
    path = tmp_path / "run.npz"
    save_run(path, trainer.corpus, trainer.state())
    rewritten(path, entry, change)
    if entry == "extras":
        assert read_summary(path).name == "x"
        return
    with pytest.raises(CheckpointError, match=r"run\.npz"):
        read_summary(path)


def test_what_is_no_run_is_refused(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"no run")
    for name in ("x.npz", "absent.npz"):
        with pytest.raises(CheckpointError):
            read_summary(tmp_path / name)
