"""The worker that reads data files: neither the window nor the training waits for a disk."""

from dataclasses import dataclass, replace
from pathlib import Path

from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.sources.places import places_of_key
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
        Whether to lower-case it, should it be one or the other, unless that is chosen.
    choices : ReadingChoices
        How to read it.
    """

    source: str | DataSource
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
            If it is a saved run, or the folder of a race.
        """
        from engine.data.reader import kind_of, read_data  # no start needs to wait for it

        order = self.order

        def advance(share: float) -> None:
            order.raise_if_cancelled()
            self.report(share)

        advance(0.0)
        source = _opened(request.source)
        try:
            kind = kind_of(source, request.choices, request.kind, on_progress=advance)
            choices = request.choices
            if choices.lower_case is None:
                is_names = kind == "names"
                lower_case = request.lower_case_names if is_names else request.lower_case_text
                choices = replace(choices, lower_case=lower_case)
            return read_data(source, choices, kind=kind, on_progress=advance)
        except CorpusError as error:
            from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

            if len(source.places) != 1 or not is_saved_network(source.places[0]):
                raise
            sentence = f"“{source.title}” is not a text file but a saved run."
            raise RefusedError(sentence, instead=AS_RUN) from error

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        source = order.arguments[0].source if order is not None else ""
        return f"“{source if isinstance(source, str) else source.title}” cannot be read: {error}."


def _opened(source: str | DataSource) -> DataSource:
    """Return the source that paths stand for.

    Raises
    ------
    RefusedError
        If one of them is the folder of a race.
    """
    if not isinstance(source, str):
        return source
    places = places_of_key(source)
    # No start needs to wait for these.
    from engine.data.sources.source_of import source_of
    from engine.racing.race_folder import is_race_folder

    for place in map(Path, places):
        if _is_folder(place) and is_race_folder(place):
            raise RefusedError(
                f"“{place.name}” is the folder of a race. Open it with File > Open race folder."
            )
    return source_of(places)


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except ValueError:  # a name that no folder can have
        return False
