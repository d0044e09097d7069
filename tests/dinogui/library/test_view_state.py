"""What the window stores in the file of a run."""

import pytest

from dinogui.common.sampling_messages import Measurement
from dinogui.library.view_state import ViewState
from engine.evaluation.units import Unit
from engine.sampling.known_names import NoveltyCounts
from engine.training.messages import LogEntry, TextLogEntry


def test_a_stored_state_is_restored():
    state = ViewState(
        Unit.PERPLEXITY,
        (LogEntry(0, 1.5, ("anna",)), TextLogEntry(2000, 1.25, "Rose")),
        (Measurement(10, NoveltyCounts(3, 2, 1), 0.0),),
        (),
        7,
    )
    assert ViewState.from_json(state.to_json()) == state


def test_missing_entries_are_empty():
    assert ViewState.from_json({}) == ViewState()


@pytest.mark.parametrize(
    ("name", "value"),
    [("NATS_A_NAME", "nats per name"), ("NATS_A_CHARACTER", "nats per character")],
)
def test_the_unit_of_an_earlier_version_is_read(name, value):
    assert ViewState.from_json({"unit": name}).unit is Unit(value)


@pytest.mark.parametrize("name", ["furlongs", 3, []])
def test_another_unit_is_refused(name):
    with pytest.raises(ValueError, match="unit must be one of"):
        ViewState.from_json({"unit": name})
