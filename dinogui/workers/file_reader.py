"""The worker that reads data files: neither the window nor the training waits for a disk."""

from dataclasses import dataclass
from pathlib import Path

from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.input_formats import choose_input_format
from engine.data.sources.data_source import DataSource
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind

AS_RUN = "open as a run"
"""What can be done with a saved run where names or a text were wanted."""


@dataclass(frozen=True)
class ReadRequest:
    """Data to read.

    Attributes
    ----------
    source : str or DataSource
        A path; or several, as `engine.data.sources.places` writes them; or another source.
    kind : str or None
        What to read it as: "names" or "text"; None to guess from how it begins.
    lower_case_names, lower_case_text : bool
        Whether to lower-case it, should it be one or the other.
    """

    source: str | DataSource
    kind: DataKind | None = None
    lower_case_names: bool = True
    lower_case_text: bool = False


class FileReader(Worker):
    """Reads a file as a list of names or as running text.

    Lives in the loading thread.
    """

    task = "Reading a file"
    refusals = (CorpusError,)

    def read(self, request: ReadRequest) -> Corpus | Text:
        """Return the content of a file, and report the share of it that has been read.

        Raises
        ------
        CorpusError
            With a sentence that says what is wrong with the file.
        RefusedError
            If it is a saved run.
        """
        path, order = request.path, self.order

        def advance(share: float) -> None:
            order.raise_if_cancelled()
            self.report(share)

        advance(0.0)
        try:
            chosen = choose_input_format(path, request.kind)
            is_names = chosen.kind == "names"
            lower_case = request.lower_case_names if is_names else request.lower_case_text
            return chosen.read(path, lower_case=lower_case, on_progress=advance)
        except CorpusError as error:
            from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

            if not is_saved_network(path):
                raise
            sentence = f"“{Path(path).name}” is not a text file but a saved run."
            raise RefusedError(sentence, instead=AS_RUN) from error

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        path = order.arguments[0].path if order is not None else ""
        return f"“{path}” cannot be read: {error}."
