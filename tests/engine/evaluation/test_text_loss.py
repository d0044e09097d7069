import numpy as np
import pytest

from engine.evaluation.text_loss import loss_of_text, loss_of_windows
from engine.nn.network import read_step, zero_states
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
    found = loss_of_windows(parameters, whole[:20], whole[20:], 7)
    assert found.nats_per_character == pytest.approx(np.mean(losses), rel=1e-12)
    some = loss_of_windows(parameters, whole[:20], whole[20:], 7, most=2)
    assert some.nats_per_character == pytest.approx((losses[0] + losses[-1]) / 2, rel=1e-12)
