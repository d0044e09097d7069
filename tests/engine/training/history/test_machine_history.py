"""A run's file says on which machines it was made, whatever file and machine they are."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.cli.main import main
from engine.nn.machine import Machine, this_machine
from engine.runs.run_file import load_run, save_run
from engine.storage.archive import CheckpointError
from engine.training.history import machine_history
from engine.training.history.machine_history import MAX_MACHINES
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

OTHER = Machine("Another processor", "1.99", "some-blas 3", "Penryn")
SMALL = Hyperparameters(widths=(4,))


def as_json(machine, step=0):
    return {"step": step, **vars(machine)}


@pytest.fixture
def run_path(lengths_corpus, tmp_path):
    """Return the file of a run of three steps."""
    trainer = Trainer(lengths_corpus, SMALL)
    while trainer.step < 3:
        trainer.run(3 - trainer.step)
    save_run(tmp_path / "run.npz", lengths_corpus, trainer.state())
    return tmp_path / "run.npz"


@pytest.fixture
def forge(run_path):
    """Return a function that changes the machines in the file, and its last parameters."""

    def change(machines, *, parameters=False):
        with np.load(run_path) as archive:
            entries = dict(archive)
        run = json.loads(entries["run"].tobytes()) | {"made_by.machines": machines}
        entries["run"] = np.frombuffer(json.dumps(run).encode(), np.uint8)
        if parameters:
            entries["by"] = entries["by"] + 1e-9
        np.savez(run_path, **entries)

    return change


def machines_in(path):
    return load_run(path).state.values["made_by.machines"]


def test_the_file_names_processor_numpy_and_kernel(run_path):
    assert machines_in(run_path) == [as_json(this_machine())]
    machine = this_machine()
    assert machine.processor
    assert machine.numpy == np.__version__
    assert machine.blas


@pytest.mark.skipif(
    "openblas" not in this_machine().blas or sys.platform != "linux", reason="another library"
)
def test_the_kernel_is_the_one_that_openblas_uses(root):
    """OpenBLAS is told by the environment to use the kernel of another processor."""
    code = "from engine.nn.machine import this_machine; print(this_machine().kernel)"
    chosen = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={"OPENBLAS_CORETYPE": "Nehalem"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert this_machine().kernel
    assert chosen.stdout.strip() in ("Nehalem", this_machine().kernel)


def test_a_run_that_moves_keeps_the_machines_in_their_order(run_path, forge, monkeypatch):
    forge([as_json(OTHER)])
    saved = load_run(run_path)
    trainer = saved.resume()
    trainer.run(2)
    save_run(run_path, trainer.corpus, trainer.state())
    assert machines_in(run_path) == [as_json(OTHER), as_json(this_machine(), 3)]
    trainer = load_run(run_path).resume()
    trainer.run(1)
    assert trainer.state().values["made_by.machines"] == machines_in(run_path), "no new machine"
    monkeypatch.setattr(machine_history, "this_machine", lambda *_: OTHER)
    assert len(trainer.state().values["made_by.machines"]) == 3


def test_a_run_that_has_moved_often_can_still_be_opened(run_path, forge):
    forge([as_json(replace(OTHER, numpy=str(number))) for number in range(MAX_MACHINES)])
    trainer = load_run(run_path).resume()
    save_run(run_path, trainer.corpus, trainer.state())
    found = machines_in(run_path)
    assert len(found) == MAX_MACHINES
    assert found[-1] == as_json(this_machine(), 3)
    load_run(run_path).resume()


@pytest.mark.parametrize(
    ("machines", "what"),
    [
        (None, "machines is missing"),
        ({}, "machines must be a list"),
        ([as_json(OTHER)] * (MAX_MACHINES + 1), "machines must be a list"),
        (["Zen"], "A machine must be an object"),
        ([as_json(OTHER, -1)], "step must be a whole number"),
        ([as_json(OTHER) | {"kernel": "\udc80"}], "kernel must be a text"),
        ([as_json(OTHER) | {"processor": "x" * 201}], "processor must be a text"),
        ([as_json(OTHER) | {"numpy": 2}], "numpy must be a text"),
    ],
)
def test_machines_out_of_range_are_refused(run_path, forge, machines, what):
    forge(machines)
    with pytest.raises(CheckpointError, match=what):
        load_run(run_path).resume()


@pytest.mark.parametrize(
    ("machines", "said"),
    [
        ([], "Its file does not say on which machine it was made."),
        (
            [as_json(OTHER, 2)],
            "Its file does not name the machine of its first 2 steps.",
        ),
        ([as_json(this_machine())], "Its file was made on a machine like this one."),
        (
            [as_json(replace(this_machine(), numpy="1.99", kernel="Penryn"))],
            "Its file was made with NumPy 1.99, the kernel Penryn. This machine has NumPy "
            f"{np.__version__}, the kernel {this_machine().kernel or 'unknown'}.",
        ),
    ],
)
def test_a_replay_that_differs_names_the_difference(run_path, forge, capsys, machines, said):
    forge(machines, parameters=True)
    assert main(["replay", str(run_path)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Replayed 3 steps and 0 events: it differs at the end, first in by")
    assert second == said


def test_a_replay_that_is_the_same_says_nothing_of_machines(run_path, forge, capsys):
    forge([as_json(OTHER)])
    assert main(["replay", str(run_path)]) == 0
    assert capsys.readouterr().out == "Replayed 3 steps and 0 events: the same to the bit.\n"
