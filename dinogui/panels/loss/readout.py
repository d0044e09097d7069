"""Values of the loss plot, in its unit."""

from dinogui.session.curves.run_curves import Curves
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.training.messages import HeldOutLoss, LossSpike


def values_near(
    curves: Curves,
    step: float,
    smoothed: tuple[float, float],
    unit: Unit,
    kind: DataKind,
    spike: LossSpike | None = None,
) -> str:
    """Write the values of all curves near a step.

    Parameters
    ----------
    curves : Curves
    step : float
    smoothed : (float, float)
        The nearest point of the smoothed curve: its step and its value in nats.
    unit : Unit
    kind : str
        The kind of data: "names" or "text".
    spike : LossSpike, optional
        A peak of the loss that is marked there.
    """
    parts = [f"step {smoothed[0]:,.0f}", f"smoothed {written(smoothed[1], unit)}"]
    names = curves.raw(unit).range_near(smoothed[0])
    if names is not None:
        low, high = (written(nats, unit) for nats in names)
        # In a long run, only the lowest and highest loss of several steps in a row are kept.
        one = "step" if kind == "text" else "name"
        parts.append(f"this {one} {low}" if low == high else f"{one}s here {low} to {high}")
    held_out = curves.held_out(unit).nearest(step)
    if held_out is not None:
        parts.append(f"held out {written(held_out[1], unit)} at {held_out[0]:,.0f}")
    if spike is not None:
        loss = unit.write(unit.of(spike.loss, spike.characters))
        parts.append(f"peak of {loss} at {spike.step:,}")
    return "  ·  ".join(parts) + f"  {unit.label(kind)}"


def written(nats: float, unit: Unit) -> str:
    """Write a loss, given in the nats that a unit is based on, in that unit."""
    return unit.write(float(unit.from_nats(nats)))


def base_nats(unit: Unit, loss: HeldOutLoss) -> float:
    """Return a held-out loss in the nats that a unit is based on."""
    return loss.nats_per_name if unit.is_per_name else loss.nats_per_character
