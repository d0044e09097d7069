"""The worker that improvises melodies, and writes them to files."""

from fractions import Fraction

from dinogui.common.melody_messages import Improvised, Performance
from dinogui.workers.service import Order, RefusedError, Worker
from engine.melody.contents import content_of
from engine.melody.errors import MelodyError
from engine.melody.note import Melody
from engine.sampling.decoding import SamplingError
from engine.sampling.log_entries import melody_log_entry
from engine.sampling.melody.improvise import improvise
from engine.sampling.melody.request import MelodyRequest
from engine.storage.files import atomic_writer
from engine.training.messages import MelodyLogEntry, Snapshot


class MelodySampler(Worker):
    """Improvises one melody after the other. Lives in the melody thread."""

    task = "Improvising"
    refusals = (SamplingError, MelodyError)

    def improvise(self, snapshot: Snapshot, request: MelodyRequest) -> Improvised:
        """Improvise a melody.

        Raises
        ------
        SamplingError
            If the request cannot be met.
        """
        improvisation = improvise(snapshot.parameters, snapshot.vocabulary, request)
        return Improvised(improvisation, request, snapshot.step)

    def improvise_entry(
        self, snapshot: Snapshot, tempo: float, bar: Fraction
    ) -> MelodyLogEntry | None:
        """Return the entry of the training log; see `melody_log_entry`."""
        return melody_log_entry(snapshot, tempo, bar)

    def save(self, path: str, form: str, melody: Melody, performance: Performance) -> str:
        """Write a melody to a file, completely or not at all, and return its path.

        Parameters
        ----------
        path : str
        form : str
            "midi", "wav" or "abc".
        melody : Melody
        performance : Performance

        Raises
        ------
        RefusedError
            If it cannot be written.
        """
        from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

        if is_saved_network(path):
            raise RefusedError(
                f"“{path}” is a saved run. A melody does not replace it. Choose another file."
            )
        content = performed(form, melody, performance)
        self.stop_if_closing()
        try:
            with atomic_writer(path) as file:
                file.write(content)
        except OSError as error:
            raise RefusedError(_not_written(path, error.strerror or error)) from error
        return path

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        if order is not None and order.method is MelodySampler.save:
            return _not_written(order.arguments[0], error)
        return (
            f"Nothing could be improvised ({type(error).__name__}: {error}). "
            "Help > Show log file has the details."
        )


def performed(form: str, melody: Melody, performance: Performance) -> bytes:
    """Return a melody, as it is played, as the content of a file; see `contents.content_of`."""
    played = performance.of(melody)
    return content_of(form, played, performance.accompaniment, performance.swing)


def _not_written(path: str, reason: object) -> str:
    return (
        f"“{path}” cannot be written: {reason}. If there was such a file before, it is unchanged. "
        "Choose another folder."
    )
