"""The learner: a network and its optimizer, one step or one resize at a time."""

import operator
from dataclasses import dataclass

import numpy as np

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.nn.classifier import Classifier
from engine.nn.compiled_path import CompiledPath
from engine.nn.compiled_update import has_rule, make_step
from engine.nn.fast.split_batches import Helper
from engine.nn.fast_path import FastPath
from engine.nn.layers.batch_backend import NUMPY
from engine.nn.layers.compiled_batches import CompiledBatches
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS, Optimizer, clip_entries, clip_norm
from engine.nn.parameters import Array, Normal, Parameters
from engine.nn.resizing.layers import reshape
from engine.nn.resizing.undo import Resizings
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.decay_start import decay_period
from engine.training.loaders.data_loader import DataLoader, make_loader
from engine.training.loaders.document_loader import DocumentLoader
from engine.training.loaders.example_loader import ExampleLoader
from engine.training.loaders.name_loader import NameLoader
from engine.training.loaders.text_loader import StreamLoader
from engine.training.messages import ResizeCost
from engine.training.ranges import LOST
from engine.training.recipes import Recipe
from engine.training.settings import SCHEDULES, Hyperparameters, RunSettings

MAX_READ = 512
"""Most names, passages or windows read at once.

A larger batch is read in parts, to bound its memory.
"""


