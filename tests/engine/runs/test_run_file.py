import itertools
import json
import re
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from engine.data.reader import read_data, read_text
from engine.data.reading.choices import ReadingChoices
from engine.nn.cells import CELLS
from engine.nn.optimizers import OPTIMIZERS
from engine.runs.run_file import load_run, save_run
from engine.runs.saved_network import SavedNetwork, load_network, save_network
from engine.storage.archive import CheckpointError
from engine.training.ending import Until
from engine.training.messages import Chunk
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

EACH_BACKEND = pytest.mark.usefixtures("each_backend")
SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)
EXTRAS = {"curve": np.arange(6.0).reshape(2, 3), "starred": ["Rex", "恐龙"], "seed": 3}


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    random = np.random.default_rng(1)
    lines = ("the rose is red\n", "the sky is blue\n", "so is my love, o\n")
    path = tmp_path_factory.mktemp("text") / "verse.txt"
    path.write_text("".join(lines[i] for i in random.integers(3, size=60)))
    return read_text(path)


@pytest.fixture(scope="module")
def begin(lengths_corpus, text):
    """Return a function that begins a run on names, or on a text in streams or windows."""

    def make(kind="names", recipe=DEFAULT, settings=None, **hyperparameters):
        more = {"streams": {"length": 7}, "windows": {"window": 6}}.get(kind, {})
        corpus = lengths_corpus if kind == "names" else text
        hyperparameters = Hyperparameters(
            **({"widths": (6,), "learning_rate": 0.01} | hyperparameters)
        )
        return Trainer(corpus, hyperparameters, recipe, RunSettings(**((settings or {}) | more)))

    return make


@pytest.fixture(scope="module")
def saved_run(tmp_path_factory, begin, advance):
    """Return the bytes of the file of a run of 60 steps."""
    trainer = begin(optimizer="momentum", batch=2)
    advance(trainer, 60)
    path = tmp_path_factory.mktemp("saved") / "run.npz"
    save_run(path, trainer.corpus, trainer.state(), EXTRAS)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, saved_run):
    """Return a file of its own for each test, which may damage it."""
    path = tmp_path / "run.npz"
    path.write_bytes(saved_run)
    return path


def reopened(trainer, tmp_path):
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state())
    return load_run(tmp_path / "run.npz").resume()


def assert_same_bits(found, expected):
    assert found.parameters.architecture == expected.parameters.architecture
    assert found.parameters.flat.tobytes() == expected.parameters.flat.tobytes()
    assert found.record == expected.record
    assert (found.step, found.epoch, found.smoothed_loss) == (
        expected.step,
        expected.epoch,
        expected.smoothed_loss,
    )


def assert_same_curve(found, expected):
    found, expected = Chunk.join(found), Chunk.join(expected)
    for name in ("loss", "characters", "smoothed_loss", "smoothed_characters"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes(), name
    assert found.held_out == expected.held_out


def change_course(trainer, advance, is_course):
    """Train while the learning rate, widths and layers change."""
    chunks = []
    for hyperparameters in (
        {"learning_rate": 0.02, "widths": (9,)},
        {"widths": (5,), "optimizer": "adagrad"},
        {"decay": 0.5} if is_course else {"widths": (5, 4), "batch": 3},
    ):
        trainer.set_hyperparameters(replace(trainer.hyperparameters, **hyperparameters))
        chunks += advance(trainer, 15)
    return chunks


RUNS = [
    *({"settings": {"cell": cell}, "optimizer": name, "batch": 2, "dropout": 0.2}
      for cell, name in zip(itertools.cycle(CELLS), OPTIMIZERS, strict=False)),
    *({"kind": kind, "settings": {"cell": cell}, "optimizer": "adam", "batch": batch}
      for kind in ("streams", "windows") for cell, batch in zip(CELLS, (1, 5, 2), strict=True)),
    {"recipe": NOTEBOOK},
    {"recipe": NOTEBOOK, "optimizer": "momentum"},
    {},
    {"settings": {"embedding": 3, "dtype": "float32"}, "l2": 0.01, "clipping": "norm", "clip": 1.0},
]  # fmt: skip


@EACH_BACKEND
@pytest.mark.parametrize("chosen", RUNS, ids=str)
def test_a_resumed_run_continues_as_if_it_had_never_been_saved(tmp_path, begin, advance, chosen):
    whole = begin(**chosen)
    advance(whole, 35)
    split = reopened(whole, tmp_path)
    assert_same_bits(split, whole)
    is_course = chosen.get("recipe") is NOTEBOOK
    curve = change_course(whole, advance, is_course)
    once_more = reopened(split, tmp_path)
    assert_same_curve(change_course(once_more, advance, is_course), curve)
    assert_same_bits(once_more, whole)
    again = reopened(once_more, tmp_path)
    assert_same_curve(advance(again, 30), advance(whole, 30))
    assert_same_bits(again, whole)


@EACH_BACKEND
def test_another_process_continues_to_the_bit(tmp_path, begin, advance, run_python):
    whole = begin(optimizer="adam", batch=3, settings={"cell": "gru"})
    advance(whole, 50)
    save_run(tmp_path / "half.npz", whole.corpus, whole.state())
    command = ("-m", "engine", "resume", tmp_path / "half.npz", "--steps", "300")
    ended = run_python(*command, "--save", tmp_path / "whole.npz")
    assert ended.returncode == 0, ended.stderr
    whole.set_until(Until(steps=350))
    advance(whole, 300)
    assert_same_bits(load_run(tmp_path / "whole.npz").resume(), whole)


@EACH_BACKEND
def test_a_resumed_run_that_had_just_diverged_can_roll_back_or_go_on(tmp_path, begin):
    whole = begin(learning_rate=1e12)
    while whole.divergence is None:
        whole.run(10)
    split = reopened(whole, tmp_path)
    assert split.divergence == whole.divergence
    assert split.divergence.can_go_on
    for trainer in (whole, split):
        trainer.go_on()
        trainer.run(10)
        trainer.roll_back(halve_rate=True)
        trainer.run(10)
    assert_same_bits(split, whole)


def test_extras_and_the_network_come_back(path):
    saved = load_run(path)
    assert saved.extras.keys() == EXTRAS.keys()
    np.testing.assert_array_equal(saved.extras["curve"], EXTRAS["curve"])
    assert saved.extras["starred"] == EXTRAS["starred"]
    network = load_network(path)
    assert (network.step, network.kind) == (saved.state.step, "names")
    assert network.parameters.flat.tobytes() == saved.state.parameters.flat.tobytes()


def test_a_file_name_that_is_not_unicode_can_be_stored(tmp_path, begin):
    trainer = begin()
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), {"path": "/data/\udce4.txt"})
    assert load_run(tmp_path / "run.npz").extras["path"] == "/data/\udce4.txt"


