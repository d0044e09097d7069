"""A network that learns, one step at a time: from its lessons, by its optimiser."""

import math

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.architecture import Architecture
from engine.nn.fast.split_batches import Helper
from engine.nn.fast_path import FastPath
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.nn.parameters import Array, Normal, Parameters
from engine.nn.resizing.undo import Resizings
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.data_loader import lessons_for
from engine.training.messages import ResizeCost
from engine.training.name_loader import NameLoader
from engine.training.rebuilding import carry_moments, cost_of_rebuilding, rebuild
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.text_loader import StreamLoader

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
    lessons : DataLoader
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
        hyperparameters: Hyperparameters,
        recipe: Recipe,
        settings: RunSettings,
        parameters: Parameters | None = None,
        helper: Helper | None = None,
    ) -> None:
        self.loader = lessons_for(corpus, recipe, settings)
        self.random = np.random.default_rng((settings.seed, 2))
        self._holds_out = recipe.holds_out
        self._helper = helper
        architecture = Architecture(
            len(corpus.vocabulary),
            settings.cell,
            hyperparameters.widths,
            settings.embedding,
            settings.dtype,
        )
        if parameters is None:
            is_legacy = recipe.is_legacy
            start: Normal = np.random.RandomState(settings.seed + 1) if is_legacy else self.random
            parameters = Parameters.initial(architecture, start)
        elif parameters.architecture != architecture:
            raise ValueError(f"parameters must be of {architecture}, got those of another network.")
        self._take_over(parameters)
        self.renew_optimizer(hyperparameters)
        self.resizings = Resizings()
        zero = np.zeros(parameters.architecture.widths[0])
        self._carried: Array | None = zero if recipe.carries_state else None

    @property
    def parameters(self) -> Parameters:
        """The live parameters: they change with every step."""
        return self.network.parameters

    def learn(self, hyperparameters: Hyperparameters) -> tuple[float, float]:
        """Make one step; return the loss before it and the characters, both means over names."""
        loader = self.loader
        learning_rate = hyperparameters.learning_rate
        if hyperparameters.decay:
            learning_rate /= 1.0 + hyperparameters.decay * math.floor(loader.taken / len(loader))
        alone = hyperparameters.batch == 1 and not hyperparameters.dropout
        single = self._single if alone else None
        if single is not None and isinstance(loader, NameLoader):
            Y = loader.next_name()
            loss, characters = single.loss_and_gradients(Y, self._carried), float(len(Y))
            if self._carried is not None:
                self._carried[:] = single.a_last
            gradients = single.gradients.flat
        else:
            loss, characters = self._learn_from_batch(hyperparameters)
            gradients = self.network.gradients.flat
        if hyperparameters.clip is not None:
            if hyperparameters.clipping == "norm":
                clip_norm(gradients, hyperparameters.clip)
            elif single is not None:
                single.clip_entries(hyperparameters.clip)
            else:
                clip_entries(gradients, hyperparameters.clip)
        self.optimizer.step(self.parameters.flat, gradients, learning_rate, hyperparameters.l2)
        return loss, characters

    def _learn_from_batch(self, hyperparameters: Hyperparameters) -> tuple[float, float]:
        """Set the gradients to their mean over a batch; return what `learn` does.

        Of many names some are read at a time, so that what a step remembers stays small.
        """
        loader, gradients = self.loader, self.network.gradients.flat
        at_once = hyperparameters.batch if isinstance(loader, StreamLoader) else _NAMES_AT_ONCE
        loss, predicted, names, before = 0.0, 0, 0, None
        for begin in range(0, hyperparameters.batch, at_once):
            batch = loader.next_batch(min(at_once, hyperparameters.batch - begin))
            loss += self.network.loss_and_gradients(
                batch, hyperparameters.dropout, self.random, loader.states(self.parameters)
            )
            predicted, names = predicted + len(batch.targets), names + batch.n_names
            if before is not None:
                gradients += before
            if begin + at_once < hyperparameters.batch:
                before = gradients.copy()
        # The mean is taken over names; a text has none, and its symbols count one by one.
        parts = names if isinstance(loader, NameLoader) else predicted
        gradients /= parts
        return loss / parts, predicted / parts

    def renew_optimizer(self, hyperparameters: Hyperparameters) -> None:
        """Let the optimiser begin anew, with nothing remembered."""
        self.optimizer: Optimizer = OPTIMIZERS[hyperparameters.optimizer](self.parameters.flat)

    def resize(
        self,
        hyperparameters: Hyperparameters,
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
        before, loader = self.parameters, self.loader
        undone = self.resizings.find(place) if back else None
        after, resized = rebuild(before, widths, self.random, loader, undone)
        cost = cost_of_rebuilding(before, after, loader, held_out=self._holds_out, undone=undone)
        self._take_over(after)
        if len(after.layers) > len(before.layers):
            # The output layer has nothing to do with what it was, and averages that begin at zero
            # in the middle of a run make for steps that are too long.
            self.renew_optimizer(hyperparameters)
            self.resizings = Resizings()
        else:
            carry_moments(self.optimizer, before, resized)
            self.resizings.note(place, before, resized, back=back)
        if self._carried is not None:
            self._carried = resized.carry(self._carried)
        loader.resize_states(resized, after)
        return cost

    def go_to(self, parameters: Parameters, hyperparameters: Hyperparameters) -> None:
        """Go on from a copy of other parameters, brought to the present widths.

        The optimiser begins anew, as what it remembers may be what led astray, and so do states.
        """
        widths = self.parameters.architecture.widths
        parameters = parameters.copy()
        if parameters.architecture.widths != widths:
            parameters, _ = rebuild(parameters, widths, self.random, self.loader)
        self._take_over(parameters)
        self.renew_optimizer(hyperparameters)
        self.loader.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(widths[0])

    def state(self) -> StateDict:
        """Return copies of all that a step reads and changes, but for the parameters."""
        kept: StateDict = {"random": self.random.bit_generator.state}
        if self._carried is not None:
            kept["carried"] = self._carried.copy()
        kept |= {f"optimizer.{name}": value for name, value in self.optimizer.state().items()}
        return kept | {f"lessons.{name}": value for name, value in self.loader.state().items()}

    def restore(self, state: ValidatedMapping) -> None:
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
        self.loader.restore(state.part("lessons."), self.parameters)

    def _take_over(self, parameters: Parameters) -> None:
        self.network = Network(parameters, self._helper)
        serves = isinstance(self.loader, NameLoader) and FastPath.serves(parameters.architecture)
        self._single = FastPath(parameters) if serves else None
