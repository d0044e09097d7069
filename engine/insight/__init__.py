"""What a network does with one name: pure functions of a `Snapshot`, for pictures of it.

All return frozen values whose arrays are read-only. None fails or warns where parameters are
infinite or no number: what comes of them is shown as what it is, and counted. A name is an array
of indices, its END included, or any stretch of a text; it is read from a zero state, and x<1> = 0
unless the symbol before a stretch is named. Layers and steps are counted from 1, units from 0.
"""

from engine.insight.gradient_clipping import ClippedGradient, Clipping, clipping
from engine.insight.gradient_flow import Flow, FlowSize, LayerFlow, flow
from engine.insight.hidden_states import States, states
from engine.insight.histograms import Histogram
from engine.insight.predictions import NextLetters, next_letters
from engine.insight.reading import quantities, quantity_names
from engine.insight.step_arithmetic import STAGES, Arithmetic, Line, arithmetic
from engine.insight.unit_drivers import Driver, Drivers, drivers
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
    "LayerFlow",
    "Line",
    "NextLetters",
    "States",
    "Weight",
    "arithmetic",
    "clipping",
    "drivers",
    "flow",
    "next_letters",
    "quantities",
    "quantity_names",
    "sgd_update_ratios",
    "states",
    "update_ratios",
    "weights",
]
