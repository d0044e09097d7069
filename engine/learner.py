"""A network that learns, one step at a time: from its lessons, by its optimiser."""

import math

import numpy as np

from engine.architecture import Architecture
from engine.corpus import Corpus
from engine.halves import Helper
from engine.lessons import lessons_for
from engine.messages import ResizeCost
from engine.name_lessons import NameLessons
from engine.network import Network
from engine.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.parameters import Array, Normal, Parameters
from engine.rebuilding import carry_moments, cost_of_rebuilding, rebuild
from engine.recipes import Recipe
from engine.regrowth import Resizings
from engine.settings import Hyperparameters, RunSettings
from engine.single_name import SingleName
from engine.stored import RunState, Stored
from engine.text import Text
from engine.text_lessons import StreamLessons

_NAMES_AT_ONCE = 512
"""Names, or windows of a text, that are read at once in a step of more."""


class Learner:
    """All that a step reads and changes, but for the hyperparameters, which are told each time.

    Parameters
    ----------
    corpus : Corpus or Text
    knobs : Hyperparameters
        Those to begin with.
    recipe : Recipe
    settings : RunSettings
    parameters : Parameters, optional
        To begin with; drawn as the recipe has it if absent.
    helper : Helper, optional
        Takes a half of large batches.

    Raises
    ------
    ValueError
        If the parameters are of another architecture than the rest says.

    Attributes
    ----------
    lessons : Lessons
    random : Generator
        Draws what begins anew, and what dropout leaves out.
    network : Network
    optimizer : Optimizer
    resizings : Resizings
        The changes of widths that can be taken back.
    """

    def __init__(
        self,
        corpus: Corpus | Text,
        knobs: Hyperparameters,
        recipe: Recipe,
        settings: RunSettings,
        parameters: Parameters | None = None,
        helper: Helper | None = None,
    ) -> None:
        self.lessons = lessons_for(corpus, recipe, settings)
        self.random = np.random.default_rng((settings.seed, 2))
        self._holds_out = recipe.holds_out
        self._helper = helper
        architecture = Architecture(
            len(corpus.vocabulary), settings.cell, knobs.widths, settings.embedding, settings.dtype
        )
        if parameters is None:
            is_legacy = recipe.is_legacy
            start: Normal = np.random.RandomState(settings.seed + 1) if is_legacy else self.random
            parameters = Parameters.initial(architecture, start)
        elif parameters.architecture != architecture:
            raise ValueError(f"parameters must be of {architecture}, got those of another network.")
        self._take_over(parameters)
        self.renew_optimizer(knobs)
        self.resizings = Resizings()
        zero = np.zeros(parameters.architecture.widths[0])
        self._carried: Array | None = zero if recipe.carries_state else None

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self.network.parameters

    def learn(self, knobs: Hyperparameters) -> tuple[float, float]:
        """Make one step; return the loss before it and the characters, both means over names."""
        lessons = self.lessons
        learning_rate = knobs.learning_rate
        if knobs.decay:
            learning_rate /= 1.0 + knobs.decay * math.floor(lessons.taken / len(lessons))
        alone = knobs.batch == 1 and not knobs.dropout
        single = self._single if alone else None
        if single is not None and isinstance(lessons, NameLessons):
            Y = lessons.next_name()
            loss, characters = single.loss_and_gradients(Y, self._carried), float(len(Y))
            if self._carried is not None:
                self._carried[:] = single.a_last
            gradients = single.gradients.flat
        else:
            loss, characters = self._learn_from_batch(knobs)
            gradients = self.network.gradients.flat
        if knobs.clip is not None:
            if knobs.clipping == "norm":
                clip_norm(gradients, knobs.clip)
            elif single is not None:
                single.clip_entries(knobs.clip)
            else:
                clip_entries(gradients, knobs.clip)
        self.optimizer.step(self.parameters.flat, gradients, learning_rate, knobs.l2)
        return loss, characters

    def _learn_from_batch(self, knobs: Hyperparameters) -> tuple[float, float]:
        """Set the gradients to their mean over a batch; return what `learn` does.

        Of many names some are read at a time, so that what a step remembers stays small.
        """
        lessons, gradients = self.lessons, self.network.gradients.flat
        at_once = knobs.batch if isinstance(lessons, StreamLessons) else _NAMES_AT_ONCE
        loss, predicted, names, before = 0.0, 0, 0, None
        for begin in range(0, knobs.batch, at_once):
            batch = lessons.next_batch(min(at_once, knobs.batch - begin))
            loss += self.network.loss_and_gradients(
                batch, knobs.dropout, self.random, lessons.states(self.parameters)
            )
            predicted, names = predicted + len(batch.targets), names + batch.n_names
            if before is not None:
                gradients += before
            if begin + at_once < knobs.batch:
                before = gradients.copy()
        # The mean is taken over names; a text has none, and its symbols count one by one.
        parts = names if isinstance(lessons, NameLessons) else predicted
        gradients /= parts
        return loss / parts, predicted / parts

    def renew_optimizer(self, knobs: Hyperparameters) -> None:
        """Let the optimiser begin anew, with nothing remembered."""
        self.optimizer: Optimizer = OPTIMIZERS[knobs.optimizer](self.parameters.flat)

    def resize(
        self,
        knobs: Hyperparameters,
        widths: tuple[int, ...],
        place: int | None = None,
        *,
        back: bool = False,
    ) -> ResizeCost | None:
        """Bring the network to other widths, with all that hangs on them, and tell the cost.

        Parameters
        ----------
        knobs : Hyperparameters
            In force before.
        widths : tuple of int
            Of as many layers as there are, or more.
        place : int, optional
            In the record, where the change began: by this it can be taken back.
        back : bool
            Whether this takes back what began there.
        """
        before, lessons = self.parameters, self.lessons
        undone = self.resizings.find(place) if back else None
        after, resized = rebuild(before, widths, self.random, lessons, undone)
        cost = cost_of_rebuilding(before, after, lessons, held_out=self._holds_out, undone=undone)
        self._take_over(after)
        if len(after.layers) > len(before.layers):
            # The output layer has nothing to do with what it was, and averages that begin at zero
            # in the middle of a run make for steps that are too long.
            self.renew_optimizer(knobs)
            self.resizings = Resizings()
        else:
            carry_moments(self.optimizer, before, resized)
            self.resizings.note(place, before, resized, back=back)
        if self._carried is not None:
            self._carried = resized.carry(self._carried)
        lessons.resize_states(resized, after)
        return cost

    def go_to(self, parameters: Parameters, knobs: Hyperparameters) -> None:
        """Go on from a copy of other parameters, brought to the present widths.

        The optimiser begins anew, as what it remembers may be what led astray, and so do states.
        """
        widths = self.parameters.architecture.widths
        parameters = parameters.copy()
        if parameters.architecture.widths != widths:
            parameters, _ = rebuild(parameters, widths, self.random, self.lessons)
        self._take_over(parameters)
        self.renew_optimizer(knobs)
        self.lessons.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(widths[0])

    def state(self) -> RunState:
        """Return copies of all that a step reads and changes, but for the parameters."""
        kept: RunState = {"random": self.random.bit_generator.state}
        if self._carried is not None:
            kept["carried"] = self._carried.copy()
        kept |= {f"optimizer.{name}": value for name, value in self.optimizer.state().items()}
        return kept | {f"lessons.{name}": value for name, value in self.lessons.state().items()}

    def restore(self, state: Stored) -> None:
        """Go on from what `state` returned, with the parameters of that time.

        Raises
        ------
        ValueError
            If it cannot be a state of this learner; the message names what does not fit.
        """
        self.random = state.random("random")
        if self._carried is not None:
            self._carried = state.array("carried", self._carried.shape, self._carried.dtype)
        self.optimizer.restore(state.part("optimizer."))
        self.lessons.restore(state.part("lessons."), self.parameters)

    def _take_over(self, parameters: Parameters) -> None:
        self.network = Network(parameters, self._helper)
        serves = isinstance(self.lessons, NameLessons) and SingleName.serves(
            parameters.architecture
        )
        self._single = SingleName(parameters) if serves else None
