import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.vocabulary import Vocabulary
from engine.nn.fast import split_batches as module
from engine.nn.fast.split_batches import rows_worth_splitting, run_both, split_batch
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import Network
from engine.nn.packing import Packed
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

EACH_BATCH_BACKEND = pytest.mark.usefixtures("each_batch_backend")
CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
MIXED = (2, 1, 13, 5, 13, 1, 17)
STEP = 1e-5


@pytest.fixture
def helper():
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def all_split(monkeypatch):
    """Split even the smallest batches."""
    monkeypatch.setattr(module, "_LEAST_ROWS", 1)
    monkeypatch.setattr(module, "_LEAST_BYTES", 1)


@pytest.fixture
def names_batch(random_names):
    names = random_names(6, MIXED, seed=1)
    return Packed.of(names, np.arange(len(names)))


@pytest.fixture
def make_pieces():
    def make(m=5, length=7, scored=7):
        symbols = np.random.default_rng(2).integers(0, 6, (m, length + 1))
        return Packed.of_pieces(symbols[:, :-1], symbols[:, length + 1 - scored :])

    return make


def assert_same_batch(found, expected):
    for name in ("inputs", "targets", "previous"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)
    for name in ("steps", "n_names", "unscored"):
        assert getattr(found, name) == getattr(expected, name)
    np.testing.assert_array_equal(found.kinds, expected.kinds)


# Splitting.


@given(texts=st.lists(st.text("abcd", max_size=9), min_size=2, max_size=9))
def test_the_halves_are_the_names_at_even_and_odd_places(texts):
    names = Vocabulary.from_names(["abcd"]).encode_all(texts)
    longest_first = np.array(sorted(range(len(texts)), key=lambda i: -len(texts[i])))
    for begin, half in enumerate(split_batch(Packed.of(names, np.arange(len(texts))))):
        assert_same_batch(half, Packed.of(names, longest_first[begin::2]))


@given(kinds=st.lists(st.integers(0, 3), min_size=2, max_size=9))
def test_the_halves_keep_the_kinds_of_their_names(kinds):
    texts = ["abcdabcda"[: 1 + 5 * i % 7] for i in range(len(kinds))]
    names = Vocabulary.from_names(["abcd"]).encode_all(texts)
    names = replace(names, kinds=np.array(kinds))
    longest_first = np.array(sorted(range(len(texts)), key=lambda i: -len(texts[i])))
    for begin, half in enumerate(split_batch(Packed.of(names, np.arange(len(texts))))):
        assert_same_batch(half, Packed.of(names, longest_first[begin::2]))


@pytest.mark.parametrize("m", [2, 3, 8])
@pytest.mark.parametrize("scored", [7, 1], ids=["stream", "window"])
def test_the_halves_of_a_text_batch_are_every_second_piece(m, scored):
    symbols = np.random.default_rng(3).integers(0, 6, (m, 8))
    inputs, targets = symbols[:, :-1], symbols[:, 8 - scored :]
    for begin, half in enumerate(split_batch(Packed.of_pieces(inputs, targets))):
        assert_same_batch(half, Packed.of_pieces(inputs[begin::2], targets[begin::2]))


def test_wider_networks_are_split_from_fewer_rows_on():
    rows = [rows_worth_splitting(4 * n_a * n_a * 4) for n_a in (1, 50, 128, 256, 1_000)]
    assert rows == sorted(rows, reverse=True)
    assert rows[2] <= 128  # two layers of 128 units on 128 names is the typical case
    assert rows[-1] > 1


# Split batches in a network.


@EACH_BATCH_BACKEND
@CELLS
def test_gradients_agree_with_finite_differences(make_parameters, names_batch, all_split, cell):
    parameters = make_parameters(6, (3, 2), 4, cell=cell, embedding=2)
    network = Network(parameters)
    network.loss_and_gradients(names_batch)
    numeric = np.empty_like(parameters.flat)
    for entry, value in enumerate(parameters.flat.copy()):
        losses = []
        for moved in (value + STEP, value - STEP):
            parameters.flat[entry] = moved
            losses.append(network.loss(names_batch))
        parameters.flat[entry] = value
        numeric[entry] = (losses[0] - losses[1]) / (2 * STEP)
    np.testing.assert_allclose(network.gradients.flat, numeric, rtol=1e-6, atol=1e-8)


