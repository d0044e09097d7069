"""What the head of the loss plot says: the loss, on what it was measured, and what it beats."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.training_data import DataKind
from engine.evaluation.held_out.size import HeldOutSize
from engine.evaluation.units import Unit

_DIVERGED = (
    "the loss is no longer a number · roll back or restart",
    "roll back or restart",
    "",
)
"""What is said of a diverged run, in fewer and fewer words."""
_WHY = (
    "The loss grew until it was no longer a number. Roll back to the last good network, as the "
    "message over the plot offers, or restart."
)
_NOTHING_BEATEN = 1e-9
"""Losses that differ by less than this share are the same."""
_ONE_DIGIT = (Unit.NATS_PER_CHARACTER, Unit.BITS_PER_CHARACTER)
"""Units in which what is beaten is below 10, as a rule."""


@dataclass(frozen=True)
class ShownLoss:
    """The loss that stands in the head, and what it is compared with.

    Attributes
    ----------
    kind : str
        The kind of data: "names" or "text".
    unit : Unit
        Of all losses.
    loss : float or None
        None if there is none yet: then uniform guessing stands in the head.
    step : int
        At which it was measured.
    held_out : HeldOutSize or None
        How much was held out and measured. None if `loss` is that of the training data, smoothed.
    is_in_full : bool
        Whether everything that is held out was measured.
    has_diverged : bool
        Whether the loss is no longer a number.
    guessing : float or None
        The loss of uniform guessing; None if there are no data.
    n_grams : sequence of float
        The losses of the n-gram models on the same data, order 1 first.
    looked_at : int or None
        The earlier step that is looked at; None for the present.
    """

    kind: DataKind = "names"
    unit: Unit = Unit.NATS_PER_NAME
    loss: float | None = None
    step: int = 0
    held_out: HeldOutSize | None = None
    is_in_full: bool = False
    guessing: float | None = None
    n_grams: Sequence[float] = ()
    has_diverged: bool = False
    looked_at: int | None = None


@dataclass(frozen=True)
class Statement:
    """The words for a `ShownLoss`.

    Attributes
    ----------
    figure : str
    sentences : tuple of str
        The same in fewer and fewer words.
    is_warning : bool
        Whether something is wrong with the run.
    details : str
        On how much it was measured, at which step, and all losses that it is compared with.
    """

    figure: str = ""
    sentences: tuple[str, ...] = ("",)
    details: str = ""
    is_warning: bool = False


def state(shown: ShownLoss) -> Statement:
    """Put a loss and what it beats into words."""
    if shown.guessing is None:
        return Statement()
    if shown.has_diverged:
        return Statement("Diverged", _DIVERGED, "\n".join((_WHY, _details(shown))), True)
    if shown.loss is None:
        if shown.looked_at:  # earlier versions kept no curve in the command line
            sentences = _at_step(shown, ("its loss was not kept", ""))
            return Statement("–", sentences, _details(shown))
        sentences = _at_step(shown, ("as good as guessing", ""))
        return Statement(shown.unit.write(shown.guessing), sentences, _details(shown))
    source = "training" if shown.held_out is None else "held out"
    full, short = _comparison(shown, shown.loss, shown.guessing)
    sentences = f"{source} · {full}", f"{source} · {short}", source, ""
    return Statement(shown.unit.write(shown.loss), _at_step(shown, sentences), _details(shown))


def _at_step(shown: ShownLoss, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Put the step that is looked at, if it is an earlier one, before some sentences."""
    if shown.looked_at is None:
        return sentences
    step = f"step {shown.looked_at:,}"
    return *(f"{step} · {each}" for each in sentences if each), step, ""


def longest_statement(unit: Unit) -> str:
    """Return the longest sentence that there may be in a unit, so that room can be kept for it."""
    return f"held out · {_widest_beaten(unit)[0]}"


def longest_short_statement(unit: Unit) -> str:
    """Return the same of the sentences in fewer words."""
    return f"held out · {_widest_beaten(unit)[1]}"


def _widest_beaten(unit: Unit) -> tuple[str, str]:
    return _beats(8, "8.88" if unit in _ONE_DIGIT else "88.88")


def _comparison(shown: ShownLoss, loss: float, guessing: float) -> tuple[str, str]:
    """Return what a loss beats, in words and in fewer words."""
    if abs(loss - guessing) <= _NOTHING_BEATEN * guessing:
        return "as good as guessing", "as guessing"
    if loss > guessing:
        value = shown.unit.write(guessing)
        return f"worse than guessing ({value})", f"above guessing ({value})"
    beaten = [order for order, cost in enumerate(shown.n_grams, start=1) if loss < cost]
    if not beaten:
        value = shown.unit.write(guessing)
        return f"better than guessing ({value})", f"beats guessing ({value})"
    strongest = min(beaten, key=lambda order: shown.n_grams[order - 1])
    cost = shown.n_grams[strongest - 1]
    if len(beaten) == len(shown.n_grams):
        value = shown.unit.write(cost)
        return f"better than all counting ({value})", f"beats counting ({value})"
    return _beats(strongest, shown.unit.write(cost))


def _beats(order: int, value: str) -> tuple[str, str]:
    """Return that the n-gram model of an order is beaten, in words and in fewer words."""
    return f"better than {order}-gram counting ({value})", f"beats {order}-gram ({value})"


def _details(shown: ShownLoss) -> str:
    """Return what a tooltip says."""
    unit, label = shown.unit, shown.unit.label(shown.kind)
    lines = []
    if shown.loss is None:
        lines.append("Before the first step, the network guesses.")
    elif shown.held_out is None:
        lines.append(f"Smoothed training loss at step {shown.step:,}:")
        lines.append(f"{unit.write(shown.loss)} {label}.")
    else:
        size = shown.held_out.describe(in_full=shown.is_in_full)
        lines.append(f"Held-out loss at step {shown.step:,}, measured on {size}:")
        lines.append(f"{unit.write(shown.loss)} {label}.")
    if shown.guessing is not None:
        one = "symbol" if shown.kind == "text" else "letter"
        lines.append(f"Guessing, every {one} equally likely: {unit.write(shown.guessing)}.")
    if shown.n_grams:
        costs = ", ".join(f"{n}: {unit.write(cost)}" for n, cost in enumerate(shown.n_grams, 1))
        lines.append(f"Counting groups of n {one}s (n-grams), n = {costs}.")
    return "\n".join(lines)
