"""The names under which the settings file and the files of runs store a unit of the loss."""

from engine.evaluation.units import Unit


def unit_of_name(name: str) -> Unit | None:
    """Return the unit stored under a name, or None if there is none of that name.

    Earlier versions wrote `NATS_A_NAME`, for example, where this one writes `NATS_PER_NAME`.
    """
    return Unit.__members__.get(name) or Unit.__members__.get(name.replace("_A_", "_PER_"))
