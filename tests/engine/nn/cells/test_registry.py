"""Every cell in the registry has what the protocol asks for, and its members fit together."""

import numpy as np
import pytest

from engine.nn.cell_protocol import Cell
from engine.nn.cells import CELLS

MEMBERS = [name for name in vars(Cell) if not name.startswith("_")] + [*Cell.__annotations__]

pytestmark = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)


@pytest.fixture
def named(cell):
    n_a, n_x = 3, 4
    width = len(cell.GATES) * n_a
    return cell.views(np.zeros((n_a + n_x, width)), np.zeros(width))


@pytest.mark.parametrize("member", MEMBERS)
def test_it_has_every_member(cell, member):
    assert hasattr(cell, member)


def test_its_words_are_for_people(cell):
    assert cell.TITLE
    assert cell.SUMMARY.endswith(".")
    for quantity in cell.QUANTITIES:
        assert quantity.symbol
        assert quantity.meaning


def test_its_gates_are_named_alike(cell):
    assert len(cell.GATE_GRADIENTS) == len(set(cell.GATE_GRADIENTS)) == len(cell.GATES)
    assert {*cell.CANDIDATES, *cell.OPEN_GATES} <= {*cell.GATES}
    assert not {*cell.CANDIDATES} & {*cell.OPEN_GATES}
    assert {quantity.gate for quantity in cell.QUANTITIES} - {None} <= {*cell.GATES}


def test_its_states_are_its_first_quantities(cell):
    assert cell.STATES[0] == "a"
    first = cell.QUANTITIES[: len(cell.STATES)]
    assert tuple(quantity.name for quantity in first) == cell.STATES


def test_its_equations_name_what_it_computes(cell):
    quantities = {quantity.name for quantity in cell.QUANTITIES}
    gradients = {f"d{state}" for state in cell.STATES} | {*cell.GATE_GRADIENTS}
    assert {equation.quantity for equation in cell.EQUATIONS.forward} == quantities
    assert {equation.quantity for equation in cell.EQUATIONS.backward} == gradients
    for equation in (*cell.EQUATIONS.forward, *cell.EQUATIONS.backward):
        filled = equation.right.format(l="[2]", x="x⟨t⟩", above="Wyaᵀ dy⟨t⟩")
        assert "{" not in filled


def test_every_parameter_has_a_gradient(cell, named):
    assert cell.EQUATIONS.gradients.keys() == named.keys()


def test_one_cell_is_the_notebook_s(cell):
    assert cell.IS_NOTEBOOK_CELL is (cell.TITLE == "RNN")