def test_numpy_reads_it_without_pickle(path):
    with np.load(path, allow_pickle=False) as file:
        content = dict(file)
    assert {"header", "symbols", "Wax", "run", "record", "data", "data/names"} <= content.keys()
    assert json.loads(bytes(content["data"]))["source"] == "names.txt"


@pytest.mark.parametrize("kind", ["names", "streams"])
def test_data_need_not_be_in_the_file(tmp_path, begin, make_corpus, kind):
    trainer = begin(kind)
    save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), with_data=False)
    saved = load_run(tmp_path / "run.npz")
    with pytest.raises(CheckpointError, match="is not in its file"):
        saved.resume()
    with pytest.raises(CheckpointError, match="its fingerprint differs"):
        saved.resume(make_corpus(["rex", "mei"]))
    assert_same_bits(saved.resume(trainer.corpus), trainer)


@pytest.fixture
def read_run(tmp_path):
    """Return a run on names that were read with choices; its data are not in the file."""
    path = tmp_path / "table.txt"
    path.write_text("Rex|North\nMei|South\nYi|East\n")
    corpus = read_data(path, ReadingChoices(column=2, header=False))
    trainer = Trainer(corpus)
    save_run(tmp_path / "run.npz", corpus, trainer.state(), with_data=False)
    return tmp_path / "run.npz", path


def test_the_choices_that_data_were_read_with_are_kept(read_run):
    run, path = read_run
    saved = load_run(run)
    assert saved.choices == ReadingChoices(column=2, header=False)
    saved.resume(read_data(path, saved.choices, kind="names"))
    with pytest.raises(CheckpointError, match="its fingerprint differs"):
        saved.resume(read_data(path, ReadingChoices(column=1)))


@pytest.mark.parametrize("reading", ['{"column": 0}', '{"colour": 1}', "[3]"])
def test_choices_that_cannot_be_are_refused(read_run, reading):
    run, _ = read_run
    with np.load(run) as file:
        entries = dict(file)
    data = json.loads(bytes(entries["data"])) | {"reading": json.loads(reading)}
    entries["data"] = np.frombuffer(json.dumps(data).encode(), dtype=np.uint8)
    np.savez(run, **entries)
    with pytest.raises(CheckpointError, match="is damaged") as caught:
        load_run(run)
    assert SENTENCE.match(str(caught.value))


def test_a_network_without_a_run_is_refused(tmp_path, begin):
    trainer = begin()
    save_network(tmp_path / "model.npz", SavedNetwork(trainer.parameters, trainer.vocabulary))
    assert_refused(tmp_path / "model.npz", "holds a network without a run")


def test_values_that_cannot_be_stored_are_refused(tmp_path, begin):
    trainer = begin()
    for extra in (np.array([object()]), float("nan"), {1, 2}):
        with pytest.raises((ValueError, TypeError)):
            save_run(tmp_path / "run.npz", trainer.corpus, trainer.state(), {"extra": extra})
    assert list(tmp_path.iterdir()) == []


# Files that cannot be used.


def assert_refused(path, *phrases):
    with pytest.raises(CheckpointError) as caught:
        load_run(path).resume()
    message = str(caught.value)
    assert SENTENCE.match(message), message
    for words in phrases:
        assert words in message, message


