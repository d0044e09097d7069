"""The cells: one a file, each with its shapes, its forward and its backward, in that order.

A cell's weights are one block W (n_a + n_in, gates x n_a), stored transposed: what comes from the
cell itself above what comes from below, so that the row that a symbol picks lies in one piece. The
course's matrices are views on it.
"""

from types import ModuleType

from engine.nn.cells import gru, lstm, rnn

CELLS: dict[str, ModuleType] = {"rnn": rnn, "gru": gru, "lstm": lstm}
