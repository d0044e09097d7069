"""Runs on names with kinds: saved, resumed and replayed to the bit, and refused if damaged."""

import dataclasses
import json

import numpy as np
import pytest

from engine.data.name_kinds import MAX_KINDS
from engine.evaluation.units import Unit
from engine.nn.cells import CELLS
from engine.runs.reach import reach
from engine.runs.replay import replay
from engine.runs.run_file import load_best_network, load_run, save_run
from engine.runs.saved_curves import known_curves
from engine.runs.saved_network import load_network
from engine.storage.archive import CheckpointError
from engine.training.history.checkpoints import Checkpoints
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

TASKS = pytest.mark.parametrize(
    "settings",
    [{}, {"task": "tell"}, {"task": "tell", "both_directions": True}],
    ids=["write", "tell", "both"],
)


@pytest.fixture
def begin(kind_corpus):
    """Return a function that begins a run by kind."""

    def run(settings, corpus=kind_corpus, checkpoints=None, **hyperparameters):
        chosen = {"widths": (5,), "batch": 3, "optimizer": "adam", "dropout": 0.2, "balance": 0.5}
        return Trainer(
            corpus,
            Hyperparameters(**(chosen | hyperparameters)),
            settings=RunSettings(**({"seed": 2} | settings)),
            checkpoints=checkpoints,
        )

    return run


@pytest.fixture
def saved(tmp_path, begin, advance):
    """Return a function that saves a run of a few steps, and returns its file."""

    def save(settings=None, **others):
        trainer = begin(settings or {}, **others)
        advance(trainer, 4)
        path = tmp_path / "run.npz"
        save_run(path, trainer.corpus, trainer.state())
        return path

    return save


def changed(path, **entries):
    """Replace entries of a file; None removes one."""
    with np.load(path) as file:
        content = dict(file)
    for name, value in entries.items():
        if value is None:
            del content[name]
        else:
            content[name] = value
    np.savez(path, **content)
    return path


def with_header(path, **values):
    with np.load(path) as file:
        header = json.loads(bytes(file["header"]))
    text = json.dumps(header | values).encode()
    return changed(path, header=np.frombuffer(text, np.uint8))


@TASKS
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("widths", [(5,), (5, 4)])
def test_a_resumed_run_goes_on_as_if_it_had_not_been_saved(
    tmp_path, begin, advance, cell, settings, widths
):
    whole = begin(settings | {"cell": cell}, widths=widths)
    advance(whole, 31)  # in the middle of an epoch
    save_run(tmp_path / "run.npz", whole.corpus, whole.state())
    found = load_run(tmp_path / "run.npz")
    assert found.corpus.kinds == whole.corpus.kinds
    assert found.network.kinds == whole.kinds
    resumed = found.resume()
    for _ in range(2):
        advance(whole, 25)
        advance(resumed, 25)
        assert resumed.parameters.flat.tobytes() == whole.parameters.flat.tobytes()
        assert resumed.held_out_trend == whole.held_out_trend


@TASKS
@pytest.mark.parametrize("cell", CELLS)
def test_a_run_is_replayed_to_the_bit(begin, advance, cell, settings):
    trainer = begin(settings | {"cell": cell})
    advance(trainer, 20)
    now = trainer.hyperparameters
    trainer.set_hyperparameters(dataclasses.replace(now, learning_rate=0.02, batch=4))
    advance(trainer, 20)
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None


@pytest.mark.parametrize("settings", [{}, {"task": "tell"}], ids=["write", "tell"])
def test_resizes_are_replayed_to_the_bit(begin, advance, settings):
    trainer = begin(settings)
    for widths in ((7,), (7, 5), (4, 5)):
        advance(trainer, 8)
        now = trainer.hyperparameters
        trainer.set_hyperparameters(dataclasses.replace(now, widths=widths))
    advance(trainer, 8)
    found = replay(trainer.record, trainer.corpus, trainer.parameters, trainer.step)
    assert found.difference is None


@TASKS
def test_any_step_is_reached_again(begin, advance, settings):
    trainer = begin(settings, checkpoints=Checkpoints())
    advance(trainer, 13)
    flat = trainer.parameters.flat.copy()
    advance(trainer, 30)
    reached = reach(trainer.history, trainer.corpus, 13)
    assert reached.trainer.parameters.flat.tobytes() == flat.tobytes()
    assert reached.trainer.kinds == trainer.kinds


def test_the_best_network_of_a_file_knows_the_kinds(tmp_path, begin, advance):
    trainer = begin({"task": "tell"}, batch=16)
    advance(trainer, 200)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    best = load_best_network(tmp_path / "run.npz")
    assert best.kinds == trainer.kinds
    assert best.parameters.flat.tobytes() == trainer.best.parameters.flat.tobytes()
    state = load_run(tmp_path / "run.npz").resume()
    assert state.best.step == trainer.best.step
    assert state.held_out_trend.best.accuracy == trainer.held_out_trend.best.accuracy is not None


def test_data_with_other_kinds_are_other_data(begin, tmp_path, kind_names, make_kind_corpus):
    trainer = begin({})
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), with_data=False)
    renamed = {title.upper(): names for title, names in kind_names.items()}
    with pytest.raises(CheckpointError, match="is not the run's data"):
        load_run(tmp_path / "run.npz").resume(make_kind_corpus(renamed))
    same = make_kind_corpus(kind_names, "elsewhere")
    assert load_run(tmp_path / "run.npz").resume(same).kinds == trainer.kinds