@dataclass(frozen=True)
class NetworkCopy:
    """A copy of a network and of its optimizer's moments, to go back to.

    Attributes
    ----------
    parameters : Parameters
        Read-only.
    optimizer : str
        A name in `engine.nn.optimizers.OPTIMIZERS`.
    optimizer_state : dict
        What its `state` has returned.
    """

    parameters: Parameters
    optimizer: str
    optimizer_state: StateDict

    @classmethod
    def restored(
        cls, parameters: Parameters, optimizer: str, state: ValidatedMapping
    ) -> "NetworkCopy":
        """Return a copy that was saved.

        Raises
        ------
        ValueError
            If it is not a state of that optimizer for these parameters.
        """
        checked = OPTIMIZERS[optimizer](parameters.flat)
        checked.restore(state)
        return cls(parameters.frozen_copy(), optimizer, checked.state())


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
    network : Network or Classifier
    optimizer : Optimizer
    resizings : Resizings
        The resizes that can be undone.
    decay_start : int
        Where the decay of the learning rate starts: the examples taken when the rate was last set,
        0 at the beginning. See `engine.training.decay_start.DecayStarts`.
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
        self.loader = make_loader(corpus, recipe, settings, hyperparameters.balance)
        self.random = np.random.default_rng((settings.seed, 2))
        self.decay_start = 0
        self._holds_out, self._tells = recipe.holds_out, settings.task == "tell"
        self._reads_streams = isinstance(self.loader, StreamLoader | DocumentLoader)
        kind = "names" if isinstance(self.loader, ExampleLoader) else corpus.kind
        self._decay_periods = {
            schedule: decay_period(len(self.loader), schedule, kind, settings.window)
            for schedule in SCHEDULES
        }
        self._helper = helper
        self._backend = hyperparameters.backend
        self._compiled: CompiledPath | None = None
        architecture = settings.architecture(
            len(corpus.vocabulary), hyperparameters.widths, corpus.n_kinds
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
            Before the step: the mean over names, in nats; for a running text, the mean over
            symbols; and for documents that mean times the mean length of a document.
        characters : float
            The mean over names, END included; 1 for a running text, and where kinds are told; and
            for documents, the mean length of all of them.
        """
        loader = self.loader
        learning_rate = hyperparameters.learning_rate
        if hyperparameters.decay:
            learning_rate = hyperparameters.rate_at(self.decay_epoch(hyperparameters.schedule))
        alone = hyperparameters.batch == 1 and not hyperparameters.dropout
        single = self._single if alone else None
        if single is not None and isinstance(loader, NameLoader):
            Y, kind = loader.next_name()
            loss, characters = single.loss_and_gradients(Y, self._carried, kind), float(len(Y))
            if self._carried is not None:
                self._carried[:] = single.a_last
            gradients = single.gradients.flat
        else:
            loss, characters = self._learn_from_batch(hyperparameters)
            gradients = self.network.gradients.flat
        clip, clipping, l2 = hyperparameters.clip, hyperparameters.clipping, hyperparameters.l2
        if self._backend == "compiled" and single is None and has_rule(self.optimizer):
            flat = self.parameters.flat
            make_step(self.optimizer, flat, gradients, learning_rate, clip, clipping, l2)
            return loss, characters
        if clip is not None:
            if clipping == "norm":
                clip_norm(gradients, clip)
            elif single is not None:
                single.clip_entries(clip)
            else:
                clip_entries(gradients, clip)
        self.optimizer.step(self.parameters.flat, gradients, learning_rate, l2)
        return loss, characters

    def can_learn_ahead(self, hyperparameters: Hyperparameters) -> bool:
        """Whether `learn_ahead` can make more than one step at a time.

        Raises
        ------
        KernelsNotReadyError
            If these steps are to be compiled, and the kernels are not ready.
        """
        alone = hyperparameters.batch == 1 and not hyperparameters.dropout
        if self._backend == "numpy" or self._single is None or not alone:
            return False
        if not (CompiledPath.serves(self.parameters.architecture) and has_rule(self.optimizer)):
            return False
        if self._compiled is None and isinstance(self.loader, NameLoader):
            self._compiled = CompiledPath(self.parameters, self.loader.training)
        return True

    def learn_ahead(
        self, hyperparameters: Hyperparameters, count: int
    ) -> tuple[list[float], list[float]]:
        """Make one or more steps, and return what `learn` returns for each: losses and characters.

        Only a network that `can_learn_ahead` makes more than one. It ends after a step whose loss
        is not below `LOST`, and at the end of an epoch.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        count : int
            The most steps to make.
        """
        if not self.can_learn_ahead(hyperparameters):
            loss, characters = self.learn(hyperparameters)
            return [loss], [characters]
        loader, compiled = self.loader, self._compiled
        assert isinstance(loader, NameLoader)
        assert compiled is not None  # `can_learn_ahead` has seen to both
        order = loader.peek(count)
        losses = compiled.learn(
            order,
            self._rates(hyperparameters, len(order)),
            self.optimizer,
            hyperparameters.clip,
            hyperparameters.clipping,
            hyperparameters.l2,
            self._carried,
            LOST,
        )
        loader.skip(len(losses))
        return losses.tolist(), compiled.lengths(order[: len(losses)]).tolist()

    def _rates(self, hyperparameters: Hyperparameters, count: int) -> Array:
        """Return the learning rates of the next steps, each on one name."""
        read = np.arange(count) + (self.loader.taken - self.decay_start)
        epochs = read / self._decay_periods[hyperparameters.schedule]
        return np.array(hyperparameters.rates_at(epochs.tolist()))

    def decay_epoch(self, schedule: str) -> float:
        """Return the passes over the data since the learning rate was last set.

        See `engine.training.decay_start.decay_period`.
        """
        return (self.loader.taken - self.decay_start) / self._decay_periods[schedule]

    def _learn_from_batch(self, hyperparameters: Hyperparameters) -> tuple[float, float]:
        """Set the gradients to their mean over a batch; return the same as `learn`."""
        loader, gradients = self.loader, self.network.gradients.flat
        at_once = hyperparameters.batch if self._reads_streams else MAX_READ
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
        # The mean is over names or passages, or over the predicted symbols of a text.
        parts = names if isinstance(loader, ExampleLoader) else predicted
        gradients /= parts
        if self._tells:
            return loss / parts, 1.0
        if isinstance(loader, DocumentLoader):
            return loss / parts * loader.mean_length, loader.mean_length
        return loss / parts, predicted / parts

    def renew_optimizer(self, hyperparameters: Hyperparameters) -> None:
        """Replace the optimizer by a new one without moments."""
        self.optimizer: Optimizer = OPTIMIZERS[hyperparameters.optimizer](self.parameters.flat)

    def set_backend(self, backend: str) -> None:
        """Compute steps with that backend, from the next one on."""
        self._backend = backend
        self._take_over(self.parameters)

    def set_balance(self, balance: float) -> None:
        """Draw kinds as evenly as that, from the next step on."""
        if isinstance(self.loader, ExampleLoader):
            self.loader.set_balance(balance)

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
            One per layer. More than there are add layers on top, fewer take layers away.
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
        probe = loader.training_probe()
        restored = self.resizings.restore(place, before, probe) if undo else None
        resized = reshape(
            before if restored is None else restored.resized.parameters,
            widths,
            self.random,
            probe,
            carries_state=loader.always_reads,
        )
        self.resizings.note(place, before, resized, restored, undo=undo)
        if restored is not None:
            resized = restored.resized.then(resized)
        after, has_returned = resized.parameters, restored is not None
        cost = _cost_of_resize(before, after, loader, self._holds_out, has_returned=has_returned)
        self._take_over(after)
        if len(after.layers) != len(before.layers) or not resized.keeps_output:
            # The output layer is another one, and moments that start at zero beside others that do
            # not would make its first steps too long.
            self.renew_optimizer(hyperparameters)
        else:
            _carry_moments(self.optimizer, before, resized)
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
            probe, carries_state = self.loader.training_probe(), self.loader.always_reads
            resized = reshape(parameters, widths, self.random, probe, carries_state=carries_state)
            parameters = resized.parameters
        self._take_over(parameters)
        self.renew_optimizer(hyperparameters)
        self.loader.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(widths[0])

    def copy_network(self, hyperparameters: Hyperparameters) -> NetworkCopy:
        """Copy the network and its optimizer's moments, for `go_to_copy`."""
        copy = self.parameters.frozen_copy()
        return NetworkCopy(copy, hyperparameters.optimizer, self.optimizer.state())

    def go_to_copy(self, copy: NetworkCopy, hyperparameters: Hyperparameters) -> None:
        """Continue from an earlier network, with its widths.

        Its moments come back if the optimizer is still the same; all states start over.

        Parameters
        ----------
        copy : NetworkCopy
        hyperparameters : Hyperparameters
            With the widths of the copy.
        """
        self._take_over(copy.parameters.copy())
        self.renew_optimizer(hyperparameters)
        if copy.optimizer == hyperparameters.optimizer:
            self.optimizer.restore(ValidatedMapping(copy.optimizer_state))
        self.loader.forget_states()
        if self._carried is not None:
            self._carried = np.zeros(hyperparameters.widths[0])

    def state(self) -> StateDict:
        """Return everything that a step reads and changes, except the parameters, as copies."""
        state: StateDict = {
            "random": self.random.bit_generator.state,
            "decay_start": self.decay_start,
        }
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
        # The first runs of version 5 of the file format were saved without it.
        if "decay_start" in state:
            self.decay_start = state.whole("decay_start", most=self.loader.taken)

    def _take_over(self, parameters: Parameters) -> None:
        tells = parameters.architecture.task == "tell"
        backend = CompiledBatches() if self._backend == "compiled" else NUMPY
        self.network = (Classifier if tells else Network)(parameters, self._helper, backend)
        serves = isinstance(self.loader, NameLoader) and FastPath.serves(parameters.architecture)
        self._single = FastPath(parameters) if serves else None
        self._compiled = None  # made when it is first needed


def _cost_of_resize(
    before: Parameters,
    after: Parameters,
    loader: DataLoader,
    holds_out: bool,
    *,
    has_returned: bool,
) -> ResizeCost | None:
    """Measure the loss before and after a resize.

    None if layers only became wider, because such a network computes the same as before.

    Parameters
    ----------
    holds_out : bool
        Whether the loader holds anything out.
    has_returned : bool
        Whether units have come back, which do change the output.
    """
    was, is_now = before.architecture.widths, after.architecture.widths
    if not has_returned and len(was) == len(is_now) and all(map(operator.ge, is_now, was)):
        return None
    losses = loader.probe_loss(before), loader.probe_loss(after)
    return ResizeCost(*losses, holds_out, loader.probe_characters)


def _carry_moments(optimizer: Optimizer, before: Parameters, resized: Resized) -> None:
    """Adapt an optimizer's moments to other widths; see `Resized.transfer`."""
    optimizer.moments = [
        resized.transfer(Parameters(before.architecture, moment)).flat
        for moment in optimizer.moments
    ]
