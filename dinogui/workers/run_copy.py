"""What is kept of a run: copied in the training thread, put together in the window's, written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.training.trainer_state import TrainerState


@dataclass(frozen=True)
class RunCopy:
    """The training's share.

    Attributes
    ----------
    state : TrainerState
    seconds : float
        That it was trained for.
    """

    state: TrainerState
    seconds: float = 0.0


@dataclass(frozen=True)
class RunToKeep:
    """All that goes into a file.

    Attributes
    ----------
    corpus : Corpus or Text
    path : str or None
        Where that was read, as far as it is a file.
    copy : RunCopy
    extras : dict of str to array or JSON value
        The window's share: the curve, the log, and so on.
    with_data : bool or None
        As in `engine.runs.run_file.save_run`.
    """

    corpus: Corpus | Text
    path: str | None
    copy: RunCopy
    extras: Mapping[str, Any]
    with_data: bool | None = None
