"""What the head of the loss plot says: the loss, on what it was measured, and what it beats."""

from collections.abc import Sequence
from dataclasses import dataclass

from dinogui.panels.loss.baseline_words import TELLING, WRITING, BaselineWords
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
_NOT_MEASURED = ("nothing that is held out has been told yet", "not measured yet", "")
"""What is said in a unit that the training has no values in, in fewer and fewer words."""
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
        At which it was measured. If there is none although the training has begun, the last one.
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
    largest_kind : float or None
        The loss of always telling the largest kind; None if it is unknown, or no kinds are told.
    tells : bool
        Whether kinds are told.
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
    largest_kind: float | None = None
    tells: bool = False

    @property
    def words(self) -> BaselineWords:
        """What the baselines are called."""
        return TELLING if self.tells else WRITING

    @property
    def is_unmeasured(self) -> bool:
        """Whether it has trained, but in this unit nothing is known of the training."""
        return self.loss is None and self.step > 0 and self.unit.is_accuracy

    def is_better(self, loss: float, other: float) -> bool:
        """Whether a loss, or an accuracy, is better than another one."""
        return loss > other if self.unit.is_accuracy else loss < other


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
        if shown.is_unmeasured:
            return Statement("–", _NOT_MEASURED, _details(shown))
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
    if unit.is_accuracy:
        return _beats_largest(unit.write(88.8))
    return WRITING.beats(8, "8.88" if unit in _ONE_DIGIT else "88.88")


def _comparison(shown: ShownLoss, loss: float, guessing: float) -> tuple[str, str]:
    """Return what a loss beats, in words and in fewer words."""
    if abs(loss - guessing) <= _NOTHING_BEATEN * guessing:
        return "as good as guessing", "as guessing"
    if shown.is_better(guessing, loss):
        value = shown.unit.write(guessing)
        return f"worse than guessing ({value})", f"above guessing ({value})"
    n_grams, largest = dict(enumerate(shown.n_grams, start=1)), shown.largest_kind
    beaten = [order for order, cost in n_grams.items() if shown.is_better(loss, cost)]
    best = max if shown.unit.is_accuracy else min
    strongest = best(beaten, key=n_grams.__getitem__, default=None)
    rival = None if strongest is None else n_grams[strongest]
    beats_largest = largest is not None and shown.is_better(loss, largest)
    if largest is not None and beats_largest and (rival is None or shown.is_better(largest, rival)):
        return _beats_largest(shown.unit.write(largest))
    if strongest is None:
        value = shown.unit.write(guessing)
        return f"better than guessing ({value})", f"beats guessing ({value})"
    value = shown.unit.write(n_grams[strongest])
    if len(beaten) == len(n_grams):
        counting = shown.words.all_counting
        return f"better than all {counting} ({value})", f"beats {counting} ({value})"
    return shown.words.beats(strongest, value)


def _beats_largest(value: str) -> tuple[str, str]:
    """Return that always telling the largest kind is beaten, in words and in fewer words."""
    return f"better than the largest kind ({value})", f"beats largest kind ({value})"


def _details(shown: ShownLoss) -> str:
    """Return what a tooltip says."""
    unit, label = shown.unit, shown.unit.label(shown.kind)
    letter = "symbol" if shown.kind != "names" else "letter"
    lines = []
    if shown.is_unmeasured:
        lines.append("Only what is held out counts here, and nothing of it has been told so far.")
    elif shown.loss is None:
        lines.append("Before the first step, the network guesses.")
    elif shown.held_out is None:
        lines.append(f"Smoothed training loss at step {shown.step:,}:")
        lines.append(f"{unit.write(shown.loss)} {label}.")
    else:
        size = shown.held_out.describe(in_full=shown.is_in_full)
        what = "Kinds told right" if unit.is_accuracy else "Held-out loss"
        lines.append(f"{what} at step {shown.step:,}, measured on {size}:")
        lines.append(f"{unit.write(shown.loss)} {label}.")
    if shown.guessing is not None:
        one = "kind" if shown.tells else letter
        lines.append(f"Guessing, every {one} equally likely: {unit.write(shown.guessing)}.")
    if shown.largest_kind is not None:
        lines.append(f"Always telling the largest kind: {unit.write(shown.largest_kind)}.")
    if shown.n_grams:
        costs = ", ".join(f"{n}: {unit.write(cost)}" for n, cost in enumerate(shown.n_grams, 1))
        by_rule = " of each kind, by Bayes’ rule" if shown.tells else ""
        lines.append(f"Counting groups of n {letter}s (n-grams){by_rule}, n = {costs}.")
    return "\n".join(lines)
