"""The learner: a network and its optimizer, one step or one resize at a time."""

import math
import operator
from collections.abc import Sequence

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.architecture import Architecture
from engine.nn.fast.split_batches import Helper
from engine.nn.fast_path import FastPath
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.nn.parameters import Array, Normal, Parameters
from engine.nn.resizing.undo import Resizing, Resizings, restore_pruned
from engine.nn.resizing.widths import Resized, add_layer, resize
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.data_loader import DataLoader, make_loader
from engine.training.loaders.name_loader import NameLoader
from engine.training.loaders.text_loader import StreamLoader
from engine.training.messages import ResizeCost
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings

MAX_READ = 512
"""Most names or windows read at once; a larger batch is read in parts, to bound its memory."""


class Learner:
    """Everything that a step reads and changes, except the hyperparameters.

    Parameters
    ----------
    corpus : Corpus or Text
    hyperparameters : Hyperparameters
        The initial ones.
    recipe : Recipe
    settings : RunSettings
    parameters : Parameters, optional
        The initial ones; drawn at random, as the recipe prescribes, if absent.
    helper : Helper, optional
        Computes half of each large batch.

    Raises
    ------
    ValueError
        If the parameters do not have the architecture that the other arguments describe.

    Attributes
    ----------
    loader : DataLoader
    random : Generator
        Draws initial values of new units, and dropout masks.
    network : Network
    optimizer : Optimizer
    resizings : Resizings
        The resizes that can be undone.
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
        self.loader = make_loader(corpus, recipe, settings)
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
            raise ValueError(f"parameters must have the architecture {architecture}.")
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
        """Make one step.

        Returns
        -------
        loss : float
            Before the step: the mean over names, in nats; for a text, the mean over symbols.
        characters : float
            The mean over names, END included; 1 for a text.
        """
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
        """Set the gradients to their mean over a batch; return the same as `learn`."""
        loader, gradients = self.loader, self.network.gradients.flat
        at_once = hyperparameters.batch if isinstance(loader, StreamLoader) else MAX_READ
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
        # The mean is over names, or over the predicted symbols of a text.
        parts = names if isinstance(loader, NameLoader) else predicted
        gradients /= parts
        return loss / parts, predicted / parts

    def renew_optimizer(self, hyperparameters: Hyperparameters) -> None:
        """Replace the optimizer by a new one without moments."""
        self.optimizer: Optimizer = OPTIMIZERS[hyperparameters.optimizer](self.parameters.flat)

    def resize(
        self,
        hyperparameters: Hyperparameters,
        widths: tuple[int, ...],
        place: int | None = None,
        *,
        undo: bool = False,
    ) -> ResizeCost | None:
        """Change the network's widths and everything that depends on them.

        Parameters
        ----------
        hyperparameters : Hyperparameters
            In force before.
        widths : tuple of int
            One per layer; more than there are layers adds layers on top.
        place : int, optional
            Index in the record of the event that began the resize. It can be undone by it.
        undo : bool
            Whether to undo the resize that began there.

        Returns
        -------
        ResizeCost or None
            See `_cost_of_resize`.
        """
        before, loader = self.parameters, self.loader
        undone = self.resizings.find(place) if undo else None
        after, resized = _resized(before, widths, self.random, loader, undone)
        cost = _cost_of_resize(before, after, loader, held_out=self._holds_out, undone=undone)
        self._take_over(after)
        if len(after.layers) > len(before.layers):
            # The output layer is a new one, and moments that start at zero beside others that do
            # not would make its first steps too long.
            self.renew_optimizer(hyperparameters)
            self.resizings = Resizings()
        else:
            _carry_moments(self.optimizer, before, resized)
            self.resizings.note(place, before, resized, undo=undo)
        if self._carried is not None:
            self._carried = resized.carry(self._carried)
        loader.resize_states(resized, after)
        return cost

    def go_to(self, parameters: Parameters, hyperparameters: Hyperparameters) -> None:
        """Continue from a copy of other parameters, resized to the present widths.

        The optimizer and all states start over, because the moments may have caused a divergence.
        """
        widths = self.parameters.architecture.widths
        parameters = parameters.copy()
        if parameters.architecture.widths != widths:
            parameters, _ = _resized(parameters, widths, self.random, self.loader)
        self._take_over(parameters)
        self.renew_optimizer(hyperparameters)
        self.loader.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(widths[0])

    def state(self) -> StateDict:
        """Return everything that a step reads and changes, except the parameters, as copies."""
        state: StateDict = {"random": self.random.bit_generator.state}
        if self._carried is not None:
            state["carried_state"] = self._carried.copy()
        state |= {f"optimizer.{name}": value for name, value in self.optimizer.state().items()}
        return state | {f"loader.{name}": value for name, value in self.loader.state().items()}

    def restore(self, state: ValidatedMapping) -> None:
        """Continue from what `state` returned when the network had its present parameters.

        Raises
        ------
        ValueError
            If it is not a state of such a learner; the message names what does not fit.
        """
        self.random = state.random("random")
        if self._carried is not None:
            carried = self._carried
            self._carried = state.array("carried_state", carried.shape, carried.dtype)
        self.optimizer.restore(state.part("optimizer."))
        self.loader.restore(state.part("loader."), self.parameters)

    def _take_over(self, parameters: Parameters) -> None:
        self.network = Network(parameters, self._helper)
        serves = isinstance(self.loader, NameLoader) and FastPath.serves(parameters.architecture)
        self._single = FastPath(parameters) if serves else None


def _resized(
    parameters: Parameters,
    widths: Sequence[int],
    random: Normal,
    loader: DataLoader,
    undone: Resizing | None = None,
) -> tuple[Parameters, Resized]:
    """Resize a network, and add layers on top if `widths` names more than it has.

    Parameters
    ----------
    undone : Resizing, optional
        A resize to undo: the units that it pruned come back first.

    Returns
    -------
    parameters : Parameters
        Of all layers.
    resized : Resized
        What became of the layers that were there before.
    """
    present = len(parameters.layers)
    probe = loader.training_probe()
    restored = restore_pruned(parameters, undone) if undone is not None and undone.prunes else None
    resized = resize(
        parameters if restored is None else restored.parameters,
        widths[:present],
        random,
        probe,
        carries_state=loader.always_reads,
    )
    if restored is not None:
        resized = _compose(restored, resized)
    after = resized.parameters
    for width in widths[present:]:
        after = add_layer(after, width, random, probe)
    return after, resized


def _compose(first: Resized, second: Resized) -> Resized:
    """Return two resizes, one after the other, as one."""
    origins = tuple(
        np.where(origin >= 0, earlier[origin], -1)
        for earlier, origin in zip(first.origins, second.origins, strict=True)
    )
    return Resized(second.parameters, origins)


def _cost_of_resize(
    before: Parameters,
    after: Parameters,
    loader: DataLoader,
    *,
    held_out: bool,
    undone: Resizing | None = None,
) -> ResizeCost | None:
    """Measure the loss before and after a resize.

    None if layers only became wider, because such a network computes the same as before.

    Parameters
    ----------
    held_out : bool
        Whether the loader holds anything out.
    undone : Resizing, optional
        The resize that was undone: units that come back do change the output.
    """
    was, is_now = before.architecture.widths, after.architecture.widths
    restored = undone is not None and undone.prunes
    if not restored and len(was) == len(is_now) and all(map(operator.ge, is_now, was)):
        return None
    return ResizeCost(loader.probe_loss(before), loader.probe_loss(after), held_out)


def _carry_moments(optimizer: Optimizer, before: Parameters, resized: Resized) -> None:
    """Adapt an optimizer's moments to other widths; see `Resized.transfer`."""
    optimizer.moments = [
        resized.transfer(Parameters(before.architecture, moment)).flat
        for moment in optimizer.moments
    ]
