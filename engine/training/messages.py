"""The values that pass between the training thread and others: frozen, with read-only arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import Vocabulary
from engine.evaluation.held_out.data import HeldOutData, held_out_of
from engine.evaluation.told_names import ToldExample
from engine.melody.note import Melody
from engine.nn.ablation import HiddenUnit, without_units
from engine.nn.kinds import Blend, of_blend
from engine.nn.parameters import Array, Parameters
from engine.training.ending import ENDLESS, Until
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings


@dataclass(frozen=True)
class HeldOutLoss:
    """The mean loss on the held-out data after `step` steps; see `engine.nn.network.NamesLoss`.

    For documents, they are per document and per symbol; for a running text, both are per symbol.
    """

    step: int
    nats_per_name: float
    nats_per_character: float
    accuracy: float | None = None


@dataclass(frozen=True)
class HeldOutTrend:
    """The best held-out loss of a run so far, beside the latest one.

    Attributes
    ----------
    best, latest : HeldOutLoss
    has_risen : bool
        Whether the loss has been above the best for a while; see
        `engine.training.watching.best_network.BestKeeper`.
    """

    best: HeldOutLoss
    latest: HeldOutLoss
    has_risen: bool


@dataclass(frozen=True)
class Chunk:
    """The results of consecutive steps, one array entry per step.

    Attributes
    ----------
    loss : (k,) array, read-only
        Mean loss of the step's names, in nats; for a running text, of its symbols; for documents,
        of a document of mean length.
    characters : (k,) array, read-only
        Mean length of the step's names, END included; 1 for a running text; for documents, the mean
        length of all of them.
    smoothed_loss : (k,) array, read-only
        The recipe's moving average of `loss`, in nats per name or document.
    smoothed_characters : (k,) array, read-only
        The same average of `characters`. `smoothed_loss` / `smoothed_characters` is the smoothed
        loss in nats per character.
    held_out : tuple of HeldOutLoss
        Measured between these steps.
    """

    loss: Array
    characters: Array
    smoothed_loss: Array
    smoothed_characters: Array
    held_out: tuple[HeldOutLoss, ...]

    def __len__(self) -> int:
        return len(self.loss)

    @staticmethod
    def of(*columns: Sequence[float], held_out: Iterable[HeldOutLoss]) -> "Chunk":
        """Make a chunk of columns of numbers, in the order of the attributes."""
        loss, characters, smoothed_loss, smoothed_characters = map(_read_only, columns)
        return Chunk(loss, characters, smoothed_loss, smoothed_characters, tuple(held_out))

    @staticmethod
    def join(chunks: Sequence["Chunk"]) -> "Chunk":
        """Join one or more consecutive chunks into one."""
        return Chunk(
            loss=_joined([s.loss for s in chunks]),
            characters=_joined([s.characters for s in chunks]),
            smoothed_loss=_joined([s.smoothed_loss for s in chunks]),
            smoothed_characters=_joined([s.smoothed_characters for s in chunks]),
            held_out=tuple(measured for s in chunks for measured in s.held_out),
        )


@dataclass(frozen=True)
class LossSpike:
    """The peak of a loss that was far too high, and has come down by itself.

    Attributes
    ----------
    step : int
        Steps made, that one included.
    loss, characters : float
        Of that step, as in `Chunk`.
    """

    step: int
    loss: float
    characters: float

    @property
    def nats_per_character(self) -> float:
        """The loss per character; for a text, per symbol."""
        return self.loss / self.characters


@dataclass(frozen=True)
class LossRise:
    """The smoothed loss has risen too far, and has stayed there.

    All losses are in nats per character; for a text, in nats per symbol.

    Attributes
    ----------
    step : int
        Steps made when it was noticed.
    since : int
        The last step before the rise.
    before, now : float
        The smoothed loss then, and when it was noticed.
    guessing : float
        The loss of guessing uniformly.
    good_step : int
        The step that `engine.training.trainer.Trainer.go_back` would go back to.
    """

    step: int
    since: int
    before: float
    now: float
    guessing: float
    good_step: int = 0

    @property
    def is_worse_than_guessing(self) -> bool:
        """Whether the network is worse than one that has learned nothing."""
        return self.now > self.guessing


@dataclass(frozen=True)
class RunRequest:
    """An order to begin a run.

    Attributes
    ----------
    run_id : int
        Different for every run. Messages carry it, so that those of an earlier run can be dropped.
    corpus : Corpus or Text
    recipe : Recipe
    hyperparameters : Hyperparameters
    settings : RunSettings
    until : Until
        When it ends by itself.
    """

    run_id: int
    corpus: Corpus | Text
    recipe: Recipe
    hyperparameters: Hyperparameters
    settings: RunSettings
    until: Until = ENDLESS

    def held_out_data(self) -> HeldOutData:
        """Return what the run holds out, to be measured on; its recipe holds something out."""
        settings = self.settings
        share, window, task = settings.held_out, settings.window, settings.task
        return held_out_of(self.corpus, settings.seed, share, window, task)


@dataclass(frozen=True)
class SetHyperparameters:
    """An order to `engine.training.trainer.Trainer.set_hyperparameters`.

    Attributes
    ----------
    hyperparameters : Hyperparameters
        All of them, the unchanged ones included.
    undo_group : int or None
        Identifies a change, so that it can be undone.
    undo : bool
        Whether to undo the changes of that group.
    sets_rate : bool
        Whether the learning rate counts as set even if it is the same.
    """

    hyperparameters: Hyperparameters
    undo_group: int | None = None
    undo: bool = False
    sets_rate: bool = False


@dataclass(frozen=True)
class Progress:
    """What was trained since the last such message.

    Attributes
    ----------
    step : int
        Steps made so far, those of `chunk` included.
    epoch : float
        Passes over the training data so far.
    chunk : Chunk
        Every step since the last message.
    seconds : float
        Time spent training so far.
    steps_per_second : float
        Over the last second of training.
    smoothed_loss, smoothed_characters : float or None
        As in `Chunk`, after the last step; None before the first.
    held_out : HeldOutTrend or None
        None if nothing is held out.
    rise : LossRise or None
        Set while the smoothed loss is far too high.
    spikes : tuple of LossSpike
        All of the run.
    decay_epoch : float
        Passes over the data since the learning rate was last set, as its decay counts them.
    hyperparameters : Hyperparameters or None
        In force; those that were ordered meanwhile are not among them.
    is_loss_met : bool
        Whether the loss that is to end the run has done so, and no longer does.
    examples : int
        Names, windows or symbols read so far.
    """

    step: int
    epoch: float
    chunk: Chunk
    seconds: float
    steps_per_second: float
    smoothed_loss: float | None
    smoothed_characters: float | None
    held_out: HeldOutTrend | None = None
    rise: LossRise | None = None
    spikes: tuple[LossSpike, ...] = ()
    decay_epoch: float = 0.0
    hyperparameters: Hyperparameters | None = None
    is_loss_met: bool = False
    examples: int = 0

    def decay_epoch_of(self, ordered: Hyperparameters) -> float:
        """Return `decay_epoch`, or 0 if the learning rate was set after this message was sent."""
        in_force = self.hyperparameters or ordered
        return self.decay_epoch if in_force.rate_settings == ordered.rate_settings else 0.0


@dataclass(frozen=True)
class Snapshot:
    """The network as it was after a step.

    Attributes
    ----------
    step : int
        Steps made.
    parameters : Parameters
        A read-only copy.
    vocabulary : Vocabulary
        The symbols that the network's indices stand for.
    smoothed_loss : float or None
        In nats per name; of a text, per symbol. None before the first step.
    latest_name : (T,) array of int or None, read-only
        The last training example as indices: the last name of a batch with its END, or the end of
        a piece of text, whose first symbol is only an input. None before the first step.
    update_ratios : Mapping of str to float, or None
        Size of the latest step relative to each parameter's, if it was asked for; see
        `engine.insight.update_ratios`.
    units_off : frozenset of HiddenUnit
        Units that are held at zero in `parameters`, while those of the training have them.
    kinds : tuple of str
        The titles of the kinds that the network is told or tells; empty if it knows none.
    """

    step: int
    parameters: Parameters
    vocabulary: Vocabulary
    smoothed_loss: float | None
    latest_name: NDArray[np.intp] | None = None
    update_ratios: Mapping[str, float] | None = None
    units_off: frozenset[HiddenUnit] = frozenset()
    kinds: tuple[str, ...] = ()

    def of_blend(self, blend: Blend) -> "Snapshot":
        """Return what a network that is told kinds is at a blend of them.

        It is a network without kinds; see `engine.nn.kinds.of_blend`.
        """
        return replace(self, parameters=of_blend(self.parameters, blend), kinds=())

    def without(self, units: frozenset[HiddenUnit]) -> "Snapshot":
        """Return the network with more units switched off; see `engine.nn.ablation`."""
        if units <= self.units_off:
            return self
        parameters = without_units(self.parameters, units)
        return replace(self, parameters=parameters, units_off=self.units_off | units)


@dataclass(frozen=True)
class LogEntry:
    """What the course prints every 2,000 iterations.

    Attributes
    ----------
    iteration : int
        Counted from 0, as in the course: one less than the steps made.
    smoothed_loss : float
        In nats per name.
    names : tuple of str
        As sampled, not capitalized.
    kinds : tuple of str
        The title of the kind of each name; empty if the network is not told kinds.
    """

    iteration: int
    smoothed_loss: float
    names: tuple[str, ...]
    kinds: tuple[str, ...] = ()

    @property
    def steps_made(self) -> int:
        """The steps that had been made when it was written."""
        return self.iteration + 1


@dataclass(frozen=True)
class _SteppedLogEntry:
    """What all entries have that count the steps made."""

    step: int
    smoothed_loss: float

    @property
    def steps_made(self) -> int:
        """The steps that had been made when it was written."""
        return self.step


@dataclass(frozen=True)
class TextLogEntry(_SteppedLogEntry):
    """A log entry of a run on a text.

    Attributes
    ----------
    step : int
        Steps made.
    smoothed_loss : float
        In nats per symbol.
    text : str
        As sampled, from the beginning of a line.
    """

    text: str


@dataclass(frozen=True)
class MelodyLogEntry(_SteppedLogEntry):
    """A log entry of a run on melodies.

    Attributes
    ----------
    step : int
        Steps made.
    smoothed_loss : float
        In nats per symbol.
    melody : Melody
        As improvised: a few bars.
    """

    melody: Melody


@dataclass(frozen=True)
class KindsLogEntry(_SteppedLogEntry):
    """A log entry of a run that tells kinds.

    Attributes
    ----------
    step : int
        Steps made.
    smoothed_loss : float
        In nats per name told.
    accuracy : float or None
        The share of the held-out names that were told right when they were last measured, from 0
        to 1; None if nothing has been measured.
    told : tuple of ToldExample
        Some names, the same in all entries of a run.
    """

    accuracy: float | None
    told: tuple[ToldExample, ...]


AnyLogEntry = LogEntry | TextLogEntry | MelodyLogEntry | KindsLogEntry
"""What a network wrote, or told, after a step that is logged."""


@dataclass(frozen=True)
class ResizeCost:
    """The mean loss on a sample of the data before and after a resize.

    In nats per name or document; for a running text, in nats per symbol.

    Attributes
    ----------
    before, after : float
    held_out : bool
        Whether the sample was held out; else it is training data.
    characters : float
        Mean length of the sample's names or documents, END included; 1 for a running text.
    """

    before: float
    after: float
    held_out: bool
    characters: float = 1.0


@dataclass(frozen=True)
class ResizeReport:
    """The result of a resize.

    Attributes
    ----------
    step : int
        Steps made before it.
    widths_before, widths_after : tuple of int
        Of each layer.
    cost : ResizeCost or None
        None if layers only became wider, because such a network computes the same as before.
    is_forgotten : bool
        Whether it was meant to undo an earlier resize that is no longer known, so that new units
        took the place of earlier ones, or a layer was taken away without the output layer that it
        had replaced.
    """

    step: int
    widths_before: tuple[int, ...]
    widths_after: tuple[int, ...]
    cost: ResizeCost | None
    is_forgotten: bool = False


@dataclass(frozen=True)
class Divergence:
    """The loss became infinite, NaN or absurdly large.

    Attributes
    ----------
    step : int
        Steps made when it happened.
    last_good_step : int
        The step that the network went back to.
    learning_rate : float
    can_go_on : bool
        Whether the parameters that diverged are finite, so that `Trainer.go_on` can use them.
    """

    step: int
    last_good_step: int
    learning_rate: float
    can_go_on: bool = False


def _read_only(values: Sequence[float]) -> Array:
    array = np.array(values)
    array.flags.writeable = False
    return array


def _joined(arrays: Sequence[Array]) -> Array:
    joined = np.concatenate(arrays)
    joined.flags.writeable = False
    return joined
