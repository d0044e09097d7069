import pytest

from dinogui.common.stored_units import unit_of_name
from engine.evaluation.units import Unit


@pytest.mark.parametrize("unit", Unit)
def test_the_name_of_each_unit_is_read(unit):
    assert unit_of_name(unit.name) is unit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NATS_A_NAME", "nats per name"),
        ("NATS_A_CHARACTER", "nats per character"),
        ("BITS_A_CHARACTER", "bits per character"),
    ],
)
def test_the_names_of_earlier_versions_are_read(name, value):
    assert unit_of_name(name) is Unit(value)


def test_an_unknown_unit_name_is_none():
    assert unit_of_name("furlongs") is None
