"""What a step needs is reckoned well enough to refuse it before it is tried."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.data.text import text_of_symbols
from engine.data.vocabulary import Vocabulary
from engine.nn import memory
from engine.nn.cells import CELLS
from engine.nn.memory import NotEnoughMemoryError
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.step_memory import check_step_memory, step_bytes
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

LIMITED = """
import resource, sys
import engine.cli.main
resource.setrlimit(resource.RLIMIT_AS, (2_500_000_000, 2_500_000_000))
sys.exit(engine.cli.main.main(sys.argv[1:]))
"""


def text_of(n_symbols, length, seed=1):
    vocabulary = Vocabulary(tuple(chr(0x3400 + i) for i in range(n_symbols)))
    symbols = np.random.default_rng(seed).integers(0, n_symbols, length).astype(np.uint8)
    symbols[:n_symbols] = np.arange(n_symbols)
    return text_of_symbols(symbols, vocabulary, "random", lower_case=False)


@pytest.fixture
def free(monkeypatch):
    """Return a function that sets how much memory the machine has free."""

    def limit(n_bytes):
        monkeypatch.setattr(memory, "_free_of_machine", lambda: n_bytes)

    return limit


def peak_of_a_step(trainer):
    tracemalloc.start()
    trainer.run(1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("changes", "settings"),
    [
        ({}, {"dtype": "float32"}),
        ({"widths": (24, 40), "dropout": 0.3}, {"embedding": 20}),
        ({}, {"window": 12}),
    ],
)
def test_no_step_of_a_text_needs_more_than_is_reckoned(cell, changes, settings):
    text = text_of(40, 6_000)
    hyperparameters = Hyperparameters(**{"widths": (40,), "batch": 100} | changes)
    settings = RunSettings(cell=cell, length=20, **settings)
    peak = peak_of_a_step(Trainer(text, hyperparameters, settings=settings))
    assert peak <= step_bytes(text, hyperparameters, settings) < 3 * peak


@pytest.mark.parametrize("batch", [1, 30, 150])
def test_no_step_of_names_needs_more_than_is_reckoned(batch):
    random = np.random.default_rng(2)
    names = ["".join(random.choice(list("abcdef"), n)) for n in random.integers(1, 30, 90)]
    corpus = corpus_of_names(names, "random", 0, lower_case=True)
    hyperparameters, settings = Hyperparameters(widths=(20,), batch=batch), RunSettings(cell="gru")
    peak = peak_of_a_step(Trainer(corpus, hyperparameters, settings=settings))
    assert peak <= step_bytes(corpus, hyperparameters, settings)


@pytest.mark.parametrize("n_kinds", [3, 400])
@pytest.mark.parametrize("batch", [1, 150])
@pytest.mark.parametrize("cell", CELLS)
def test_no_step_of_names_of_kinds_needs_more_than_is_reckoned(cell, batch, n_kinds):
    random = np.random.default_rng(3)
    names = ["".join(random.choice(list("abcdef"), n)) for n in random.integers(1, 30, 800)]
    kinds = [f"kind {i % n_kinds}" for i in range(800)]
    corpus = corpus_of_names(names, "random", 0, lower_case=True, kinds=kinds)
    hyperparameters = Hyperparameters(widths=(20, 12), batch=batch, optimizer="adam")
    settings = RunSettings(cell=cell)
    trainer = Trainer(corpus, hyperparameters, settings=settings)
    peak = peak_of_a_step(trainer)
    assert peak <= step_bytes(corpus, hyperparameters, settings)
    plain = corpus_of_names(names, "random", 0, lower_case=True)
    added = trainer.parameters.flat.nbytes - (
        Trainer(plain, hyperparameters, settings=settings).parameters.flat.nbytes
    )
    assert added == 8 * n_kinds * len(CELLS[cell].GATES) * 32
    reckoned = [step_bytes(each, hyperparameters, settings) for each in (corpus, plain)]
    added += 8 * batch * 2 * len(CELLS[cell].GATES) * 20  # and its gradient, for each name
    assert reckoned[0] - reckoned[1] >= added


def test_the_sentence_names_what_makes_a_step_large(free):
    free(2_000_000_000)
    text = text_of(40, 5_000_000)
    large = Hyperparameters(widths=(512,), batch=4_096)
    needed = step_bytes(text, large, RunSettings(length=1_000))
    with pytest.raises(NotEnoughMemoryError) as raised:
        Trainer(text, large, settings=RunSettings(length=1_000))
    assert str(raised.value) == (
        f"A step of 512 units × 4,096 streams × 1,000 symbols needs {needed / 1e9:.1f} GB of "
        "memory, but only 2.0 GB are free. Choose fewer units, fewer streams or fewer symbols per "
        "step."
    )
    with pytest.raises(NotEnoughMemoryError, match=r"^A step of 512 units × 4,096 windows × 1,000"):
        Trainer(text, large, settings=RunSettings(window=1_000, cell="lstm"))


def test_a_change_that_needs_too_much_changes_nothing(free, lengths_corpus):
    trainer, twin = (Trainer(lengths_corpus, Hyperparameters(widths=(8,))) for _ in range(2))
    free(1_000_000)
    for changes in ({"batch": 4_096}, {"widths": (512,)}, {"widths": (8, 512)}):
        wanted = Hyperparameters(**{"widths": (8,)} | changes)
        with pytest.raises(NotEnoughMemoryError, match=r"letters needs .* Choose fewer units, or"):
            trainer.set_hyperparameters(wanted)
    assert trainer.record.events == ()
    trainer.run(20)
    twin.run(20)
    assert np.array_equal(trainer.parameters.flat, twin.parameters.flat)


def test_a_change_is_charged_only_for_what_it_adds(free, lengths_corpus):
    now = Hyperparameters(widths=(512,), batch=64)
    in_use = step_bytes(lengths_corpus, now, RunSettings())
    free(in_use // 2)
    for changes in ({"learning_rate": 0.5}, {"batch": 32}, {"batch": 65}, {"widths": (480,)}):
        wanted = Hyperparameters(**{"widths": (512,), "batch": 64} | changes)
        check_step_memory(lengths_corpus, wanted, RunSettings(), now)


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set otherwise")
def test_the_command_line_says_so_before_it_is_tried(root, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("\n".join(f"{letter * 190}" for letter in "abcdefghij"), encoding="utf-8")
    ended = subprocess.run(
        [
            *(sys.executable, "-c", LIMITED, "train", path, "--layout", "names", "--hidden", "512"),
            *("--layers", "4", "--cell", "lstm", "--batch", "512", "--steps", "1"),
            *("--save", tmp_path / "x.npz"),
        ],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    said = ended.stderr.splitlines()[-1]
    assert said.startswith("A step of 512 + 512 + 512 + 512 units × 512 names × up to 191 letters")
    assert ended.returncode == 1
    assert not (tmp_path / "x.npz").exists()
