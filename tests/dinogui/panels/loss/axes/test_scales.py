import pytest

from dinogui.panels.loss.axes.scales import VerticalScale
from engine.evaluation.units import Unit


@pytest.mark.parametrize("is_logarithmic", [False, True])
@pytest.mark.parametrize("unit", Unit)
def test_a_vertical_axis_knows_whether_its_positions_are_losses_in_nats(unit, is_logarithmic):
    scale = VerticalScale(unit, is_logarithmic)
    nats = (0.5, 2.0, 17.0)
    assert scale.is_identity == all(scale.position(each) == each for each in nats)
