"""Any step that is reached again is the run as it was, to the bit."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.cli.main import main
from engine.runs.reach import nearest_checkpoint, reach
from engine.runs.run_file import load_run, save_run
from engine.training.history.checkpoints import Checkpoint, Checkpoints
from engine.training.record import Event
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer


def assert_same_state(found, expected):
    assert (found.step, found.events) == (expected.step, expected.events)
    assert found.hyperparameters == expected.hyperparameters
    np.testing.assert_array_equal(found.parameters.flat, expected.parameters.flat)
    assert found.values.keys() == expected.values.keys()
    for name, value in expected.values.items():
        if name == "held_out.measured":  # only what nobody has taken yet
            continue
        np.testing.assert_array_equal(found.values[name], value, err_msg=name)


class RandomRun:
    """Trains while random events happen, and remembers the states between the steps."""

    def __init__(self, trainer, seed):
        self.trainer, self.random = trainer, np.random.default_rng(seed)
        self.states = {}
        self.group = 1

    def act(self):
        trainer, random = self.trainer, self.random
        now = trainer.hyperparameters
        kind = random.integers(8)
        if kind == 0:
            rate = float(random.choice([1e-3, 1e-2, 1e4]))  # the last makes it diverge
            trainer.set_hyperparameters(replace(now, learning_rate=rate))
        elif kind == 1:
            widths = (int(random.integers(4, 10)), *now.widths[1:])
            self.group += int(random.integers(2))
            trainer.set_hyperparameters(replace(now, widths=widths), self.group)
        elif kind == 2:
            widths = (int(random.integers(4, 10)), *now.widths[1:])
            group = max(self.group - int(random.integers(3)), 1)
            trainer.set_hyperparameters(replace(now, widths=widths), group, undo=True)
        elif kind == 3:
            trainer.go_to_best()
        elif kind == 4 and trainer.can_undo_go_to_best:
            trainer.undo_go_to_best()
        elif kind == 5:
            trainer.go_back(halve_rate=bool(random.random() < 0.5))
        elif kind == 6 and trainer.can_undo_go_back:
            trainer.undo_go_back()
        elif kind == 7 and trainer.divergence is not None:
            trainer.roll_back(halve_rate=True)

    def go(self, count):
        for _ in range(count):
            if self.random.random() < 0.5:
                self.act()
            self.states[self.trainer.step] = self.trainer.state()
            self.trainer.run(int(self.random.integers(1, 60)))
        self.states[self.trainer.step] = self.trainer.state()


@pytest.fixture
def random_run(corpus):
    def make(seed, cell="rnn", optimizer="sgd", batch=1, backend="numpy", **limits):
        trainer = Trainer(
            corpus,
            Hyperparameters(widths=(5,), optimizer=optimizer, batch=batch, backend=backend),
            settings=RunSettings(cell=cell),
            checkpoints=Checkpoints(**limits),
        )
        run = RandomRun(trainer, seed)
        run.go(40)
        return run

    return make


@pytest.mark.parametrize(
    ("seed", "chosen"),
    [
        *((seed, {}) for seed in range(3)),
        (0, {"cell": "gru", "optimizer": "adam"}),
        (1, {"cell": "lstm", "batch": 3}),
        (2, {"max_count": 4}),
    ],
    ids=str,
)
def test_every_step_is_as_it_was_to_the_bit(random_run, seed, chosen):
    run = random_run(seed, **chosen)
    history = run.trainer.history
    for step in run.random.choice(sorted(run.states), 8).tolist():
        reached = reach(history, run.trainer.corpus, step)
        assert reached.note == ""
        assert_same_state(reached.trainer.state(), run.states[step])


@pytest.mark.parametrize(("seed", "chosen"), [(0, {}), (3, {"cell": "gru", "optimizer": "adam"})])
def test_every_step_of_the_faster_step_is_as_it_was_to_the_bit(
    compiled_kernels, random_run, seed, chosen
):
    test_every_step_is_as_it_was_to_the_bit(random_run, seed, chosen | {"backend": "compiled"})


def test_going_on_from_a_step_is_as_if_the_run_had_never_gone_further(random_run, corpus):
    run = random_run(11)
    step = sorted(run.states)[20]
    history = run.trainer.history
    there = Trainer.restored(corpus, run.states[step])
    forked = reach(history, corpus, step).trainer
    for trainer in (there, forked):
        trainer.run(40)
        trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.002))
        trainer.run(40)
    assert_same_state(forked.state(), there.state())


def test_a_file_has_the_checkpoints_of_its_run(random_run, tmp_path, corpus):
    run = random_run(5)
    path = tmp_path / "run.npz"
    save_run(path, corpus, run.trainer.state(), checkpoints=run.trainer.checkpoints)
    saved = load_run(path)
    steps = [each.step for each in run.trainer.checkpoints]
    assert [each.step for each in saved.checkpoints] == steps
    for step in run.random.choice(sorted(run.states), 12).tolist():
        assert_same_state(reach(saved.history, corpus, step).trainer.state(), run.states[step])


def test_a_resumed_run_goes_on_taking_checkpoints(random_run, tmp_path, corpus):
    run = random_run(5)
    save_run(tmp_path / "run.npz", corpus, run.trainer.state(), checkpoints=run.trainer.checkpoints)
    resumed = load_run(tmp_path / "run.npz").resume()
    before = len(resumed.checkpoints)
    run.trainer, run.states = resumed, {}
    run.go(30)
    assert len(resumed.checkpoints) > before
    for step in sorted(run.states)[::5]:
        found = reach(resumed.history, corpus, step).trainer
        assert_same_state(found.state(), run.states[step])


def test_without_checkpoints_the_run_is_repeated_from_its_beginning(random_run, corpus):
    run = random_run(2)
    history = replace(run.trainer.history, checkpoints=())
    step = sorted(run.states)[-2]
    assert nearest_checkpoint(history) is None
    assert_same_state(reach(history, corpus, step).trainer.state(), run.states[step])


def test_a_step_that_was_not_made_is_refused(random_run, corpus):
    history = random_run(2).trainer.history
    for step in (-1, history.step + 1):
        with pytest.raises(ValueError, match=r"step must be from 0 to"):
            reach(history, corpus, step)


def of_another_machine(checkpoint):
    """Return the checkpoint as if it had been made with another processor."""
    values = dict(checkpoint.state.values)
    values["made_by.machines"] = [
        machine | {"processor": "Another"} for machine in values["made_by.machines"]
    ]
    return Checkpoint(replace(checkpoint.state, values=values), checkpoint.n_events)


@pytest.fixture
def foreign(corpus):
    """Return a history of 700 steps, with checkpoints of another machine at 250 and 500."""
    trainer = Trainer(corpus, Hyperparameters(widths=(5,)), checkpoints=Checkpoints())
    while trainer.step < 700:
        trainer.run(700 - trainer.step)
    history = trainer.history
    return replace(history, checkpoints=tuple(map(of_another_machine, history.checkpoints)))


def test_a_run_of_another_processor_that_repeats_alike_is_shown(foreign, corpus):
    reached = reach(foreign, corpus, 400)
    assert (reached.trainer.step, reached.note) == (400, "")


def test_a_run_of_another_processor_that_differs_is_said_to(foreign, corpus):
    last = foreign.checkpoints[-1]
    parameters = last.state.parameters.copy()
    parameters.flat[3] = np.nextafter(parameters.flat[3], 1)
    differs = replace(last, state=replace(last.state, parameters=parameters))
    history = replace(foreign, checkpoints=(*foreign.checkpoints[:-1], differs))
    reached = reach(history, corpus, 400)
    assert reached.trainer.step == 250
    assert reached.note == (
        "This run was made on another processor, so it cannot be repeated exactly here: its "
        "parameters differ by step 500. The nearest checkpoint, that of step 250, is used instead."
    )


def test_a_run_of_which_nothing_was_kept_begins_again(foreign, corpus):
    record = foreign.record
    event = Event(300, "go to best", (), 1.0)
    history = replace(foreign, record=replace(record, events=(event,)), checkpoints=())
    reached = reach(history, corpus, 400)
    assert reached.trainer.step == 0
    assert reached.note.startswith("This run cannot be repeated exactly: it differs ")
    assert reached.note.endswith(" The beginning of the run is used instead.")


def test_what_is_undone_after_the_step_is_no_difference_of_the_processor(corpus):
    trainer = Trainer(corpus, Hyperparameters(widths=(5,)), checkpoints=Checkpoints())

    def train(step):
        while trainer.step < step:
            trainer.run(step - trainer.step)

    train(300)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(4,)), 1)
    train(510)  # the checkpoint of step 500 does not know the units that are gone
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(5,)), 1, undo=True)
    train(760)
    history = trainer.history
    kept = [each for each in history.checkpoints if each.step != 510]
    history = replace(history, checkpoints=tuple(map(of_another_machine, kept)))
    reached = reach(history, corpus, 505)
    assert (reached.trainer.step, reached.note) == (505, "")


def test_progress_is_reported_and_can_end_the_search(foreign, corpus):
    class EnoughError(Exception):
        pass

    def stop(step):
        raise EnoughError

    with pytest.raises(EnoughError):
        reach(foreign, corpus, 699, stop)


def with_entries(path, change):
    """Change the entries of a file: their arrays, and the list of checkpoints."""
    entries = dict(np.load(path))
    listed = json.loads(bytes(entries["checkpoints"]).decode())
    change(entries, listed)
    entries["checkpoints"] = np.frombuffer(json.dumps(listed).encode(), np.uint8)
    np.savez(path, **entries)


def cut(entries, listed):
    entries["checkpoints/float64"] = entries["checkpoints/float64"][:-1]


def of_another_network(entries, listed):
    listed[1]["hyperparameters"]["widths"] = [7]


def without_a_value(entries, listed):
    del listed[0]["n_events"]


def in_another_order(entries, listed):
    listed.reverse()


def no_list(entries, listed):
    listed[0] = 3


@pytest.fixture
def saved_path(tmp_path, names_path):
    """Return the file of a run of 700 steps, which the command line has made."""
    path = tmp_path / "run.npz"
    words = "train", names_path, "--hidden", 5, "--steps", 700, "--save", path
    assert main([str(word) for word in words]) == 0
    return path


@pytest.mark.parametrize(
    "damage", [cut, of_another_network, without_a_value, in_another_order, no_list]
)
def test_damaged_checkpoints_are_left_out_and_said(saved_path, capsys, damage):
    whole = load_run(saved_path)
    expected = reach(whole.history, whole.data(), 400).trainer.parameters.flat
    with_entries(saved_path, damage)
    saved = load_run(saved_path)
    assert saved.checkpoints == ()
    sentence = (
        "The checkpoints in “run.npz” are damaged, so they were left out. The run can go on, but "
        "going back to an earlier step takes longer."
    )
    assert saved.damage == sentence
    found = reach(saved.history, saved.data(), 400).trainer.parameters.flat
    np.testing.assert_array_equal(found, expected)
    capsys.readouterr()
    for words in (
        ("sample", saved_path, "--at", 300, "--count", 3),
        ("resume", saved_path, "--steps", 5),
    ):
        assert main([str(word) for word in words]) == 0
        assert sentence in capsys.readouterr().err.splitlines()
    assert load_run(saved_path).damage == ""


def test_a_checkpoint_that_cannot_be_restored_is_passed_over(saved_path):
    whole = load_run(saved_path)

    def forget(entries, listed):
        del listed[-1]["values"]["smoothing.loss"]

    with_entries(saved_path, forget)
    saved = load_run(saved_path)
    assert len(saved.checkpoints) == len(whole.checkpoints)
    last = saved.checkpoints[-1].step
    reached = reach(saved.history, saved.data(), last)
    assert (reached.trainer.step, reached.note) == (last, "")
    expected = whole.checkpoints[-1].state.parameters.flat
    np.testing.assert_array_equal(reached.trainer.parameters.flat, expected)
