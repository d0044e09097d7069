"""A character-level recurrent network and its training, in NumPy and the standard library.

Nothing in here starts a thread, sleeps, prints (except `cli`) or uses NumPy's global random state.

What a notebook needs can be imported from here, as in ``from engine import Trainer, read_names``;
each name is loaded when it is first used. The packages, each of which imports only those before it:

- `storage` reads and writes files safely;
- `data` turns a file into examples;
- `nn` is the network: cells, parameters, gradients, optimizers, resizing;
- `evaluation` has baselines and measures;
- `training` trains a network, step by step;
- `runs` saves, resumes and replays whole runs;
- `sampling` (over `evaluation`) samples names and text;
- `insight` (over `training`) explains what a network does with one sequence;
- `racing` (over `runs` and `sampling`) trains several runs at once, and compares runs;
- `cli` is the command line;
- `reference` has the course's own functions, which the tests compare the others with.

Begin with `training`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.data.corpus import Corpus
    from engine.data.reader import read_names, read_text
    from engine.data.text import Text
    from engine.data.vocabulary import Vocabulary
    from engine.runs.replay import replay
    from engine.runs.run_file import load_run, save_run
    from engine.runs.saved_network import SavedNetwork, load_network, save_network
    from engine.sampling.names import sample_names
    from engine.sampling.text import TextGenerator
    from engine.storage.archive import CheckpointError
    from engine.training.ending import Until
    from engine.training.presets import KIND_PRESETS, PRESETS, TEXT_PRESETS
    from engine.training.recipes import RECIPES
    from engine.training.settings import Hyperparameters, RunSettings
    from engine.training.trainer import Trainer

# Written here, and read by the build: to ask for an installed package's version, importlib.metadata
# would load the email, csv and zip modules before the window can be shown.
__version__ = "0.1.0"

__all__ = [
    "KIND_PRESETS",
    "PRESETS",
    "RECIPES",
    "TEXT_PRESETS",
    "CheckpointError",
    "Corpus",
    "Hyperparameters",
    "RunSettings",
    "SavedNetwork",
    "Text",
    "TextGenerator",
    "Trainer",
    "Until",
    "Vocabulary",
    "load_network",
    "load_run",
    "read_names",
    "read_text",
    "replay",
    "sample_names",
    "save_network",
    "save_run",
]

_MODULES = {
    "KIND_PRESETS": "training.presets",
    "PRESETS": "training.presets",
    "RECIPES": "training.recipes",
    "TEXT_PRESETS": "training.presets",
    "SavedNetwork": "runs.saved_network",
    "CheckpointError": "storage.archive",
    "Corpus": "data.corpus",
    "Hyperparameters": "training.settings",
    "RunSettings": "training.settings",
    "Text": "data.text",
    "Trainer": "training.trainer",
    "Until": "training.ending",
    "Vocabulary": "data.vocabulary",
    "TextGenerator": "sampling.text",
    "load_network": "runs.saved_network",
    "load_run": "runs.run_file",
    "read_names": "data.reader",
    "read_text": "data.reader",
    "replay": "runs.replay",
    "sample_names": "sampling.names",
    "save_network": "runs.saved_network",
    "save_run": "runs.run_file",
}


def __getattr__(name: str) -> Any:
    """Import a public name's module when the name is first used (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
