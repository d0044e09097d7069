"""The entries of a training log: what the network writes, or tells, after the steps logged."""

from fractions import Fraction

from engine.data.corpus import Corpus
from engine.data.melodies import Melodies
from engine.evaluation.told_names import ToldExample, handful, told_names
from engine.nn.kinds import even_blend
from engine.sampling.names import (
    LOGGED_NAMES,
    kinds_all_over,
    logged_names,
    names_of_kinds,
)
from engine.sampling.text import TextGenerator
from engine.training.messages import (
    AnyLogEntry,
    KindsLogEntry,
    LogEntry,
    MelodyLogEntry,
    Snapshot,
    TextLogEntry,
)
from engine.training.trainer import Trainer

LOGGED_BARS = 4
"""Bars in an entry of a run on melodies."""

TEXT_SYMBOLS = 200
"""Symbols in an entry of a run on a text."""


def log_entry(trainer: Trainer) -> AnyLogEntry | None:
    """Write the entry of the step that a trainer has just made; None if there is no loss yet."""
    if isinstance(trainer.corpus, Corpus) or trainer.settings.task == "tell":
        return name_log_entry(trainer)
    snapshot = trainer.snapshot()
    if isinstance(trainer.corpus, Melodies):
        return melody_log_entry(snapshot, trainer.corpus.tempo, trainer.corpus.bar)
    settings, document_break = trainer.settings, trainer.corpus.document_break
    writer = text_log_writer(snapshot, settings.window, document_break)
    return text_log_entry(snapshot, writer.write(TEXT_SYMBOLS))


def name_log_entry(trainer: Trainer) -> LogEntry | KindsLogEntry | None:
    """Write the entry of a run on names, with the names that the course prints at this step.

    A network that is told kinds writes names of kinds from all over their list. One that tells
    kinds writes nothing: its entry has some held-out names, and what it tells them to be.
    """
    loss, parameters = trainer.smoothed_loss, trainer.parameters
    if loss is None:
        return None
    if parameters.architecture.task == "tell":
        return _kinds_log_entry(trainer, loss)
    titles: tuple[str, ...] = ()
    if parameters.architecture.n_kinds:
        names = names_of_kinds(parameters, trainer.vocabulary, LOGGED_NAMES, seed=trainer.step)
        kinds = kinds_all_over(parameters.architecture.n_kinds, LOGGED_NAMES)
        titles = tuple(trainer.kinds[kind] for kind in kinds)
    else:
        names = logged_names(
            parameters,
            trainer.vocabulary,
            is_legacy=trainer.recipe.is_legacy,
            seed=trainer.step,
        )
    return LogEntry(trainer.step - 1, loss, tuple(names), titles)


def _kinds_log_entry(trainer: Trainer, loss: float) -> KindsLogEntry:
    """Write the entry of a run that tells kinds."""
    trend, held_out = trainer.held_out_trend, trainer.held_out
    told: tuple[ToldExample, ...] = ()
    if held_out is not None and len(held_out):
        places = handful(held_out, LOGGED_NAMES, trainer.settings.seed)
        written = list(map(trainer.held_out_title, places.tolist()))
        told = told_names(trainer.parameters, held_out.take(places), written, trainer.kinds)
    accuracy = None if trend is None else trend.latest.accuracy
    return KindsLogEntry(trainer.step, loss, accuracy, told)


def text_log_writer(
    snapshot: Snapshot, window: int | None, document_break: str | None = None
) -> TextGenerator:
    """Return what writes the text of an entry.

    Parameters
    ----------
    snapshot : Snapshot
    window : int or None
        As in `RunSettings`.
    document_break : str, optional
        As in `engine.data.text.Text`.
    """
    return TextGenerator(
        snapshot.parameters,
        snapshot.vocabulary,
        seed=snapshot.step,
        window=window,
        document_break=document_break,
    )


def melody_log_entry(snapshot: Snapshot, tempo: float, bar: Fraction) -> MelodyLogEntry | None:
    """Return the entry of a run on melodies, with a few bars that the network has played.

    A network that is told kinds plays an even blend of all of them.

    Parameters
    ----------
    snapshot : Snapshot
    tempo : float
        Beats a minute.
    bar : Fraction
        Beats of a bar.

    Returns
    -------
    MelodyLogEntry or None
        None if the network cannot play, as it has diverged.
    """
    # No start needs to wait for these.
    from engine.sampling.melody.improvise import improvise
    from engine.sampling.melody.request import MelodyRequest

    if not snapshot.parameters.is_finite():
        return None
    kinds = snapshot.parameters.architecture.n_kinds
    if kinds:
        snapshot = snapshot.of_blend(even_blend(kinds))
    request = MelodyRequest(bars=LOGGED_BARS, bar=bar, seed=snapshot.step)
    played = improvise(snapshot.parameters, snapshot.vocabulary, request, tempo)
    return MelodyLogEntry(snapshot.step, snapshot.smoothed_loss or 0.0, played.melody)


def text_log_entry(snapshot: Snapshot, text: str) -> TextLogEntry:
    """Return the entry of a run on a text, with what the writer has written."""
    return TextLogEntry(snapshot.step, snapshot.smoothed_loss or 0.0, text)
