"""What differs between runs, and what each has reached."""

from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation.held_out.data import held_out_of
from engine.racing.compared_run import ComparedRun, saved_runs
from engine.racing.comparison import compare
from engine.racing.race_folder import save_race
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import load_network
from engine.runs.warm_start import make_warm_start
from engine.sampling.names import sample_names
from engine.training.recipes import NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


def train(trainer, steps):
    """Make so many steps, or fewer if the run diverges."""
    end = trainer.step + steps
    while trainer.step < end and trainer.divergence is None:
        trainer.run(end - trainer.step)


@pytest.fixture
def saved(tmp_path, corpus):
    """Return a function that trains a run, saves it, and returns it as it is compared."""

    def make(title, steps=5, data=corpus, change=None, recipe=None, **hyperparameters):
        chosen = {"widths": (5,)} | hyperparameters
        settings = RunSettings(
            **{name: chosen.pop(name) for name in ("seed", "cell") if name in chosen}
        )
        more = {} if recipe is None else {"recipe": recipe}
        trainer = Trainer(data, Hyperparameters(**chosen), settings=settings, **more)
        train(trainer, steps)
        if change is not None:
            for name, value in change.items():
                trainer.set_hyperparameters(replace(trainer.hyperparameters, **{name: value}))
            train(trainer, steps)
        path = tmp_path / f"{title}.npz"
        save_run(path, data, trainer.state(), {"seconds": 1.5})
        return ComparedRun.of_saved(load_run(path), title)

    return make


def rows(comparison):
    return {row.label: row.cells for row in comparison.rows}


def settings(comparison):
    return {row.label: row.cells for row in comparison.settings}


def test_only_what_is_not_the_same_in_all_runs_is_listed(saved):
    runs = [
        saved("a"),
        saved("b", cell="gru", learning_rate=0.5),
        saved("c", widths=(4, 6), clip=None, optimizer="adam"),
    ]
    comparison = compare(runs, with_names=False)
    assert comparison.titles == ("a", "b", "c")
    assert settings(comparison) == {
        "cell": ("RNN", "GRU", "RNN"),
        "learning rate": (0.01, 0.5, 0.01),
        "clip value": (5.0, 5.0, "off"),
        "hidden units": (5, 5, "4, 6"),
        "optimizer": ("SGD", "SGD", "Adam"),
    }
    assert settings(compare(runs[:1] * 2, with_names=False)) == {}


def test_what_was_reached_is_listed_even_if_it_is_the_same(saved):
    run = saved("a")
    found = rows(compare([run, run], with_names=False))
    assert found["parameters"] == (run.parameters.flat.size,) * 2
    assert found["steps"] == (5, 5)
    assert found["seconds"] == (1.5, 1.5)
    assert found["best held-out loss"] == (run.best.nats_per_character,) * 2
    assert found["at step"] == (0, 0)


def test_the_held_out_loss_of_the_latest_network_is_measured(saved, corpus):
    run = saved("a", steps=200)
    assert run.latest.step == 0, "it was measured before the first step only"
    measured = run.measured()
    data = held_out_of(corpus, 0, 0.1)
    expected = data.loss(run.parameters).nats_per_character
    assert measured.latest.nats_per_character == pytest.approx(expected, rel=1e-12)
    assert measured.latest.step == 200
    assert measured.best == measured.latest, "it is lower than before the first step"
    assert replace(run, corpus=None).measured() == replace(run, corpus=None)


def test_events_are_listed(saved):
    runs = [saved("a"), saved("b", change={"learning_rate": 0.5}), saved("c", learning_rate=1e15)]
    listed = settings(compare(runs, with_names=False))["events"]
    assert listed[:2] == ("none", "5: learning rate 0.01 → 0.5")
    assert "diverged" in listed[2]
    many = saved("d", change={"batch": 2, "clip": 1.0, "dropout": 0.1, "l2": 0.1, "decay": 0.1})
    record = many.record
    longer = replace(many, record=replace(record, events=record.events * 2))
    listed = settings(compare([runs[0], longer], with_names=False))["events"]
    assert listed[1].startswith("5: batch 1 → 2; 5: clip value 5 → 1; ")
    assert listed[1].endswith("; 5 more")


def test_a_lane_has_the_rate_in_force(make_race, finish):
    lane = finish(make_race("decay=0.5; decay=0.6", steps=400)).lanes[0]
    found = rows(compare([ComparedRun.of_lane(lane)] * 2, with_names=False))
    assert found["learning rate in force"] == (lane.trainer.learning_rate,) * 2
    assert found["learning rate last set"] == (lane.trainer.hyperparameters.learning_rate,) * 2


