"""Words for people: how the window writes what the engine names in code."""

from dinogui.common.run_plan import RunPlan
from engine.data.training_data import DataKind
from engine.nn.backends import BACKEND_TITLES
from engine.nn.cells import CELLS
from engine.nn.optimizers import OPTIMIZERS
from engine.training.settings import RunSettings

CELL_WORDS = {name: cell.TITLE for name, cell in CELLS.items()}
CELL_TIP = "\n".join(f"{cell.TITLE}: {cell.SUMMARY}" for cell in CELLS.values())
OPTIMIZER_WORDS = {name: rule.TITLE for name, rule in OPTIMIZERS.items()}
CLIPPING_WORDS = {"entries": "Each entry", "norm": "The norm"}
SCHEDULE_WORDS = {"inverse": "Inverse, by epoch", "exponential": "Exponential"}
HYPERPARAMETER_WORDS = {
    "learning_rate": "learning rate",
    "clip": "clip value",
    "widths": "hidden units",
    "clipping": "clipping",
    "optimizer": "optimiser",
    "batch": "batch size",
    "dropout": "dropout",
    "l2": "L2",
    "decay": "decay",
    "schedule": "schedule of the rate",
    "balance": "balance of kinds",
    "backend": "kind of step",
}
BACKEND_WORDS = BACKEND_TITLES
_TASK_WORDS = {"write": "Write", "tell": "Tell the kind"}
DTYPE_WORDS = {"float64": "float64", "float32": "float32"}

_WRITE_WORDS: dict[DataKind, str] = {
    "names": "Write names",
    "text": "Write text",
    "melodies": "Improvise",
}


def task_words(kind: DataKind) -> dict[str, str]:
    """Return what the tasks are called for runs on a kind of data."""
    return {"write": _WRITE_WORDS[kind], "tell": "Tell the kind"}


def units_text(widths: tuple[int, ...]) -> str:
    """Return the widths of layers as text: 50, or 128 + 64."""
    return " + ".join(map(str, widths))


def layers_text(count: int) -> str:
    """Return a number of layers as text: 1 layer, 2 layers."""
    return "1 layer" if count == 1 else f"{count} layers"


def reading_text(settings: RunSettings) -> str:
    """Describe how a text is read: streams of 64 symbols; windows of 40, one every 3."""
    if settings.window is None:
        return f"streams of {settings.length:,} symbols"
    return f"windows of {settings.window:,}, one every {settings.stride:,}"


def plan_changes_text(now: RunPlan, wanted: RunPlan) -> str:
    """Describe what another plan changes: GRU, learning rate 0.006, 64 units, Adam, float32.

    Parameters
    ----------
    now, wanted : RunPlan

    Returns
    -------
    str
        The new values. Empty if the plans differ in nothing but the seed, the end of the run, the
        kind of smoothing, which is another one in old files, or the backend: every new run takes
        the one that is ready.
    """
    old, new = now.hyperparameters, wanted.hyperparameters
    before, after = now.settings, wanted.settings
    words = {
        "widths": f"{units_text(new.widths)} units",
        "optimizer": OPTIMIZER_WORDS[new.optimizer],
        "clip": "no clipping" if new.clip is None else f"clip value {new.clip:g}",
        "clipping": f"clipping of {CLIPPING_WORDS[new.clipping].lower()}",
        "schedule": f"schedule “{SCHEDULE_WORDS[new.schedule]}”",
    }
    parts = [(before.cell != after.cell, CELL_WORDS[after.cell])]
    for name, word in HYPERPARAMETER_WORDS.items():
        if name == "backend":
            continue
        value = getattr(new, name)
        parts.append((getattr(old, name) != value, words.get(name) or f"{word} {value:g}"))
    parts += [
        (before.embedding != after.embedding, _embedding_text(after)),
        (reading_text(before) != reading_text(after), reading_text(after)),
        (before.dtype != after.dtype, DTYPE_WORDS[after.dtype]),
        (before.held_out != after.held_out, f"{100 * after.held_out:g} % held out"),
        (now.recipe is not wanted.recipe, f"{wanted.recipe.name} recipe"),
        *_changes_of_kinds(before, after),
    ]
    return ", ".join(text for differs, text in parts if differs)


def _changes_of_kinds(now: RunSettings, wanted: RunSettings) -> tuple[tuple[bool, str], ...]:
    """Return whether each setting that only data with kinds have differs, and its new value."""
    directions = "both directions" if wanted.both_directions else "one direction"
    return (
        (wanted.task != now.task, f"task “{_TASK_WORDS[wanted.task]}”"),
        (wanted.both_directions != now.both_directions, directions),
    )


def _embedding_text(settings: RunSettings) -> str:
    return f"embedding {settings.embedding}" if settings.embedding else "one-hot letters"


def pending_text(now: RunSettings, wanted: RunSettings, fewer: tuple[int, ...] | None) -> str:
    """Describe what would be different in a new run: GRU, seed 3.

    Parameters
    ----------
    now, wanted : RunSettings
        The settings of the current run, and of the next one.
    fewer : tuple of int or None
        The next run's widths if it has fewer layers.

    Returns
    -------
    str
        Empty if nothing would be different.
    """
    parts = (
        (wanted.cell != now.cell, CELL_WORDS[wanted.cell]),
        (fewer is not None, f"{layers_text(len(fewer or ()))} of {units_text(fewer or ())}"),
        (reading_text(wanted) != reading_text(now), reading_text(wanted)),
        (wanted.embedding != now.embedding, _embedding_text(wanted)),
        (wanted.dtype != now.dtype, DTYPE_WORDS[wanted.dtype]),
        (wanted.held_out != now.held_out, f"{100 * wanted.held_out:g} % held out"),
        (wanted.seed != now.seed, f"seed {wanted.seed}"),
        *_changes_of_kinds(now, wanted),
    )
    return ", ".join(text for differs, text in parts if differs)
