"""Every cell in the registry implements the protocol, and its members are consistent."""

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
def test_every_cell_has_every_member(cell, member):
    assert hasattr(cell, member)


def test_the_descriptions_of_a_cell_are_sentences(cell):
    assert cell.TITLE
    assert cell.SUMMARY.endswith(".")
    for quantity in cell.QUANTITIES:
        assert quantity.symbol
        assert quantity.meaning


def test_the_gates_of_a_cell_are_named_consistently(cell):
    assert len(cell.GATE_GRADIENTS) == len(set(cell.GATE_GRADIENTS)) == len(cell.GATES)
    assert {*cell.CANDIDATES, *cell.OPEN_GATES} <= {*cell.GATES}
    assert not {*cell.CANDIDATES} & {*cell.OPEN_GATES}
    assert {quantity.gate for quantity in cell.QUANTITIES} - {None} <= {*cell.GATES}


def test_the_states_of_a_cell_are_its_first_quantities(cell):
    assert cell.STATES[0] == "a"
    first = cell.QUANTITIES[: len(cell.STATES)]
    assert tuple(quantity.name for quantity in first) == cell.STATES


def test_the_equations_of_a_cell_name_its_quantities(cell):
    quantities = {quantity.name for quantity in cell.QUANTITIES}
    gradients = {f"d{state}" for state in cell.STATES} | {*cell.GATE_GRADIENTS}
    assert {equation.quantity for equation in cell.EQUATIONS.forward} == quantities
    assert {equation.quantity for equation in cell.EQUATIONS.backward} == gradients
    for equation in (*cell.EQUATIONS.forward, *cell.EQUATIONS.backward):
        filled = equation.right.format(l="[2]", x="x⟨t⟩", above="Wyaᵀ dy⟨t⟩")
        assert "{" not in filled


def test_every_parameter_has_a_gradient(cell, named):
    assert cell.EQUATIONS.gradients.keys() == named.keys()


def test_exactly_one_cell_is_the_notebooks(cell):
    assert cell.IS_NOTEBOOK_CELL is (cell.TITLE == "RNN")