def test_new_names_are_counted_with_the_same_random_numbers(saved, corpus):
    runs = [saved("a", steps=300), saved("b", steps=300, optimizer="adam")]
    found = rows(compare(runs))["new names of 1,000"]
    known = {*corpus.distinct}
    for run, share in zip(runs, found, strict=True):
        names = sample_names(run.parameters, run.vocabulary, 1_000, seed=0)
        assert share == sum(name not in known for name in names) / 1_000


def test_the_seconds_and_steps_to_counting_come_from_the_race(make_race, finish, corpus):
    race = finish(make_race(steps=2))
    data = held_out_of(corpus, 0, 0.1)
    counting = min(loss.nats_per_character for loss in data.n_gram_losses(data.fit_n_grams()))
    losses = np.array([3.0, counting + 0.01, counting - 0.01, counting - 0.1])
    curve = np.column_stack(([0, 100, 200, 300], [0.0, 0.5, 0.9, 1.2], losses))
    first, second = (ComparedRun.of_lane(lane) for lane in race.lanes)
    runs = [replace(first, held_out=curve), replace(second, held_out=curve[:2])]
    found = rows(compare(runs, with_names=False))
    assert found[f"seconds to {counting:.2f} (counting)"] == (0.9, None)
    assert found[f"steps to {counting:.2f} (counting)"] == (200, None)


def test_what_nobody_knows_has_no_row(saved):
    found = rows(compare([saved("a"), saved("b")], with_names=False))
    assert not [label for label in found if "counting" in label]
    course = saved("c", recipe=NOTEBOOK)
    found = rows(compare([course, course]))
    assert "best held-out loss" not in found
    assert "new names of 1,000" in found


def test_losses_that_cannot_be_compared_are_said(saved, lengths_corpus):
    first = saved("a")
    assert compare([first, saved("b", clip=1.0)], with_names=False).note == ""
    for other in (saved("c", seed=1), saved("d", data=lengths_corpus)):
        note = compare([first, other], with_names=False).note
        assert note.startswith("The held-out losses cannot be compared with each other")


def test_data_are_told_apart_by_their_content(saved, corpus, lengths_corpus):
    first = saved("a")
    same = saved("b", data=replace(corpus, source="other.txt"))
    assert "data" not in settings(compare([first, same], with_names=False))
    found = settings(compare([first, saved("c", data=lengths_corpus)], with_names=False))["data"]
    assert found == tuple(
        f"names.txt ({data.fingerprint[:8]})" for data in (corpus, lengths_corpus)
    )


def test_a_warm_start_is_a_difference(saved, tmp_path, corpus):
    first = saved("a")
    network = load_network(tmp_path / "a.npz")
    warm = make_warm_start(network, "a.npz", corpus.vocabulary, RunSettings())
    trainer = Trainer(corpus, Hyperparameters(widths=(5,)), warm_start=warm)
    train(trainer, 5)
    save_run(tmp_path / "warm.npz", corpus, trainer.state())
    second = ComparedRun.of_saved(load_run(tmp_path / "warm.npz"), "warm")
    comparison = compare([first, second], with_names=False)
    assert settings(comparison) == {"initial parameters": ("random", "a.npz, step 5")}
    assert rows(comparison)["seconds"] == (1.5, None)


def test_lanes_of_a_race_and_runs_are_read_alike(make_race, finish, saved, tmp_path):
    race = finish(make_race(steps=10))
    save_race(tmp_path / "race", race)
    saved("alone")
    found = saved_runs([tmp_path / "race", tmp_path / "alone.npz"])
    assert [title for title, _ in found] == ["RNN 5", "GRU 5", "alone"]
    for lane, (title, run) in zip(race.lanes, found, strict=False):
        live, read = ComparedRun.of_lane(lane), ComparedRun.of_saved(run, title)
        assert (read.record, read.step, read.seconds) == (live.record, live.step, live.seconds)
        assert (read.best, read.latest) == (live.best, live.latest)
        np.testing.assert_array_equal(read.held_out, live.held_out)
        np.testing.assert_array_equal(read.parameters.flat, live.parameters.flat)


def test_runs_of_the_same_name_are_told_apart_by_their_paths(saved, tmp_path):
    saved("a")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.npz").write_bytes((tmp_path / "a.npz").read_bytes())
    paths = [tmp_path / "a.npz", tmp_path / "other" / "a.npz"]
    assert [title for title, _ in saved_runs(paths)] == [str(path) for path in paths]