def test_a_file_says_the_kind_of_each_name(saved, kind_corpus):
    with np.load(saved()) as file:
        header = json.loads(bytes(file["header"]))
        assert header["kinds"] == ["Saurian", "Raptor", "Old Bird"]
        assert header["task"] == "write"
        assert file["K"].shape == (3, 5)
        kinds = file["data/kinds"]
        assert kinds.dtype == np.uint16
        assert kinds.tolist() == list(kind_corpus.kinds.of_names)


def test_repeats_and_weights_are_kept_beside_kinds(tmp_path, begin, make_kind_corpus):
    names = {"a": ["xa", "ya", "xa"], "b": ["xa", "yb", "zb"]}
    for weights in (None, (3, 1, 4, 1, 5)):
        corpus = make_kind_corpus(names, weights=weights)
        trainer = begin({}, corpus=corpus)
        save_run(tmp_path / "run.npz", corpus, trainer.state())
        found = load_run(tmp_path / "run.npz").corpus
        assert (found.names, found.distinct) == (corpus.names, corpus.distinct)
        assert (found.kinds, found.weights) == (corpus.kinds, weights)


@pytest.mark.parametrize(
    "kinds",
    [
        np.zeros(3, np.uint16),
        np.zeros(70, np.int64),
        np.full(70, 3, np.uint16),
        np.zeros(70, np.uint16),
        np.zeros((70, 1), np.uint16),
    ],
    ids=["too few", "another type", "no such kind", "kinds without names", "a matrix"],
)
def test_damaged_kinds_are_refused(saved, kinds):
    assert len(load_run(saved()).corpus.names) == 70
    with pytest.raises(CheckpointError, match="is damaged"):
        load_run(changed(saved(), **{"data/kinds": kinds}))


def test_kinds_that_are_missing_are_refused(saved):
    with pytest.raises(CheckpointError, match="is damaged"):
        load_run(changed(saved(), **{"data/kinds": None}))


@pytest.mark.parametrize(
    "values",
    [
        {"kinds": ["Saurian", "Raptor"]},
        {"kinds": ["Saurian", "Raptor", "Raptor"]},
        {"kinds": ["Saurian", "Raptor", " "]},
        {"kinds": ["Saurian", "Raptor", 3]},
        {"kinds": ["Saurian", "Raptor", "Bird\nOld"]},
        {"kinds": "abc"},
        {"kinds": None},
        {"kinds": [str(n) for n in range(MAX_KINDS + 1)]},
        {"task": "sing"},
        {"task": "tell"},
        {"task": 3},
        {"both_directions": True},
        {"task": "tell", "both_directions": "yes"},
        {"kinds": [], "task": "tell"},
    ],
    ids=str,
)
def test_a_header_with_kinds_that_do_not_fit_is_refused(saved, values):
    path = with_header(saved(), **values)
    for load in (load_network, load_run):
        with pytest.raises(CheckpointError):
            load(path)


@TASKS
def test_settings_that_are_not_those_of_the_network_are_refused(saved, settings):
    path = saved(settings)
    with np.load(path) as file:
        run = json.loads(bytes(file["run"]))
    run["settings"]["task"] = "tell" if run["settings"]["task"] == "write" else "write"
    run["settings"]["both_directions"] = False
    changed(path, run=np.frombuffer(json.dumps(run).encode(), np.uint8))
    with pytest.raises(CheckpointError, match="is damaged"):
        load_run(path).resume()


def test_a_file_from_before_there_were_kinds_is_read(tmp_path, train, advance):
    trainer = train(5, widths=(4,))
    path = tmp_path / "run.npz"
    save_run(path, trainer.corpus, trainer.state())
    with np.load(path) as file:
        header, run = (json.loads(bytes(file[name])) for name in ("header", "run"))
    new = ("kinds", "task", "both_directions")
    header = {name: value for name, value in header.items() if name not in new}
    for name in ("task", "both_directions", "measuring"):
        del run["settings"][name]
    for name in ("initial_hyperparameters", "hyperparameters"):
        del run[name]["balance"]
    texts = {"header": header, "run": run}
    changed(
        path,
        **{
            name: np.frombuffer(json.dumps(each).encode(), np.uint8) for name, each in texts.items()
        },
    )
    resumed = load_run(path).resume()
    assert resumed.kinds == ()
    assert resumed.settings == dataclasses.replace(trainer.settings, measuring="frequent")
    advance(resumed, 5)
    advance(trainer, 5)
    assert resumed.parameters.flat.tobytes() == trainer.parameters.flat.tobytes()


def test_a_run_that_kept_no_curves_knows_how_many_kinds_it_told_right_last(begin, advance):
    trainer = begin({"task": "tell", "held_out": 0.3})
    advance(trainer, 4)
    measured = trainer.held_out_trend.latest
    assert measured.accuracy is not None
    known = known_curves(trainer.state()).held_out(Unit.TOLD_RIGHT)
    assert known.last_point == (measured.step, measured.accuracy)
