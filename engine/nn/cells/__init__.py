"""The cells, one a file, and their registry.

To add a cell, write a module with the members of `engine.nn.cell_protocol.Cell` and add it to
`CELLS`. Begin with `rnn`, the simplest; `lstm` has everything that a cell can have. Cells import
`engine.nn.cell_protocol`, `engine.nn.gate_views` and `engine.nn.fast`, and never each other; all
of `engine` may import them.
"""

from engine.nn.cell_protocol import Cell
from engine.nn.cells import gru, lstm, rnn

CELLS: dict[str, Cell] = {"rnn": rnn, "gru": gru, "lstm": lstm}
"""By the names that settings and run files use."""
