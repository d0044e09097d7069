"""Read access to the run that a session shows."""

from dinogui.common.run_plan import RunPlan
from dinogui.session.curves import Curves
from dinogui.session.run import Run, RunState
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.training_data import DataKind
from engine.evaluation.units import Unit
from engine.nn.architecture import Architecture
from engine.nn.network import NamesLoss
from engine.training.messages import Progress, Snapshot
from engine.training.recipes import Recipe
from engine.training.settings import Hyperparameters, RunSettings


class ShownRun:
    """What panels read of the run shown: each property is that of `Run` with the same name."""

    @property
    def run(self) -> Run:
        """The run shown."""
        raise NotImplementedError

    @property
    def state(self) -> RunState:
        """What the run is doing."""
        return self.run.state

    @property
    def can_train(self) -> bool:
        """Whether `train` and `step` would do something."""
        return self.run.can_train

    @property
    def corpus(self) -> Corpus | Text | None:
        """The run's data."""
        return self.run.corpus

    @property
    def kind(self) -> DataKind:
        """The kind of the data: "names" or "text"."""
        return self.run.kind

    @property
    def path(self) -> str | None:
        """The file the data was read from."""
        return self.run.path

    @property
    def recipe(self) -> Recipe:
        """How the run trains."""
        return self.run.recipe

    @property
    def settings(self) -> RunSettings:
        """What stays the same for the whole run."""
        return self.run.settings

    @property
    def hyperparameters(self) -> Hyperparameters:
        """As last set."""
        return self.run.hyperparameters

    @property
    def plan(self) -> RunPlan:
        """Recipe, hyperparameters and settings together."""
        return self.run.plan

    @property
    def architecture(self) -> Architecture | None:
        """The network as the hyperparameters describe it."""
        return self.run.architecture

    @property
    def curves(self) -> Curves:
        """The loss curves."""
        return self.run.curves

    @property
    def baselines(self) -> tuple[NamesLoss, ...]:
        """Losses of n-gram models, order 1 first."""
        return self.run.baselines

    @property
    def progress(self) -> Progress | None:
        """The latest progress."""
        return self.run.progress

    @property
    def steps_made(self) -> int:
        """The steps made, according to the latest progress."""
        return self.run.steps_made

    @property
    def snapshot(self) -> Snapshot | None:
        """The latest snapshot."""
        return self.run.snapshot

    @property
    def has_network(self) -> bool:
        """Whether there is a network that can generate names or text."""
        return self.run.snapshot is not None

    @property
    def snapshot_step(self) -> int:
        """The steps that the latest network had made; 0 if there is none."""
        return self.run.snapshot.step if self.run.snapshot else 0

    def guessing_loss(self, unit: Unit) -> float:
        """Return the loss of guessing uniformly among the symbols."""
        return self.run.guessing_loss(unit)
