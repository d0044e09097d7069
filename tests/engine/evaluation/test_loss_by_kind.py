from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation.loss_by_kind import LossByKind, loss_by_kind
from engine.nn.cells import CELLS
from engine.nn.network import NamesLoss, loss_of_names

N_KINDS = 4


@pytest.fixture
def names(random_names):
    """Return more names than are read at once; the kind 2 has none."""
    lengths = [1 + (7 * i) % 11 for i in range(600)]
    kinds = np.random.default_rng(1).choice([0, 1, 3], 600, p=[0.7, 0.1, 0.2])
    return replace(random_names(6, lengths, seed=1), kinds=kinds)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
def test_the_loss_of_a_kind_is_the_loss_of_its_names_alone(make_parameters, names, cell, embedding):
    parameters = make_parameters(6, (5, 4), 1, cell=cell, embedding=embedding, n_kinds=N_KINDS)
    found = loss_by_kind(parameters, names)
    assert len(found.of_kinds) == N_KINDS
    for kind in (0, 1, 3):
        alone = loss_of_names(parameters, names.take(np.flatnonzero(names.kinds == kind)))
        loss = found.of_kinds[kind]
        assert loss.nats_per_name == pytest.approx(alone.nats_per_name, rel=1e-12)
        assert loss.nats_per_character == pytest.approx(alone.nats_per_character, rel=1e-12)
    assert found.of_kinds[2] is None
    in_all = loss_of_names(parameters, names)
    assert found.in_all.nats_per_name == pytest.approx(in_all.nats_per_name, rel=1e-12)
    assert found.in_all.nats_per_character == pytest.approx(in_all.nats_per_character, rel=1e-12)


def test_float32_and_improbable_symbols_give_finite_losses(make_parameters, names):
    parameters = make_parameters(6, 5, 2, n_kinds=N_KINDS, dtype="float32")
    parameters.by[0] = -1e6
    improbable = 1e6 * np.count_nonzero(names.symbols == 0) / len(names)
    found = loss_by_kind(parameters, names)
    assert found.in_all.nats_per_name == pytest.approx(improbable, rel=1e-3)


def test_means_are_those_of_sums(random_names):
    names = replace(random_names(6, [2, 3, 5], seed=3), kinds=np.array([0, 2, 2]))
    found = LossByKind.of_totals(np.array([6.0, 0.0, 16.0]), names)
    assert found.of_kinds == (NamesLoss(6.0, 3.0), None, NamesLoss(8.0, 2.0))
    assert found.in_all == NamesLoss(22 / 3, 2.2)


def test_names_without_kinds_are_refused(random_names):
    with pytest.raises(ValueError, match=r"^names must have kinds\.$"):
        LossByKind.of_totals(np.zeros(2), random_names(6, [2, 3], seed=4))
