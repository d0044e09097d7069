"""The worker that reads data files: neither the window nor the training waits for a disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dinogui.workers.service import Order, RefusedError, Worker
from engine.data.corpus import Corpus
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.sources.data_source import DataSource
from engine.data.sources.places import places_of_key
from engine.data.text import Text
from engine.data.training_data import CorpusError, DataKind, OnProgress, ignore_progress

if TYPE_CHECKING:
    from engine.data.preview import Preview
    from engine.data.reading.encoding_guesses import EncodingGuess

AS_RUN = "open as a run"
"""What can be done with a saved run where names or a text were wanted."""

WITH_CHOICES = "open with choices"
"""What can be done with text in which there is nothing to learn as it was read."""


@dataclass(frozen=True)
class ReadRequest:
    """Data to read.

    Attributes
    ----------
    source : str or DataSource
        A path; or several, as `engine.data.sources.places` writes them; or another source.
    kind : str or None
        What to read it as: "names", "text" or "melodies"; None to guess from how it begins.
    lower_case_names, lower_case_text : bool
        Whether to lower-case it, should it be one or the other, unless that is chosen.
    choices : ReadingChoices
        How to read it.
    asks : bool
        Whether a person is to be asked first if the data leave a question.
    """

    source: str | DataSource
    kind: DataKind | None = None
    lower_case_names: bool = True
    lower_case_text: bool = False
    choices: ReadingChoices = AUTOMATIC
    asks: bool = False

    def settled(
        self, source: DataSource, on_progress: OnProgress = ignore_progress
    ) -> tuple[DataKind, ReadingChoices]:
        """Return what the data are read as, by their beginning, and how, with the case settled.

        Raises
        ------
        CorpusError
            If the source cannot be read.
        """
        from engine.data.reader import kind_of  # no start needs to wait for it

        kind = kind_of(source, self.choices, self.kind, on_progress=on_progress)
        if self.choices.lower_case is not None:
            return kind, self.choices
        lower_case = self.lower_case_names if kind == "names" else self.lower_case_text
        return kind, replace(self.choices, lower_case=lower_case)


@dataclass(frozen=True)
class EncodingMisfit:
    """Data whose bytes do not fit their encoding.

    Attributes
    ----------
    sentence : str
        Says what does not fit, and where.
    fitting : tuple of EncodingGuess
        The encodings that do fit, the likeliest first; perhaps none.
    """

    sentence: str
    fitting: tuple[EncodingGuess, ...]


class FileReader(Worker):
    """Reads a file as a list of names or as running text.

    Lives in the loading thread.
    """

    task = "Reading a file"
    refusals = (CorpusError,)

    def read(self, request: ReadRequest) -> Corpus | Text | Preview | EncodingMisfit:
        """Return the content of a file, and report the share of it that has been read.

        If a person is to be asked first, return what there is to ask about; and if the encoding
        does not fit, which ones do.

        Raises
        ------
        RefusedError
            If it cannot be read, is a saved run, or the folder of a race.
        """
        from engine.data.preview import preview  # no start needs to wait for it
        from engine.data.reader import read_data
        from engine.data.reading.encodings import EncodingError
        from engine.data.sources.listed_source import ListedSource

        order = self.order

        def advance(share: float) -> None:
            order.raise_if_cancelled()
            self.report(share)

        advance(0.0)
        source, is_text = ListedSource(opened(request.source)), False
        try:
            kind, choices = request.settled(source, advance)
            is_text = True
            is_open = kind == "names" or (kind == "text" and request.kind is None)
            if request.asks and is_open:
                found = preview(source, choices, kind=kind)
                advance(0.0)
                if found.has_questions:
                    return found
            return read_data(source, choices, kind=kind, on_progress=advance)
        except CorpusError as error:
            from engine.runs.saved_network import is_saved_network  # no start needs to wait for it

            if len(source.places) != 1 or not is_saved_network(source.places[0]):
                if isinstance(error, EncodingError):
                    return EncodingMisfit(str(error), error.fitting)
                raise RefusedError(str(error), instead=WITH_CHOICES if is_text else "") from error
            sentence = f"“{source.title}” is not a text file but a saved run."
            raise RefusedError(sentence, instead=AS_RUN) from error

    def explain(self, error: Exception, order: Order | None) -> str:
        """Return the sentence for an unforeseen exception."""
        source = order.arguments[0].source if order is not None else ""
        return f"“{source if isinstance(source, str) else source.title}” cannot be read: {error}."


def opened(source: str | DataSource) -> DataSource:
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
