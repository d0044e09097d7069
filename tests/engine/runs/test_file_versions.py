"""Files of earlier versions still open, and their runs continue as the code of that time did.

The files in files/ were written by that code: version 1 by the first commit with model files,
version 2 by the first one with texts, "version-3-first" by the first one with whole runs, and the
others of version 3 by the last one before version 4. Those of version 4 are three of version 3,
saved again by the last commit before version 5. That of version 5 is a run whose learning rate
falls from the beginning of the run, whatever is set later, as it did at first. expected.npz holds
what that last commit computed for each run: the parameters, the smoothed loss and the epoch 25
steps after it reopened the file. The present code cannot write any of these files again.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data.reading.choices import ReadingChoices
from engine.data.vocabulary import END
from engine.runs.file_versions import VERSION, upgrade
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import load_network
from engine.sampling.names import sample_names
from engine.sampling.text import TextGenerator
from engine.training.settings import RunSettings

FILES = Path(__file__).parent / "files"
RUNS = sorted(path.stem for path in FILES.glob("version-[34]-*.npz"))
NETWORKS = sorted(path.stem for path in FILES.glob("version-*.npz"))
STEPS = 25

SETTING, UNDOING = "set hyperparameters", "undo resize"
BACK = "go back and halve the rate"
_DIVERGED = [
    (10, SETTING), (11, "diverged"), (11, "roll back and halve the rate"), (12, "diverged"),
    (12, "go on"), (12, "diverged"),
]  # fmt: skip
_NAMES = [(20, SETTING), (25, SETTING), (30, UNDOING)]
EVENTS = {
    "version-3-diverged": _DIVERGED,
    "version-3-first": [(20, SETTING)],
    "version-3-names": _NAMES,
    "version-3-notebook": [(30, SETTING)],
    "version-3-streams": [],
    "version-3-warm-start": [],
    "version-3-windows": [],
    "version-4-diverged": _DIVERGED,
    "version-4-names": _NAMES,
    "version-4-streams": [],
}


@pytest.fixture(scope="module")
def expected():
    with np.load(FILES / "expected.npz") as file:
        return dict(file)


def arithmetic():
    """Return a digest of results whose last bits depend on the processor and the libraries."""
    random, parts = np.random.default_rng(1), []
    for dtype in ("float32", "float64"):
        a, b = random.normal(size=(2, 24, 24)).astype(dtype)
        parts += [np.tanh(a @ b), np.exp(a @ b[0]), a @ b.T, a[:3] @ b, a[0] @ b]
    digest = hashlib.sha256(b"".join(part.tobytes() for part in parts)).digest()
    return np.frombuffer(digest, np.uint8)


def resumed(name):
    """Resume a run; one that has just diverged is rolled back and slowed down, as in the file."""
    trainer = load_run(FILES / f"{name}.npz").resume()
    if trainer.divergence is not None:
        trainer.roll_back()
        trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.01))
    return trainer


def assert_as_expected(trainer, name, expected):
    """Compare to the bit where the arithmetic is that of the machine that made the files."""
    parameters, smoothed = expected[f"{name}.parameters"], expected[f"{name}.smoothed"]
    found = np.array([trainer.smoothed_loss, trainer.epoch])
    if np.array_equal(arithmetic(), expected["arithmetic"]):
        np.testing.assert_array_equal(trainer.parameters.flat, parameters)
        np.testing.assert_array_equal(found, smoothed)
    tolerance = 1e-3 if parameters.dtype == np.float32 else 1e-7
    np.testing.assert_allclose(trainer.parameters.flat, parameters, rtol=0, atol=tolerance)
    np.testing.assert_allclose(found, smoothed, rtol=tolerance)


@pytest.mark.parametrize(
    ("data", "reading"),
    [
        ({"source": "list.txt", "kind": "names"}, {"clean": False, "layout": "names"}),
        ({"source": "verse.txt", "kind": "text"}, {"clean": False, "layout": "text"}),
        ({"source": "Exported.CSV", "kind": "names"}, {"clean": False}),
    ],
)
def test_data_of_version_4_are_read_as_they_were(data, reading):
    upgraded = upgrade({"header": {"version": 4}, "data": data})
    assert upgraded["data"] == data | {"reading": reading}
    assert ReadingChoices.from_json(reading).to_json() == reading


def test_there_is_a_file_for_each_of_the_expected_events():
    assert sorted(EVENTS) == RUNS
    assert {name[: len("version-1")] for name in NETWORKS} == {
        f"version-{version}" for version in range(1, VERSION + 1)
    }


@pytest.mark.parametrize("name", RUNS)
def test_a_run_continues_as_it_would_have_then(name, expected, advance):
    trainer = resumed(name)
    advance(trainer, STEPS)
    assert_as_expected(trainer, name, expected)


@pytest.mark.parametrize("name", RUNS)
def test_the_losses_of_earlier_versions_are_smoothed_as_they_were(name):
    """A run begun now is smoothed over a share of the run instead."""
    assert load_run(FILES / f"{name}.npz").state.settings.smoothing == "fixed"
    assert RunSettings().smoothing == "growing"


@pytest.mark.parametrize("name", RUNS)
def test_a_run_saved_again_in_the_present_version_continues_the_same(
    name, expected, advance, tmp_path
):
    old, path = load_run(FILES / f"{name}.npz"), tmp_path / "new.npz"
    trainer = old.resume()
    save_run(path, trainer.corpus, trainer.state(), old.extras)
    new = load_run(path)
    with np.load(path) as file:
        assert json.loads(bytes(file["header"]))["version"] == VERSION
    assert new.record == old.record
    assert new.state.values.keys() == old.state.values.keys()
    trainer = new.resume()
    if trainer.divergence is not None:
        trainer.roll_back()
        trainer.set_hyperparameters(replace(trainer.hyperparameters, learning_rate=0.01))
    advance(trainer, STEPS)
    assert_as_expected(trainer, name, expected)


@pytest.mark.parametrize("name", RUNS)
def test_a_record_is_read_and_replayed(name, expected):
    saved = load_run(FILES / f"{name}.npz")
    assert [(event.step, event.kind) for event in saved.record.events] == EVENTS[name]
    found = replay(saved.record, saved.data(), saved.network.parameters, saved.state.step)
    # The order of sums changed soon after the first run was written, and with it its last bits.
    if np.array_equal(arithmetic(), expected["arithmetic"]) and name != "version-3-first":
        assert found.difference is None
        assert (found.steps, found.events) == (saved.state.step, len(EVENTS[name]))


def test_a_rate_of_the_first_runs_of_version_5_falls_from_their_beginning(
    expected, advance, tmp_path
):
    """Also after the rate, the decay and the schedule were set, and when saved again."""
    name = "version-5-falling"
    saved = load_run(FILES / f"{name}.npz")
    assert [event.kind for event in saved.record.events] == [*[SETTING] * 3, BACK]
    found = replay(saved.record, saved.data(), saved.network.parameters, saved.state.step)
    if np.array_equal(arithmetic(), expected["arithmetic"]):
        assert (found.difference, found.steps, found.events) == (None, 60, 4)
    trainer = saved.resume()
    assert (trainer.learner.decay_start, trainer.decay_epoch) == (0, trainer.epoch)
    save_run(tmp_path / "new.npz", trainer.corpus, trainer.state())
    for each in (trainer, load_run(tmp_path / "new.npz").resume()):
        advance(each, STEPS)
        assert_as_expected(each, name, expected)


def test_an_undone_resize_keeps_its_place_in_the_record():
    events = load_run(FILES / "version-3-names.npz").record.events
    assert [event.resize for event in events] == [None, 1, 1]
    assert [change.name for event in events for change in event.changes] == [
        "learning_rate", "widths", "widths",
    ]  # fmt: skip
    assert (events[1].changes[0].before, events[1].changes[0].after) == ((6,), (4,))


def test_a_warm_start_is_read():
    warm_start = load_run(FILES / "version-3-warm-start.npz").record.warm_start
    assert (warm_start.source, warm_start.step) == ("version-3-names.npz", 40)
    assert warm_start.parameters is not None


@pytest.mark.parametrize("name", RUNS)
def test_extras_are_passed_on_unchanged(name):
    extras = load_run(FILES / f"{name}.npz").extras
    assert extras["unit"] == "nats a name"
    np.testing.assert_array_equal(extras["curve.raw a name.x"], np.arange(4.0))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_opens_and_can_be_sampled_from(name):
    network = load_network(FILES / f"{name}.npz")
    with np.load(FILES / f"{name}.npz") as file:
        for array_name, array in network.parameters.named.items():
            np.testing.assert_array_equal(array, file[array_name])
    if network.kind == "names":
        (sampled,) = sample_names(network.parameters, network.vocabulary, 1, seed=1)
        assert sampled
    else:
        writer = TextGenerator(network.parameters, network.vocabulary, window=network.window)
        assert len(writer.write(20)) == 20
    assert END in network.vocabulary.symbols


def test_what_version_1_did_not_say():
    network = load_network(FILES / "version-1-network.npz")
    assert (network.kind, network.lower_case, network.window) == ("names", True, None)
    assert (network.step, network.seed, network.parameters.architecture.cell) == (30, 2, "gru")


def test_what_version_2_says():
    network = load_network(FILES / "version-2-network.npz")
    assert (network.kind, network.window, network.held_out) == ("text", 6, 0.2)


@pytest.mark.parametrize("version", [0, -1, VERSION + 1, "1", None, 1.0, True])
def test_an_unknown_version_is_refused(version):
    with pytest.raises(ValueError, match=f"version must be a whole number from 1 to {VERSION}"):
        upgrade({"header": {"version": version}})
