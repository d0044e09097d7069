"""Which runs are said to gain from the compiled step."""

import pytest

from engine.nn.architecture import Architecture
from engine.training.backend_gain import gains_from_kernels
from engine.training.settings import Hyperparameters


@pytest.mark.parametrize(
    ("widths", "changes", "of_network", "reads_names", "gains"),
    [
        ((50,), {}, {}, True, True),
        ((512,), {}, {}, True, True),  # single names
        ((512,), {"dropout": 0.2}, {}, True, False),
        ((512,), {}, {"dtype": "float32"}, True, False),
        ((512,), {}, {}, False, False),  # one piece of a text
        ((64, 256), {}, {}, True, False),
        ((192,), {"dropout": 0.2}, {}, True, True),
        ((512, 512), {"batch": 2, "dropout": 0.2}, {"dtype": "float32"}, False, True),
    ],
)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_all_gain_but_batches_of_one_through_wide_layers(
    cell, widths, changes, of_network, reads_names, gains
):
    architecture = Architecture(27, cell, widths, **of_network)
    hyperparameters = Hyperparameters(0.01, widths=widths, **changes)
    found = gains_from_kernels(architecture, hyperparameters, reads_names=reads_names)
    assert found == gains


def test_a_cell_without_kernels_does_not_gain(monkeypatch):
    monkeypatch.setattr("engine.nn.compiled_path._CELLS", {"gru": "GRU"})
    assert not gains_from_kernels(
        Architecture(27, "rnn", (50,)), Hyperparameters(0.01), reads_names=True
    )
