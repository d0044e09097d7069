"""What the command ``train`` says of a run with kinds before it begins."""

from engine.cli.terminal.messages import print_message
from engine.data.passages import BARS
from engine.evaluation.baselines import uniform_loss
from engine.evaluation.held_out.data import HeldOutData
from engine.evaluation.held_out.kinds import HeldOutKinds
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.kind_n_grams import KindNGrams
from engine.evaluation.units import nats_unit
from engine.nn.architecture import Task
from engine.nn.network import NamesLoss
from engine.training.trainer import Trainer

_TASKS: dict[Task, str] = {
    "write": "is told the kind of a name, and writes names of it",
    "tell": "reads a name, and tells its kind",
}
"""What a network does with kinds of names."""

_TASKS_OF_TUNES: dict[Task, str] = {
    "write": "is told the kind of a tune, and plays tunes of it",
    "tell": f"reads {BARS} bars of a tune, and tells its kind",
}


def introduce_kinds(trainer: Trainer) -> None:
    """Print the kinds, the task and the losses to beat, if the run knows kinds."""
    if not trainer.kinds:
        return
    settings = trainer.settings
    directions = ", in both directions" if settings.both_directions else ""
    print_message(
        f"{len(trainer.kinds)} kinds, drawn {describe_balance(trainer.hyperparameters.balance)}. "
        f"The network {_task_of(trainer)}{directions}."
    )
    data, size = trainer.learner.loader.held_out_data, trainer.held_out_size
    if data is None or size is None:
        return
    baselines = [("guessing", _guessing(trainer))]
    if isinstance(data, HeldOutKinds):
        largest = trainer.kinds[data.largest_kind]
        baselines.append((always_largest(largest), data.largest_kind_loss(in_full=True)))
    baselines += _counting(data)
    listed = ", ".join(f"{title} {_written(loss)}" for title, loss in baselines)
    unit = nats_unit(trainer.corpus.kind, tells=settings.task == "tell")
    print_message(f"Baselines, in {unit}, on {size.describe(in_full=True)} held out: {listed}.")


def _task_of(trainer: Trainer) -> str:
    tasks = _TASKS_OF_TUNES if trainer.corpus.kind == "melodies" else _TASKS
    return tasks[trainer.settings.task]


def _counting(data: HeldOutData) -> list[tuple[str, NamesLoss]]:
    """Return what n-gram models reach at their best order."""
    models = data.fit_n_grams()
    if isinstance(data, HeldOutNames) and isinstance(models, KindNGrams):
        found = models.losses(data.names(in_full=True))
        of_all = [loss.in_all for loss in found.of_all_kinds]
        of_each = [loss.in_all for loss in found.of_each_kind]
        return [
            _titled(_lowest(of_all), of_all, "of all names"),
            _titled(_lowest(of_each), of_each, "of each kind"),
        ]
    losses = data.n_gram_losses(models, in_full=True)
    if not isinstance(data, HeldOutKinds):
        return [_titled(_lowest(losses), losses, "of all kinds")]
    # Longer contexts may tell more names right, and be too sure of what they tell.
    most_right = max(losses, key=lambda loss: loss.accuracy or 0.0)
    chosen = sorted({losses.index(_lowest(losses)), losses.index(most_right)})
    return [_titled(losses[place], losses, "of each kind, by Bayes' rule") for place in chosen]


def _lowest(losses: list[NamesLoss]) -> NamesLoss:
    return min(losses, key=lambda loss: loss.nats_per_character)


def _titled(loss: NamesLoss, losses: list[NamesLoss], what: str) -> tuple[str, NamesLoss]:
    return f"{losses.index(loss) + 1}-grams {what}", loss


def always_largest(title: str) -> str:
    """Return what the baseline is called that tells each name as the largest kind."""
    return f"always the largest kind, {title}"


def describe_balance(balance: float) -> str:
    """Say how evenly kinds are drawn."""
    if balance == 0:
        return "by their size"
    return "evenly" if balance == 1 else f"with a balance of {balance:g}"


def _guessing(trainer: Trainer) -> NamesLoss:
    """Return the loss of guessing, all symbols or all kinds alike."""
    loss = uniform_loss(trainer.n_outputs)
    tells = trainer.settings.task == "tell"
    return NamesLoss(loss, loss, 1 / trainer.n_outputs if tells else None)


def _written(loss: NamesLoss) -> str:
    right = "" if loss.accuracy is None else f" ({loss.accuracy:.1%} right)"
    return f"{loss.nats_per_character:.4f}{right}"
