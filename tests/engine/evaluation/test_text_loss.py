from itertools import pairwise

import numpy as np
import pytest

from engine.evaluation import text_loss
from engine.evaluation.text_loss import (
    loss_of_documents,
    loss_of_pieces,
    loss_of_text,
    loss_of_windows,
)
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL


def one_by_one(parameters, whole, begin):
    """Return the mean loss of whole[begin:], all of it read symbol by symbol."""
    states, before, losses = zero_states(parameters, 1), NO_SYMBOL, []
    for symbol in whole:
        states, z = read_step(parameters, states, np.array([before]))
        losses.append(np.log(np.exp(z[0]).sum()) - z[0, symbol])
        before = symbol
    return np.mean(losses[begin:])


@pytest.mark.parametrize("count", [1, 100, 101, 437])
def test_is_the_mean_over_symbols_read_one_after_the_other(make_parameters, count):
    # Small weights forget quickly: what stands more than a hundred symbols back does not count.
    parameters = make_parameters(5, 4, 1, scale=0.3, cell="gru")
    whole = np.random.default_rng(1).integers(0, 5, 150 + count)
    loss = loss_of_text(parameters, whole[:150], whole[150:])
    assert loss.nats_per_character == pytest.approx(one_by_one(parameters, whole, 150), rel=1e-9)
    assert loss.nats_per_name == loss.nats_per_character


def test_every_symbol_counts_once(make_parameters):
    # Without a memory and with biases alone, the loss is a count.
    parameters = make_parameters(3, 4, 2)
    parameters.Wya[:], parameters.by[:] = 0.0, np.log([0.5, 0.25, 0.25])
    symbols = np.array([0] * 700 + [1] * 331)
    loss = loss_of_text(parameters, symbols[:3], symbols).nats_per_character
    assert loss == pytest.approx((700 * np.log(2) + 331 * np.log(4)) / 1031, rel=1e-12)


def test_a_window_is_all_that_is_known(make_parameters):
    parameters = make_parameters(5, 4, 3, scale=1.0, cell="lstm")
    whole = np.random.default_rng(2).integers(0, 5, 60)
    losses = []
    for place in range(20, 60):
        states = zero_states(parameters, 1)
        for symbol in whole[place - 7 : place]:
            states, z = read_step(parameters, states, np.array([symbol]))
        losses.append(np.log(np.exp(z[0]).sum()) - z[0, whole[place]])
    found = loss_of_windows(parameters, whole, np.arange(20, 60), 7)
    assert found.nats_per_character == pytest.approx(np.mean(losses), rel=1e-12)
    some = loss_of_windows(parameters, whole, np.array([20, 59]), 7)
    assert some.nats_per_character == pytest.approx((losses[0] + losses[-1]) / 2, rel=1e-12)


def test_a_window_at_the_beginning_of_a_text_reads_nothing_before_it(make_parameters):
    parameters = make_parameters(5, 4, 3, scale=1.0, cell="lstm")
    whole = np.array([3, 1, 4, 1])
    states, before = zero_states(parameters, 1), [NO_SYMBOL, NO_SYMBOL, 3]
    for symbol in before:
        states, z = read_step(parameters, states, np.array([symbol]))
    expected = np.log(np.exp(z[0]).sum()) - z[0, 1]
    found = loss_of_windows(parameters, whole, np.array([1]), 3)
    assert found.nats_per_character == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("starts", [[150, 300, 512], [0, 40, 300]], ids=["late", "early"])
def test_the_context_of_a_piece_is_what_stands_before_it_in_the_text(make_parameters, starts):
    # Small weights forget quickly: what stands more than a hundred symbols back does not count.
    parameters = make_parameters(5, 4, 1, scale=0.3, cell="gru")
    whole = np.random.default_rng(1).integers(0, 5, 700)
    found = loss_of_pieces(parameters, whole, np.array(starts), 120)
    nothing = [NO_SYMBOL] * 100
    losses = []
    for start in starts:
        states = zero_states(parameters, 1)
        before = [*nothing, NO_SYMBOL, *whole[: start + 120]]
        for place, (symbol, target) in enumerate(pairwise(before)):
            states, z = read_step(parameters, states, np.array([symbol]))
            if place >= 100 + start:
                losses.append(np.log(np.exp(z[0]).sum()) - z[0, target])
    assert len(losses) == 360
    assert found.nats_per_character == pytest.approx(np.mean(losses), rel=1e-9)
    assert found.nats_per_name == found.nats_per_character


def test_many_symbols_are_predicted_a_few_at_a_time(make_parameters, monkeypatch):
    parameters = make_parameters(5, 4, 1, scale=0.3, cell="gru")
    whole = np.random.default_rng(1).integers(0, 5, 700)
    expected = loss_of_text(parameters, whole[:150], whole[150:]).nats_per_character
    shares = []
    monkeypatch.setattr(text_loss, "_MOST_LOGITS", 5 * 6 * 3)  # six streams, three steps
    found = loss_of_text(parameters, whole[:150], whole[150:], shares.append)
    assert found.nats_per_character == pytest.approx(expected, rel=1e-12)
    assert len(shares) == 34 + 31
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1


def test_documents_are_read_from_their_beginnings_with_a_zero_state(make_parameters, monkeypatch):
    monkeypatch.setattr(text_loss, "_ROWS", 21)  # so that documents are read in several chunks
    parameters = make_parameters(5, (4, 3), 1, scale=0.5, cell="lstm")
    lengths = np.array([3, 40, 1, 22, 21, 7, *range(1, 40)])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    symbols = np.random.default_rng(1).integers(0, 5, lengths.sum()).astype(np.uint8)
    progress = []
    found = loss_of_documents(parameters, symbols, starts, lengths, progress.append)
    nats = sum(
        length * one_by_one(parameters, symbols[start : start + length].astype(int), 0)
        for start, length in zip(starts, lengths, strict=True)
    )
    assert found.nats_per_name == pytest.approx(nats / len(lengths), rel=1e-9)
    assert found.nats_per_character == pytest.approx(nats / lengths.sum(), rel=1e-9)
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    beginnings = loss_of_documents(parameters, symbols, starts, np.minimum(lengths, 2))
    assert beginnings.nats_per_name < found.nats_per_name
