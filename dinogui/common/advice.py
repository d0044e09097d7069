"""Advice about hyperparameters that are known to hurt: what is wrong, and a value that is better.

The limits were measured with `tests/benchmarks/bench_rates.py`: at three times the usual rate a
network still learns, more slowly; at ten times, the loss stays near that of guessing or grows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.data.training_data import DataKind
from engine.nn.optimizers import OPTIMIZERS
from engine.training.settings import Hyperparameters

USUAL_CLIP = 5.0
"""The course's bound of each entry of the gradient."""

_USUAL_NORM = 1.0
"""The bound of the norm of the whole gradient in our presets."""


@dataclass(frozen=True)
class Advice:
    """What is wrong with hyperparameters, and a better value of one of them.

    Attributes
    ----------
    sentence : str
        For people; it fits into two short lines.
    name : str
        The field of `engine.training.settings.Hyperparameters` to change.
    value : float
        The better value.
    """

    sentence: str
    name: str
    value: float

    @property
    def button_text(self) -> str:
        """What a button says that sets the better value."""
        return f"Use {self.value:g}" if self.name == "learning_rate" else f"Clip at {self.value:g}"


@dataclass(frozen=True)
class _Rates:
    """The learning rate that an optimizer usually has, and the highest that is not known to hurt.

    Attributes
    ----------
    usual, highest : float
        For one name per step.
    of_batches : float
        How many times as high both may be for batches and for texts, whose gradients are means.
    """

    usual: float
    highest: float
    of_batches: float = 1.0


_RATES = {
    "sgd": _Rates(0.01, 0.05, 10.0),
    "momentum": _Rates(0.001, 0.005, 10.0),
    "rmsprop": _Rates(0.003, 0.02),
    "adagrad": _Rates(0.05, 0.5),
    "adam": _Rates(0.003, 0.02),
    "adamw": _Rates(0.003, 0.02),
}

_UNSCALED = ("sgd", "momentum")
"""Optimizers whose steps are as long as the gradient makes them."""


def advice(
    hyperparameters: Hyperparameters, kind: DataKind = "names", rate: float | None = None
) -> Advice | None:
    """Return advice about hyperparameters, the most important first; None if nothing is known.

    Parameters
    ----------
    hyperparameters : Hyperparameters
    kind : DataKind
        What is trained on.
    rate : float, optional
        The learning rate in force; if absent, the one that is set. One that has fallen far enough
        needs no advice, however high it was set. Whether to clip depends on the rate that is set.
    """
    in_force = hyperparameters.learning_rate if rate is None else rate
    return next(filter(None, (rule(hyperparameters, kind, in_force) for rule in _RULES)), None)


def with_usual_steps(hyperparameters: Hyperparameters, kind: DataKind) -> Hyperparameters:
    """Return the same with a learning rate and a clip value that are not known to hurt.

    A lower rate stays as it is.
    """
    return replace(
        hyperparameters,
        learning_rate=min(hyperparameters.learning_rate, usual_rate(hyperparameters, kind)),
        clip=usual_clip(hyperparameters),
    )


def usual_rate(hyperparameters: Hyperparameters, kind: DataKind) -> float:
    """Return the learning rate that the optimizer usually has."""
    return _limits(hyperparameters, kind)[0]


def usual_clip(hyperparameters: Hyperparameters) -> float:
    """Return the usual clip value, of each entry or of the norm of the whole gradient."""
    return _USUAL_NORM if hyperparameters.clipping == "norm" else USUAL_CLIP


def _about_momentum(now: Hyperparameters, kind: DataKind, rate: float) -> Advice | None:
    if now.optimizer != "momentum":
        return None
    usual, highest = _limits(now, kind)
    if rate <= highest:
        return None
    return Advice(
        "Momentum makes steps ten times as long as SGD at the same rate.", "learning_rate", usual
    )


def _about_the_rate(now: Hyperparameters, kind: DataKind, rate: float) -> Advice | None:
    usual, highest = _limits(now, kind)
    if rate <= highest:
        return None
    title = OPTIMIZERS[now.optimizer].TITLE
    return Advice(f"{title} seldom learns at a rate as high as {rate:.2g}.", "learning_rate", usual)


def _about_clipping(now: Hyperparameters, kind: DataKind, rate: float) -> Advice | None:
    usual, _ = _limits(now, kind)
    if now.clip is not None or now.optimizer not in _UNSCALED or now.learning_rate < usual:
        return None
    example = "name" if kind == "names" else "passage"
    return Advice(f"Without clipping, one odd {example} can undo all training.", "clip", USUAL_CLIP)


_RULES: tuple[Callable[[Hyperparameters, DataKind, float], Advice | None], ...] = (
    _about_momentum,
    _about_the_rate,
    _about_clipping,
)


def _limits(now: Hyperparameters, kind: DataKind) -> tuple[float, float]:
    rates = _RATES[now.optimizer]
    is_mean = kind != "names" or now.batch > 1
    factor = rates.of_batches if is_mean else 1.0
    return rates.usual * factor, rates.highest * factor
