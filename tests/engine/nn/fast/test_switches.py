import json

import pytest

from engine.nn.fast.switches import OPTIMIZATIONS, is_on

LOOK = """
import json
from engine.nn.fast.malloc_tuning import tune_malloc
tune_malloc()
import numpy as np
from engine.nn.architecture import Architecture
from engine.nn.fast.aligned import aligned_zeros
from engine.nn.fast.gate_blocks import has_many_rows
from engine.nn.fast.split_batches import rows_worth_splitting
from engine.nn.fast_path import FastPath
from engine.nn.network import Network
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters

steps = tuple(slice(1000 * t, 1000 * t + 1000) for t in range(100))
parameters = Parameters.initial(Architecture(5, "lstm", (4,)), np.random.default_rng(0))
pieces = np.random.default_rng(1).integers(0, 5, (6, 8))
network = Network(parameters)
loss = network.loss_and_gradients(Packed.of_pieces(pieces[:, :-1], pieces[:, 1:]))
found = {
    "aligned": aligned_zeros((5,)).base is not None,
    "fast-path": FastPath.serves(parameters.architecture),
    "gate-blocks": has_many_rows(steps),
    "split-batches": rows_worth_splitting(10**9) < 10**9,
}
print(json.dumps([found, loss, float(np.abs(network.gradients.flat).sum())]))
"""


@pytest.fixture
def look_without(run_python):
    def look(*names):
        ended = run_python("-c", LOOK, environment={"DINOGUI_WITHOUT": ",".join(names)})
        assert (ended.returncode, ended.stderr) == (0, "")
        return json.loads(ended.stdout)

    return look


@pytest.mark.parametrize("without", [(), ("gate-blocks", "aligned"), OPTIMIZATIONS], ids=str)
def test_each_is_turned_off_by_its_name(look_without, without):
    found, loss, size = look_without(*without)
    assert found == {name: name not in without for name in found}
    assert found.keys() | {"malloc"} == {*OPTIMIZATIONS}
    _, expected_loss, expected_size = look_without()
    assert (loss, size) == pytest.approx((expected_loss, expected_size), rel=1e-12)


def test_all_are_on_by_default(monkeypatch):
    monkeypatch.delenv("DINOGUI_WITHOUT", raising=False)
    assert all(map(is_on, OPTIMIZATIONS))


def test_an_unknown_name_is_an_error():
    with pytest.raises(ValueError, match=r"name must be one of aligned, .*, got 'speed'"):
        is_on("speed")
