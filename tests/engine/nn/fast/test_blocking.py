import numpy as np
import pytest

from engine.nn.fast import blocking
from engine.nn.fast.blocking import cache_blocks
from engine.nn.network import Network
from engine.nn.packing import Packed

MIXED = (2, 1, 13, 5, 13, 1, 17)


@pytest.fixture
def batch(random_names):
    return Packed.of(random_names(6, MIXED, seed=1), np.arange(len(MIXED)))


@pytest.mark.parametrize("rows", [1, 4, 10, 1_000])
def test_blocks_cover_the_steps_from_last_to_first(monkeypatch, batch, rows):
    monkeypatch.setattr(blocking, "_BLOCK_BYTES", rows * 8)
    found = [*cache_blocks(batch.steps, 8)]
    for span, steps in found:
        assert steps[0].start == 0
        assert span.stop - span.start == steps[-1].stop
        assert len(steps) == 1 or steps[-1].stop <= rows
    back = [
        slice(span.start + step.start, span.start + step.stop)
        for span, steps in reversed(found)
        for step in steps
    ]
    assert tuple(back) == batch.steps
    assert (len(found) == 1) == (rows == 1_000)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("rows", [1, 10])
def test_gradients_equal_those_without_blocking(monkeypatch, make_parameters, batch, cell, rows):
    network = Network(make_parameters(6, (5, 4), 2, cell=cell))
    loss = network.loss_and_gradients(batch)
    gradients = network.gradients.flat.copy()
    monkeypatch.setattr(blocking, "_BLOCK_BYTES", rows * 5 * 8)
    assert network.loss_and_gradients(batch) == loss
    np.testing.assert_allclose(network.gradients.flat, gradients, rtol=0, atol=1e-12)
