"""A run with the compiled backend is the run of NumPy but for its last bits, and repeatable."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.nn.compiled_path import CompiledPath
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.racing.lane import Lane, titled
from engine.racing.race import Race, RacePlan
from engine.runs.futures import Futures, Turn
from engine.runs.reach import reach
from engine.runs.run_file import load_run, save_run
from engine.training.ending import ENDLESS, Until
from engine.training.history.checkpoints import Checkpoints
from engine.training.messages import Chunk
from engine.training.ranges import MAX_LEARNING_RATE
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

COMPILED = Hyperparameters(0.02, 1.0, (8,), backend="compiled")
CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
COLUMNS = ("loss", "characters", "smoothed_loss", "smoothed_characters")


@pytest.fixture
def start(corpus):
    """Return a function that makes a trainer, of the compiled backend unless another is given."""

    def make(cell="rnn", recipe=DEFAULT, until=ENDLESS, data=corpus, **hyperparameters):
        return Trainer(
            data,
            replace(COMPILED, **hyperparameters),
            recipe,
            RunSettings(cell=cell),
            until=until,
            checkpoints=Checkpoints(),
        )

    return make


def run_to(trainer, step, at_a_time=10**9, seconds=math.inf):
    """Train up to a step, or until the run ends or diverges; return all of it as one chunk."""
    chunks = [trainer.opening()]
    while trainer.step < step and trainer.ended is None and trainer.divergence is None:
        chunks.append(trainer.run(min(at_a_time, step - trainer.step), seconds))
    return Chunk.join(chunks)


def assert_same_state(found, expected):
    assert (found.step, found.events) == (expected.step, expected.events)
    assert found.hyperparameters == expected.hyperparameters
    np.testing.assert_array_equal(found.parameters.flat, expected.parameters.flat)
    assert found.values.keys() == expected.values.keys()
    for name, value in expected.values.items():
        if name != "held_out.measured":  # only what nobody has taken yet
            np.testing.assert_array_equal(found.values[name], value, err_msg=name)


SETUPS = {
    "rnn": {},
    "gru": {"cell": "gru", "optimizer": "adam"},
    "lstm": {"cell": "lstm", "clipping": "norm", "l2": 1e-3},
    "notebook": {"recipe": NOTEBOOK},  # carries the state from name to name
    "decay": {"decay": 0.05, "schedule": "exponential"},
}
EVERY_SETUP = pytest.mark.parametrize("setup", SETUPS)


@EVERY_SETUP
def test_dividing_steps_among_runs_does_not_matter(compiled_kernels, start, setup):
    whole = start(**SETUPS[setup])
    expected = run_to(whole, 2_100)
    for at_a_time, seconds in ((1, math.inf), (333, math.inf), (10**9, 0.002)):
        divided = start(**SETUPS[setup])
        chunk = run_to(divided, 2_100, at_a_time, seconds)
        for column in COLUMNS:
            np.testing.assert_array_equal(getattr(chunk, column), getattr(expected, column))
        assert chunk.held_out == expected.held_out
        np.testing.assert_array_equal(divided.parameters.flat, whole.parameters.flat)


@EVERY_SETUP
def test_it_is_the_run_of_numpy_but_for_the_last_bits(compiled_kernels, start, setup):
    trainers = [start(**SETUPS[setup], backend=backend) for backend in ("numpy", "compiled")]
    logged = [[], []]
    chunks = [trainer.opening() for trainer in trainers]
    for place, trainer in enumerate(trainers):
        while trainer.step < 2_100:
            chunks[place] = Chunk.join([chunks[place], trainer.run(2_100 - trainer.step)])
            if trainer.is_at_log_entry:
                logged[place].append(trainer.step)
    by_numpy, compiled = chunks
    for column in COLUMNS:
        found, expected = getattr(compiled, column), getattr(by_numpy, column)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert logged[0] == logged[1] == [1, 2_001]
    measured = [[each.step for each in chunk.held_out] for chunk in chunks]
    assert measured[0] == measured[1]
    kept = [[each.step for each in trainer.checkpoints] for trainer in trainers]
    assert set(kept[1]) < set(kept[0])  # quick steps are kept more rarely
    assert trainers[0].learner.loader.taken == trainers[1].learner.loader.taken


def test_it_is_told_kinds(compiled_kernels, start, kind_corpus):
    by_numpy, compiled = (
        start(data=kind_corpus, balance=0.5, backend=each) for each in ("numpy", "compiled")
    )
    expected, found = run_to(by_numpy, 500), run_to(compiled, 500)
    np.testing.assert_allclose(found.loss, expected.loss, rtol=1e-8)
    assert compiled.parameters.layers[0].K.any()
    np.testing.assert_allclose(compiled.parameters.flat, by_numpy.parameters.flat, atol=1e-9)


@pytest.mark.parametrize(
    "until",
    [Until(steps=777), Until(loss=1.9), Until(patience=1)],
    ids=["steps", "loss", "patience"],
)
def test_a_run_ends_after_the_same_step_as_with_numpy(compiled_kernels, start, until):
    ends = []
    for backend in ("numpy", "compiled"):
        trainer = start(until=until, learning_rate=0.05, backend=backend)
        run_to(trainer, 30_000)
        assert trainer.ended is not None
        ends.append((trainer.step, trainer.ended.reason))
    assert ends[0] == ends[1]


@CELLS
def test_a_run_diverges_at_the_same_step_as_with_numpy(compiled_kernels, start, cell):
    events = []
    for backend in ("numpy", "compiled"):
        trainer = start(cell, backend=backend)
        run_to(trainer, 300)
        wild = {"learning_rate": MAX_LEARNING_RATE, "clip": None, "optimizer": "momentum"}
        trainer.set_hyperparameters(replace(trainer.hyperparameters, **wild))
        run_to(trainer, 2_000)
        assert trainer.divergence is not None
        events.append([(each.step, each.kind) for each in trainer.record.events])
        trainer.roll_back(halve_rate=True)
        assert trainer.parameters.is_finite()
    assert events[0] == events[1]
    assert events[0][-1][1] == "diverged"


@EVERY_SETUP
def test_a_saved_run_goes_on_to_the_bit(compiled_kernels, start, corpus, tmp_path, setup):
    trainer = start(**SETUPS[setup])
    run_to(trainer, 431)
    save_run(tmp_path / "run.npz", corpus, trainer.state())
    restored = load_run(tmp_path / "run.npz").resume(corpus)
    assert restored.hyperparameters.backend == "compiled"
    for each in (trainer, restored):
        run_to(each, 900)
    assert_same_state(restored.state(), trainer.state())


@pytest.fixture
def changed_run(start):
    """Return a function that trains while its hyperparameters change; and its states by step."""

    def make(**setup):
        trainer, states = start(**setup), {}
        for changes in (
            {"backend": "numpy"},
            {"learning_rate": 0.005},
            {"backend": "compiled"},
            {"widths": (11,)},
            {"optimizer": "adam", "learning_rate": 0.002},
            {"batch": 4},
            {"batch": 1, "backend": "numpy"},
            {"backend": "compiled", "widths": (7,)},
        ):
            run_to(trainer, trainer.step + 130)
            trainer.set_hyperparameters(replace(trainer.hyperparameters, **changes))
            states[trainer.step] = trainer.state()
        run_to(trainer, trainer.step + 130)
        states[trainer.step] = trainer.state()
        return trainer, states

    return make


@CELLS
def test_changes_of_the_backend_are_repeated_to_the_bit(compiled_kernels, changed_run, cell):
    trainer, states = changed_run(cell=cell)
    whole = replace(trainer.history, checkpoints=())
    for step, expected in states.items():
        reached = reach(whole, trainer.corpus, step)
        assert reached.note == ""
        assert_same_state(reached.trainer.state(), expected)


def test_an_undone_change_of_the_backend_is_one_more_event(compiled_kernels, start):
    trainer = start(backend="numpy")
    before = trainer.hyperparameters
    run_to(trainer, 100)
    trainer.set_hyperparameters(replace(before, backend="compiled"), 1)
    run_to(trainer, 200)
    trainer.set_hyperparameters(before, 1, undo=True)
    run_to(trainer, 300)
    assert trainer.hyperparameters == before
    changes = [each.changes[0] for each in trainer.record.events]
    assert [(each.before, each.after) for each in changes] == [
        ("numpy", "compiled"),
        ("compiled", "numpy"),
    ]
    assert reach(trainer.history, trainer.corpus, 250).note == ""


def test_few_calls_of_a_kernel_make_a_chunk(compiled_kernels, start, monkeypatch):
    trainer, calls, learn = start(), [], CompiledPath.learn
    run_to(trainer, 1)  # is logged

    def counted(path, order, *rest):
        calls.append(len(order))
        return learn(path, order, *rest)

    monkeypatch.setattr(CompiledPath, "learn", counted)
    run_to(trainer, 251)
    assert sum(calls) == 250
    # It begins with few steps, as it does not know its pace, and ends at what is due and at epochs.
    assert len(calls) <= 9


def test_the_fixture_of_other_tests_makes_runs_with_each_backend(each_backend, corpus):
    trainer = Trainer(corpus, Hyperparameters())
    assert trainer.hyperparameters.backend == each_backend
    run_to(trainer, 60)
    by_numpy = Trainer(corpus, Hyperparameters(backend="numpy"))
    run_to(by_numpy, 60)
    same = np.array_equal(trainer.parameters.flat, by_numpy.parameters.flat)
    assert same == (each_backend == "numpy")


# Where the kernels are not ready.

SAID = "which is not ready here: it goes on with NumPy"


@pytest.fixture
def elsewhere(compiled_kernels, start, unload_kernels):
    """Return a run of 600 steps that was made with kernels, where there are none."""
    trainer = start()
    run_to(trainer, 600)
    unload_kernels()
    return Trainer.restored(trainer.corpus, trainer.state(), checkpoints=trainer.checkpoints)


def test_a_backend_that_is_not_ready_is_refused_and_nothing_is_changed(start):
    trainer = start(backend="numpy")
    with pytest.raises(KernelsNotReadyError, match=r"faster step.*pip install|engine compile"):
        trainer.set_hyperparameters(COMPILED)
    assert trainer.hyperparameters == replace(COMPILED, backend="numpy")
    assert not trainer.record.events
    run_to(trainer, 10)


def test_a_run_goes_on_with_numpy_as_an_event(elsewhere, start):
    with pytest.raises(KernelsNotReadyError):
        elsewhere.run(1)
    said = elsewhere.use_ready_backend()
    assert SAID in said
    assert "python -m engine compile" in said
    assert elsewhere.use_ready_backend() == ""
    run_to(elsewhere, 700)
    event = elsewhere.record.events[-1]
    (change,) = event.changes
    assert (event.step, change.name, change.after) == (600, "backend", "numpy")


def test_a_run_of_numpy_goes_on_as_it_is(start):
    trainer = start(backend="numpy")
    assert trainer.use_ready_backend() == ""
    assert not trainer.record.events


def test_the_nearest_checkpoint_takes_the_place_of_a_step_that_cannot_be_made(elsewhere):
    history = elsewhere.history
    step = max(each.step for each in history.checkpoints if each.step < 600)
    reached = reach(history, elsewhere.corpus, step + 1)
    assert reached.trainer.step == step
    assert "made with the faster step, which is not ready" in reached.note
    assert "processor" not in reached.note
    assert f"that of step {step:,}, is used instead" in reached.note


def test_futures_of_such_a_run_are_made_with_numpy(elsewhere):
    futures = Futures(elsewhere.corpus, elsewhere.state(), "learning_rate", [Turn(1.0)], 20)
    while not futures.is_over:
        futures.advance(1.0)
    assert futures.state(0).hyperparameters.backend == "numpy"
    assert futures.state(0).step == 620


def test_lanes_of_such_a_race_go_on_with_numpy(compiled_kernels, corpus, unload_kernels):
    lanes = titled([Lane(COMPILED), Lane(replace(COMPILED, learning_rate=0.01))])
    race = Race(corpus, lanes, RacePlan(steps=60))
    assert race.use_ready_backends() == ""
    unload_kernels()
    assert SAID in race.use_ready_backends()
    while not race.is_over:
        race.advance(1.0)
    assert {lane.trainer.hyperparameters.backend for lane in race.lanes} == {"numpy"}
    assert {lane.trainer.step for lane in race.lanes} == {60}