@EACH_BATCH_BACKEND
@CELLS
@pytest.mark.parametrize("kind", ["names", "names of kinds", "stream", "window"])
def test_the_halves_add_up_to_the_whole_batch(
    make_parameters, names_batch, make_pieces, monkeypatch, cell, kind
):
    parameters = make_parameters(6, (5, 4), 5, cell=cell, n_kinds=3 if "kinds" in kind else 0)
    if "names" in kind:
        batch = replace(names_batch, kinds=np.array([2, 0, 2, 2, 0, 1, 0]))
    else:
        batch = make_pieces(scored=7 if kind == "stream" else 1)
    whole, halved = Network(parameters), []
    monkeypatch.setattr(module, "_LEAST_BYTES", 1)
    monkeypatch.setattr(module, "_LEAST_ROWS", 1)
    split = Network(parameters)
    monkeypatch.setattr(
        "engine.nn.layers.softmax_network.split_batch", lambda b: halved.append(b) or split_batch(b)
    )
    carried = [zero_states(parameters, batch.n_names) for _ in range(2)]
    states = carried if kind == "stream" else (None, None)
    for _ in range(2):  # the second time, from the states at the end of the first
        expected = whole.loss_and_gradients(batch, states=states[0])
        assert split.loss_and_gradients(batch, states=states[1]) == pytest.approx(expected)
        np.testing.assert_allclose(split.gradients.flat, whole.gradients.flat, rtol=0, atol=1e-12)
    for found, wanted in zip(*carried, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)
    assert halved == [batch, batch]


@EACH_BATCH_BACKEND
@CELLS
@pytest.mark.parametrize("kind", ["names", "stream", "window"])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_a_helper_changes_no_bit(
    make_parameters, names_batch, make_pieces, all_split, helper, cell, kind, dropout
):
    parameters = make_parameters(6, (5, 4), 6, cell=cell)
    batch = names_batch if kind == "names" else make_pieces(scored=7 if kind == "stream" else 1)
    found = []
    for one in (None, helper):
        network, random = Network(parameters, one), np.random.default_rng(6)
        states = zero_states(parameters, batch.n_names) if kind == "stream" else None
        losses = [network.loss_and_gradients(batch, dropout, random, states) for _ in range(2)]
        found.append(
            [*losses, network.gradients.flat, *(array for s in states or [] for array in s)]
        )
    for alone, helped in zip(*found, strict=True):
        np.testing.assert_array_equal(alone, helped)


@EACH_BATCH_BACKEND
def test_dropout_of_split_batches_is_seeded(make_parameters, make_pieces, all_split):
    network, batch = Network(make_parameters(6, (5,), 7)), make_pieces()
    first, again, other = (
        network.loss_and_gradients(batch, 0.5, np.random.default_rng(seed)) for seed in (0, 0, 1)
    )
    assert first == again
    assert len({first, other, network.loss(batch)}) == 3


class CountingHelper:
    """An executor that counts its tasks."""

    def __init__(self, executor):
        self.given, self._executor = 0, executor

    def submit(self, work, *arguments):
        self.given += 1
        return self._executor.submit(work, *arguments)


@pytest.mark.parametrize(("batch", "wanted"), [(8, 0), (128, 3)])
def test_a_trainer_with_a_helper_is_the_same_to_the_bit(corpus, helper, batch, wanted):
    hyperparameters = Hyperparameters(0.003, 5.0, (128, 128), optimizer="adam", batch=batch)
    settings = RunSettings(cell="lstm")
    counting = CountingHelper(helper)
    alone, helped = (
        Trainer(corpus, hyperparameters, settings=settings, helper=h) for h in (None, counting)
    )
    alone.run(1)
    helped.run(1)
    resumed = Trainer.restored(corpus, helped.state(), counting)
    alone.run(1)
    for trainer in (helped, resumed):
        trainer.run(1)
        np.testing.assert_array_equal(trainer.parameters.flat, alone.parameters.flat)
    assert counting.given == wanted


# Running both halves.


def test_results_are_returned_in_order(helper):
    assert run_both(lambda: 1.0, lambda: 2.0, helper) == (1.0, 2.0)
    assert run_both(lambda: 1.0, lambda: 2.0, None) == (1.0, 2.0)


def test_the_halves_run_in_parallel(helper):
    both = threading.Barrier(2, timeout=10)
    run_both(lambda: float(both.wait()), lambda: float(both.wait()), helper)


@pytest.mark.parametrize("raises", ["first", "second", "both"])
def test_an_exception_is_raised_when_both_halves_have_ended(helper, raises):
    begun, ended = threading.Event(), []

    def first():
        assert begun.wait(10)
        ended.append("first")
        if raises != "second":
            raise ZeroDivisionError("first")
        return 1.0

    def second():
        begun.set()
        while "first" not in ended:
            threading.Event().wait(0.01)
        threading.Event().wait(0.05)  # it is still running when the first one fails
        ended.append("second")
        if raises != "first":
            raise ZeroDivisionError("second")
        return 2.0

    with pytest.raises(ZeroDivisionError, match="second" if raises == "second" else "first"):
        run_both(first, second, helper)
    assert ended == ["first", "second"]


def test_the_helper_uses_the_callers_error_state(helper):
    def overflow():
        return float(np.multiply(np.full(3, 1e300), 1e300)[0])

    with np.errstate(all="ignore"):
        assert run_both(lambda: 1.0, overflow, helper) == (1.0, np.inf)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        run_both(lambda: 1.0, overflow, helper)