def test_a_file_truncated_anywhere(path):
    content = path.read_bytes()
    for length in {*range(0, len(content), 97), *range(len(content) - 100, len(content))}:
        path.write_bytes(content[:length])
        assert_refused(path)


@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.long)])
def test_flipped_bytes_are_noticed_or_do_not_matter(path, count):
    content, random = path.read_bytes(), np.random.default_rng(5)
    expected, refused = load_run(path).resume(), 0
    for place in random.integers(len(content), size=count):
        damaged = bytearray(content)
        damaged[place] ^= random.integers(1, 256)
        path.write_bytes(damaged)
        try:
            found = load_run(path).resume()
        except CheckpointError:
            refused += 1
        else:
            assert_same_bits(found, expected)
    assert refused > count / 2


def forge(path, name, change):
    """Change an entry, and write a file with correct checksums."""
    with np.load(path) as file:
        content = dict(file)
    is_json = name in ("run", "record", "data", "header", "extras")
    value = json.loads(bytes(content[name])) if is_json else content[name]
    value = change(value)
    content[name] = np.frombuffer(json.dumps(value).encode(), np.uint8) if is_json else value
    np.savez(path, **content)


@pytest.mark.parametrize("value", [None, -1, "x", 10**40, 1.5, [], {"x": 1}, True], ids=repr)
@pytest.mark.parametrize(
    "name",
    [
        "learner.loader.taken", "learner.loader.position", "learner.loader.random",
        "learner.random", "learner.optimizer.steps", "divergence_guard.good_widths",
        "held_out.next_at", "recipe", "settings", "hyperparameters", "initial_hyperparameters",
    ],
)  # fmt: skip
def test_a_forged_state_is_refused(path, name, value):
    forge(path, "run", lambda run: run | {name: value})
    assert_refused(path)


@pytest.mark.parametrize(
    "name",
    [
        "run/divergence_guard.good_parameters",
        "run/learner.optimizer.moment.0",
        "run/smoothing.loss_average",
    ],
)
@pytest.mark.parametrize(
    "change", [lambda a: a[:-1], lambda a: a.astype("f4"), lambda a: a[None]], ids=["n", "f4", "2d"]
)
def test_arrays_of_another_shape_or_type_are_refused(path, name, change):
    forge(path, name, change)
    assert_refused(path)


def event(kind, changes, smoothed_loss=None):
    return {"step": 1, "kind": kind, "changes": changes, "smoothed_loss": smoothed_loss}


@pytest.mark.parametrize(
    "events",
    [
        3,
        [3],
        [[1, "set hyperparameters", [], None]],
        [event("explode", [])],
        [event("set hyperparameters", [1], 2)],
        [event("set hyperparameters", [{"name": "widths"}])],
    ],
)
def test_a_forged_record_is_refused(path, events):
    forge(path, "record", lambda _: events)
    assert_refused(path)


def test_data_that_does_not_match_the_network_is_refused(path):
    forge(path, "data/names", lambda names: names[::-1].copy())
    assert_refused(path, "is damaged")


def test_two_entries_with_the_same_name_are_refused(path):
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("run.npy", b"")
    assert_refused(path, "two of its entries have the same name")


# Ends that come at any moment.

_SAVES = """
import os, pathlib, random, signal, sys, time
import engine.runs.run_file as files
import numpy as np
from engine.data.corpus import corpus_of_names
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

path, rounds, task = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
names, kinds = ["rex", "mei", "allo", "dino"], ["short", "short", "long", "long"]
corpus = corpus_of_names(
    names, "names.txt", 0, lower_case=True, kinds=None if task == "names" else kinds)
settings = RunSettings() if task == "names" else RunSettings(task=task)
random_delay, last = random.Random(1), 0
for number in range(rounds):
    before = path.stat().st_ino if path.exists() else None
    child = os.fork()
    if not child:
        trainer = files.load_run(path).resume() if path.exists() else Trainer(
            corpus, Hyperparameters(widths=(64,), balance=0.5), settings=settings)
        while True:
            trainer.run(1)
            files.save_run(path, corpus, trainer.state(), {"curve": np.zeros(20_000)})
    # However slow the machine is, every other child is killed in the midst of its saves.
    while number % 2 == 0 and (path.stat().st_ino if path.exists() else None) == before:
        time.sleep(0.001)
    time.sleep(random_delay.uniform(0.0, 0.08))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if path.exists():
        step = files.load_run(path).resume().step
        assert step >= last, (step, last)
        last = step
print(last)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize("task", ["names", "write", "tell"])
@pytest.mark.parametrize("rounds", [10, pytest.param(300, marks=pytest.mark.long)])
def test_a_kill_while_saving_leaves_a_whole_file(tmp_path, run_python, rounds, task):
    ended = run_python("-c", _SAVES, tmp_path / "run.npz", rounds, task, timeout=600)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 0, "nothing was ever saved"
