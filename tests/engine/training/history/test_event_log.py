"""Every run that is saved can be opened again, however often it was changed."""

from dataclasses import replace

import numpy as np
import pytest

from engine.runs.entries import state_entries
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.training import record
from engine.training.history.event_log import RecordFullError
from engine.training.ranges import MAX_LEARNING_RATE
from engine.training.record import MAX_EVENTS, MAX_ITEMS, RESERVED_EVENTS
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

SMALL = Hyperparameters(widths=(4, 4, 4, 4), batch=2)
FULL = "This run can be changed no more, because its record is full: it holds 10 changes."


@pytest.fixture
def short(monkeypatch):
    """Let a record hold 13 events, of which the last three are the run's own."""
    monkeypatch.setattr(record, "MAX_EVENTS", 13)
    monkeypatch.setattr(record, "RESERVED_EVENTS", 3)


def rates(trainer, count):
    for number in range(count):
        rate = 0.001 * (number + 1)
        trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=rate))


@pytest.mark.parametrize(
    "changes",
    [{"widths": (5, 5, 5, 5)}, {"widths": (5, 5, 5, 5), "clip": None, "batch": 3}, {"l2": 0.5}],
    ids=str,
)
def test_a_record_full_of_the_largest_events_opens_again(
    lengths_corpus, tmp_path, monkeypatch, changes
):
    for place in (record, state_entries):
        monkeypatch.setattr(place, "MAX_ITEMS", MAX_ITEMS // 1_000)
    monkeypatch.setattr(record, "MAX_EVENTS", MAX_EVENTS // 1_000)
    monkeypatch.setattr(record, "RESERVED_EVENTS", RESERVED_EVENTS // 1_000)
    trainer = Trainer(lengths_corpus, SMALL)
    trainer.run(1)
    with pytest.raises(RecordFullError):  # noqa: PT012 until it is full
        while True:
            trainer.set_hyperparameters(replace(SMALL, **changes))
            trainer.set_hyperparameters(SMALL)
    assert len(trainer.record.events) >= 100 // len(changes)
    save_run(tmp_path / "run.npz", lengths_corpus, trainer.state())
    assert load_run(tmp_path / "run.npz").resume().record == trainer.record


def test_a_full_record_takes_no_more_changes_and_the_run_goes_on(short, lengths_corpus, tmp_path):
    trainer, twin = (Trainer(lengths_corpus, Hyperparameters(widths=(4,))) for _ in range(2))
    for each in (trainer, twin):
        rates(each, 10)
    for changes in ({"learning_rate": 0.5}, {"widths": (9,)}, {"widths": (4, 4)}):
        with pytest.raises(RecordFullError, match=FULL):
            trainer.set_hyperparameters(replace(trainer.hyperparameters, **changes))
    trainer.set_hyperparameters(trainer.hyperparameters)  # no change
    for each in (trainer, twin):
        each.run(30)
    assert np.array_equal(trainer.parameters.flat, twin.parameters.flat)
    save_run(tmp_path / "run.npz", lengths_corpus, trainer.state())
    again = load_run(tmp_path / "run.npz").resume()
    with pytest.raises(RecordFullError, match=FULL):
        rates(again, 1)
    made = replay(again.record, lengths_corpus, trainer.parameters, trainer.step)
    assert made.difference is None


def test_a_run_that_diverges_for_ever_can_be_saved_and_opened(short, lengths_corpus, tmp_path):
    trainer = Trainer(lengths_corpus, Hyperparameters(widths=(4,)))
    rates(trainer, 8)
    wild = {"learning_rate": MAX_LEARNING_RATE, "clip": None}
    trainer.set_hyperparameters(replace(trainer.hyperparameters, **wild))
    with pytest.raises(RecordFullError, match="cannot go on"):  # noqa: PT012 until it is full
        for _ in range(50):
            trainer.run(50)
            if trainer.divergence is not None:
                with pytest.raises(RecordFullError):
                    trainer.roll_back()
    assert len(trainer.record.events) == 8 + 1 + 3
    save_run(tmp_path / "run.npz", lengths_corpus, trainer.state())
    assert load_run(tmp_path / "run.npz").resume().record == trainer.record
