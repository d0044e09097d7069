import numpy as np
import pytest

from engine.nn.cells import CELLS
from engine.nn.fast import gate_blocks
from engine.nn.fast.gate_blocks import has_many_rows, views_of_gates
from engine.nn.network import Network
from engine.nn.packing import Packed

MIXED = (2, 1, 13, 5, 13, 1, 17)
CASES = {
    "one layer": {"widths": (5,)},
    "one-hot and joined": {"widths": (5, 4, 3)},
    "embedded": {"widths": (5, 4), "embedding": 3},
}


@pytest.fixture(params=[(4,), MIXED, (1, 1, 1)], ids=str)
def batch(request, random_names):
    lengths = request.param
    return Packed.of(random_names(6, lengths, seed=1), np.arange(len(lengths)))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_gradients_of_an_lstm_do_not_depend_on_how_the_gates_stand(
    monkeypatch, make_parameters, batch, case
):
    case = dict(case)
    network = Network(make_parameters(6, case.pop("widths"), 2, cell="lstm", **case))
    found = {}
    for few_rows in (0, 1_000):
        monkeypatch.setattr(gate_blocks, "_FEW_ROWS", few_rows)
        assert has_many_rows(batch.steps) == (few_rows == 0)
        loss = network.loss_and_gradients(batch)
        found[few_rows] = np.array([loss, *network.gradients.flat])
    assert np.abs(found[0]).max() > 1e-3
    np.testing.assert_allclose(found[0], found[1_000], rtol=0, atol=1e-12)


def test_the_gates_of_a_tape_are_the_same_in_blocks(monkeypatch, batch):
    random = np.random.default_rng(2)
    U, z = random.normal(size=(3, 12)), random.normal(size=(len(batch), 12))
    state = tuple(random.normal(size=(2, batch.n_names, 3)))
    gates = []
    for few_rows in (0, 1_000):
        monkeypatch.setattr(gate_blocks, "_FEW_ROWS", few_rows)
        gates.append(CELLS["lstm"].forward(U, z.copy(), batch.steps, state).gates)
    np.testing.assert_allclose(*gates, rtol=0, atol=1e-14)


@pytest.mark.parametrize("in_blocks", [False, True])
def test_views_show_the_gates_one_after_the_other(in_blocks):
    memory = np.arange(24.0).reshape(2, 12)
    c, _, _, o = views_of_gates(memory, 4, in_blocks)
    if in_blocks:
        assert c.tolist() == [[0, 1, 2], [3, 4, 5]]
    else:
        assert c.tolist() == [[0, 1, 2], [12, 13, 14]]
    o[:] = 0.0
    assert np.count_nonzero(memory) == 17, "the views are not on the memory"
