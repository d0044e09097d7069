"""What a network computes for one name: pure functions of a `Snapshot`, for the window's panels.

All return frozen values with read-only arrays. None fails or warns where parameters are infinite
or NaN: such results are returned as they are, and counted. A name is an array of indices, its END
included, or a chunk of a text; the initial state is zero, and x<1> = 0 unless the symbol before a
chunk is given. Layers and steps are counted from 1, units from 0.

Begin with `hidden_states`, the shortest, and `reading`, on which the others stand. May be imported
by `engine.cli` and the window; imports `engine.nn` and the messages and settings of
`engine.training`.
"""

from engine.insight.gradient_clipping import ClippedGradient, Clipping, clipping
from engine.insight.gradient_flow import Flow, FlowSize, LayerFlow, flow
from engine.insight.hidden_states import States, states
from engine.insight.histograms import Histogram
from engine.insight.kind_reading import KindReading, kind_reading
from engine.insight.predictions import NextLetters, next_letters
from engine.insight.reading import quantities, quantity_names
from engine.insight.step_arithmetic import STAGES, Arithmetic, Line, arithmetic
from engine.insight.unit_drivers import Driver, Drivers, drivers
from engine.insight.unit_weights import UnitWeights, unit_weights
from engine.insight.weight_statistics import Weight, sgd_update_ratios, update_ratios, weights

__all__ = [
    "STAGES",
    "Arithmetic",
    "ClippedGradient",
    "Clipping",
    "Driver",
    "Drivers",
    "Flow",
    "FlowSize",
    "Histogram",
    "KindReading",
    "LayerFlow",
    "Line",
    "NextLetters",
    "States",
    "UnitWeights",
    "Weight",
    "arithmetic",
    "clipping",
    "drivers",
    "flow",
    "kind_reading",
    "next_letters",
    "quantities",
    "quantity_names",
    "sgd_update_ratios",
    "states",
    "unit_weights",
    "update_ratios",
    "weights",
]
