"""The unit of the losses in a list of runs: one for all of them, as figures that differ mislead."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from dinogui.library.earlier.earlier_run import EarlierRun
from engine.evaluation.units import UNITS, Unit, percent_text

if TYPE_CHECKING:
    from engine.runs.run_summary import Loss


def listed_unit(chosen: Unit, runs: Collection[EarlierRun]) -> Unit:
    """Return the unit for all losses in a list.

    It is the unit that is chosen for the plot, as the headline shows the loss in it. Losses per
    name or per note are compared only among runs that have them. It is not known of each run in the
    list whether it reads documents. In all other cases, losses are per character.
    """
    if not chosen.is_per_name:
        return chosen
    has_it = all(chosen in UNITS[run.facts.kind] for run in runs)
    return chosen if has_it else Unit.NATS_PER_CHARACTER


def unit_words(unit: Unit, runs: Collection[EarlierRun]) -> str:
    """Return what a list calls its unit. Only names have characters, all else has symbols."""
    kinds = {run.facts.kind for run in runs}
    return unit.label(kinds.pop() if len(kinds) == 1 else "names" if "names" in kinds else "text")


def loss_in(unit: Unit, loss: Loss | None) -> float | None:
    """Return a loss in a unit; None if nothing was measured."""
    return None if loss is None else unit.from_nats(loss[0] if unit.is_per_name else loss[1])


def loss_text(unit: Unit, loss: Loss | None) -> str:
    """Return a loss in a unit as text; empty if nothing was measured."""
    value = loss_in(unit, loss)
    return "" if value is None else unit.write(value)


def accuracy_text(accuracy: float | None) -> str:
    """Return how much is told right as text; empty if no kinds are told."""
    return "" if accuracy is None else percent_text(accuracy)
