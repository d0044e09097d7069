"""When a run ends by itself: after so many steps or minutes, at a loss, or when it stops improving.

An end does not change the network. A run that has ended goes on when it is told to.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from engine.storage.validated_mapping import (
    StateDict,
    ValidatedMapping,
    dataclass_from_json,
    dataclass_to_json,
    finite,
    shown,
)
from engine.training.ranges import MAX_STEPS

MAX_SECONDS = 1e10
"""The longest time that a run can be trained for, in seconds: three centuries."""

MAX_MINUTES = MAX_SECONDS // 60
"""The same in minutes: the latest end that can be set."""

MAX_LOSS = 1e3
"""Largest loss that a run can end at, in nats per character."""

MAX_PATIENCE = 1_000_000
"""Most measurements to wait for a better held-out loss."""

EndReason = Literal["steps", "minutes", "loss", "patience"]
"""Why a run has ended: the field of `Until` that was met."""


@dataclass(frozen=True)
class Until:
    """When a run ends by itself: as soon as one of these is met. None means never.

    Attributes
    ----------
    steps : int or None
        Steps in all.
    minutes : float or None
        Minutes of training in all.
    loss : float or None
        The held-out loss in nats per character, as measured during training; in nats per name if
        the run tells kinds, and in nats per symbol if it is on a text. A run that holds
        nothing out compares its smoothed loss instead.
    patience : int or None
        Measurements of the held-out loss in a row without a better one than the best. They are
        counted anew when this is set, when training goes on after it was met, and when the run
        goes back to the best network. A run that holds nothing out never meets it.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it.
    """

    steps: int | None = None
    minutes: float | None = None
    loss: float | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        for name, whole, most in (
            ("steps", self.steps, MAX_STEPS),
            ("patience", self.patience, MAX_PATIENCE),
        ):
            if whole is not None and not (type(whole) is int and 1 <= whole <= most):
                raise ValueError(
                    f"{name} must be a whole number from 1 to {most:,}, got {shown(whole)}."
                )
        for name, number, highest in (
            ("minutes", self.minutes, MAX_MINUTES),
            ("loss", self.loss, MAX_LOSS),
        ):
            if number is not None and not 0 < finite(name, number) <= highest:
                raise ValueError(
                    f"{name} must be a number above 0 and at most {highest:,.0f}, got {number!r}."
                )

    def left(self, step: int, seconds: float, *, is_loss_met: bool) -> "Until":
        """Return the conditions that can still end a run; it may have gone on beyond the others.

        Parameters
        ----------
        step : int
            Steps made.
        seconds : float
            Seconds of training so far.
        is_loss_met : bool
            Whether its loss has ended the run before.
        """
        is_past_steps = self.steps is not None and self.steps <= step
        is_past_minutes = self.minutes is not None and 60 * self.minutes <= seconds
        return replace(
            self,
            steps=None if is_past_steps else self.steps,
            minutes=None if is_past_minutes else self.minutes,
            loss=None if is_loss_met else self.loss,
        )

    def describe(self, unit: str = "nats per character") -> str:
        """Return what is set in words, such as "35,000 steps or 10 minutes"; "" if nothing is.

        Parameters
        ----------
        unit : str
            What the loss of the run is in; see `engine.evaluation.units.nats_unit`.
        """
        parts = []
        if self.steps is not None:
            parts.append(f"{self.steps:,} step{'s' if self.steps > 1 else ''}")
        if self.minutes is not None:
            short = f"{self.minutes:.2g}" if self.minutes < 1 else f"{round(self.minutes, 1):g}"
            parts.append(f"{short} minute{'' if self.minutes == 1 else 's'}")
        if self.loss is not None:
            parts.append(f"a loss of {self.loss:g} {unit}")
        if self.patience is not None:
            times = f"{self.patience:,} measurement{'s' if self.patience > 1 else ''}"
            parts.append(f"{times} without a better loss")
        return " or ".join(parts)


ENDLESS = Until()
"""No end is set."""


@dataclass(frozen=True)
class Ended:
    """A run has ended by itself.

    Attributes
    ----------
    reason : EndReason
    step : int
        Steps made.
    until : Until
        As it was set.
    """

    reason: EndReason
    step: int
    until: Until

    def sentence(self) -> str:
        """Say why the run has ended."""
        if self.reason == "loss":
            why = ": the loss has reached what was set"
        elif self.reason == "patience":
            times = self.until.patience
            was = "measurement was" if times == 1 else f"{times:,} measurements were"
            why = f": the last {was} no better than the best one"
        elif self.reason == "minutes":
            why = f", after {Until(minutes=self.until.minutes).describe()} as set"
        else:
            why = ", as set"
        return f"Ended at step {self.step:,}{why}."


class Ending:
    """Applies `Until` to a run, and remembers what has been met.

    Parameters
    ----------
    until : Until

    Attributes
    ----------
    until : Until
        In force; `set` changes it.
    ended : Ended or None
        Set when the run has ended, until it goes on.
    """

    def __init__(self, until: Until) -> None:
        self.until = until
        self.ended: Ended | None = None
        self._waited = 0
        self._is_loss_met = False

    @property
    def is_loss_met(self) -> bool:
        """Whether the loss that is set has ended the run, and no longer does."""
        return self._is_loss_met

    def set(self, until: Until, *, expects_loss: bool = False) -> None:
        """Put another rule in force, from the next step on.

        Parameters
        ----------
        until : Until
        expects_loss : bool
            Whether its loss ends the run even if it has done so before.
        """
        if expects_loss or until.loss != self.until.loss:
            self._is_loss_met = False
        if until.patience != self.until.patience:
            self._waited = 0
        self.until, self.ended = until, None

    def steps_left(self, step: int) -> int:
        """Return the steps from `step` to the end that is set, or `MAX_STEPS` if there is none."""
        steps = self.until.steps
        return MAX_STEPS if steps is None or steps <= step else steps - step

    def seconds_left(self, spent: float) -> float:
        """Return the seconds to the end that is set, or infinity if there is none.

        Parameters
        ----------
        spent : float
            Seconds of training so far.
        """
        minutes = self.until.minutes
        return math.inf if minutes is None or 60 * minutes <= spent else 60 * minutes - spent

    def take_progress(self, step: int, spent: float, seconds_before: float | None) -> None:
        """End the run if enough steps were made, or enough time was spent.

        Parameters
        ----------
        step : int
            Steps made; the last one just now.
        spent : float
            Seconds spent on the latest steps.
        seconds_before : float or None
            Seconds spent before; None if nobody has counted them.
        """
        if self.ended is not None:
            return
        if step == self.until.steps:
            self.end("steps", step)
        elif seconds_before is not None and spent >= self.seconds_left(seconds_before):
            self.end("minutes", step)

    def end(self, reason: EndReason, step: int) -> None:
        """End the run after `step` steps."""
        self._is_loss_met |= reason == "loss"
        self.ended = Ended(reason, step, self.until)

    def take_loss(self, step: int, loss: float) -> None:
        """End the run if the loss is low enough.

        Parameters
        ----------
        step : int
            Steps made.
        loss : float
            Held out, or smoothed if nothing is held out; in nats per character.
        """
        goal = self.until.loss
        if goal is not None and loss <= goal and not self._is_loss_met:
            self.end("loss", step)

    def take_comparison(self, step: int, *, is_better: bool) -> None:
        """Count a measurement of the held-out loss, and end the run if it was one too many."""
        self._waited = 0 if is_better else self._waited + 1
        if self._waited == self.until.patience:
            self.end("patience", step)

    def wait_anew(self) -> None:
        """Count from 0 the measurements without a better one."""
        self._waited = 0

    def go_on(self) -> None:
        """Go on after the end."""
        if self.ended is not None and self.ended.reason == "patience":
            self._waited = 0
        self.ended = None

    def state(self) -> StateDict:
        """Return everything that `restore` needs."""
        state: StateDict = {
            "until": dataclass_to_json(self.until),
            "waited": self._waited,
            "is_loss_met": self._is_loss_met,
        }
        if self.ended is not None:
            state |= {"reason": self.ended.reason, "step": self.ended.step}
        return state

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned.

        Raises
        ------
        ValueError
            If it is not such a state; the message names what does not fit.
        """
        self.until = dataclass_from_json(Until, state.value("until"))
        self._waited = state.whole("waited")
        self._is_loss_met = state.flag("is_loss_met")
        self.ended = None
        if "reason" in state:
            reason = state.value("reason")
            if reason not in get_args(EndReason):
                raise ValueError(
                    f"reason must be one of {', '.join(get_args(EndReason))}, got {shown(reason)}."
                )
            self.ended = Ended(reason, state.whole("step", most=MAX_STEPS), self.until)
            if getattr(self.until, reason) is None:
                raise ValueError(f"reason is {reason}, but until does not set it.")
