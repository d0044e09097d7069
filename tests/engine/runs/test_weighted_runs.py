"""Runs on names with weights: replayed and resumed to the bit, saved, and refused if damaged."""

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.storage.archive import CheckpointError
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

NAMES = ("rex", "mei", "allo", "raptor", "yi", "tops", "dino", "saur")
WEIGHTS = (900, 300, 100, 50, 20, 7, 3, 2**53)


def weighted(weights=WEIGHTS):
    return corpus_of_names(NAMES, "people.csv", 0, lower_case=True, weights=weights)


def run_of(weights=WEIGHTS, recipe=DEFAULT, batch=1):
    return Trainer(
        weighted(weights), Hyperparameters(widths=(5,), batch=batch), recipe, RunSettings(seed=4)
    )


RUNS = pytest.mark.parametrize(("recipe", "batch"), [(DEFAULT, 1), (DEFAULT, 3), (NOTEBOOK, 1)])


@RUNS
@pytest.mark.parametrize("with_data", [True, False])
def test_a_resumed_run_draws_the_same_names(tmp_path, advance, recipe, batch, with_data):
    whole = run_of(recipe=recipe, batch=batch)
    advance(whole, 11)  # in the middle of an epoch
    save_run(tmp_path / "run.npz", whole.corpus, whole.state(), with_data=with_data)
    saved = load_run(tmp_path / "run.npz")
    assert (saved.corpus is not None) == with_data
    resumed = saved.resume(None if with_data else weighted())
    assert resumed.corpus.weights == WEIGHTS
    for _ in range(2):
        advance(whole, 20)
        advance(resumed, 20)
        assert resumed.parameters.flat.tobytes() == whole.parameters.flat.tobytes()


@RUNS
def test_a_run_is_replayed_to_the_bit(advance, recipe, batch):
    trainer = run_of(recipe=recipe, batch=batch)
    advance(trainer, 40)
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None


def test_other_weights_are_other_data(tmp_path, advance):
    trainer = run_of()
    advance(trainer, 3)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), with_data=False)
    for weights in (None, (1, *WEIGHTS[1:])):
        with pytest.raises(CheckpointError, match="is not the run's data"):
            load_run(tmp_path / "run.npz").resume(weighted(weights))


def test_without_weights_a_file_has_none(tmp_path, advance):
    trainer = run_of(None)
    advance(trainer, 3)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    with np.load(tmp_path / "run.npz") as file:
        assert "data/weights" not in file
    assert load_run(tmp_path / "run.npz").corpus.weights is None


@pytest.mark.parametrize(
    "weights",
    [
        np.array(WEIGHTS[:-1]),
        np.array(WEIGHTS, float),
        np.array((0, *WEIGHTS[1:])),
        np.array((-1, *WEIGHTS[1:])),
        np.array((2**53 + 1, *WEIGHTS[1:])),
        np.array((901, *WEIGHTS[1:])),
    ],
    ids=["too few", "floats", "zero", "negative", "too large", "others"],
)
def test_weights_that_cannot_be_those_of_the_run_are_refused(tmp_path, advance, weights):
    trainer = run_of()
    advance(trainer, 3)
    path = tmp_path / "run.npz"
    save_run(path, trainer.corpus, trainer.state())
    with np.load(path) as file:
        content = dict(file)
    np.savez(path, **(content | {"data/weights": weights}))
    with pytest.raises(CheckpointError, match=r"is damaged: .+\."):
        load_run(path)
