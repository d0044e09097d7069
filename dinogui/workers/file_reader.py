"""The worker that reads data files: neither the window nor the training waits for a disk."""

from dataclasses import dataclass, replace
from pathlib import Path

from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind

AS_RUN = "open as a run"
"""What can be done with a saved run where names or a text were wanted."""


@dataclass(frozen=True)
class ReadRequest:
    """A file to read.

    Attributes
    ----------
    path : str
    kind : str or None
        What to read it as: "names" or "text"; None to guess from how it begins.
    lower_case_names, lower_case_text : bool
        Whether to lower-case it, should it be one or the other, unless that is chosen.
    choices : ReadingChoices
        How to read it.
    """

    path: str
    kind: DataKind | None = None
    lower_case_names: bool = True
    lower_case_text: bool = False
    choices: ReadingChoices = AUTOMATIC


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
        from engine.data.reader import kind_of, read_data  # no start needs to wait for it

        path, order = request.path, self.order

        def advance(share: float) -> None:
            order.raise_if_cancelled()
            self.report(share)

        advance(0.0)
        try:
            kind = kind_of(path, request.choices, request.kind)
            choices = request.choices
            if choices.lower_case is None:
                is_names = kind == "names"
                lower_case = request.lower_case_names if is_names else request.lower_case_text
                choices = replace(choices, lower_case=lower_case)
            return read_data(path, choices, kind=kind, on_progress=advance)
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
