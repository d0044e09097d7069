"""The worker that looks at the beginning of data files, while somebody chooses how to read them."""

from dataclasses import dataclass

from dinogui.workers.file_reader import EncodingMisfit, ReadRequest, opened
from dinogui.workers.service import Worker
from engine.data.preview import Preview, preview
from engine.data.reader import layout_of
from engine.data.reading.encodings import EncodingError
from engine.data.sources.data_source import DataSource
from engine.data.sources.first_parts import FirstParts
from engine.data.sources.listed_source import ListedSource
from engine.data.training_data import CorpusError, OnProgress


@dataclass(frozen=True)
class MisreadData:
    """Data that cannot be read as they are recognised or chosen.

    Attributes
    ----------
    sentence : str
        Says why.
    layout : str
        What they were taken for: a key of `engine.data.reading.registry.LAYOUTS`.
    """

    sentence: str
    layout: str


_SHARE_STEP = 0.05
"""The share that is done is reported no more often than this."""


class PreviewWorker(Worker):
    """Says what would become of a file. Lives in the preview thread."""

    task = "Looking at a file"
    refusals = (CorpusError,)

    def look(self, request: ReadRequest) -> Preview | EncodingMisfit | MisreadData:
        """Look at the beginning of the data.

        If they cannot be read, it is still said what they were taken for, if that is known.

        What is known by the first files of a large folder is reported at once: to list and to
        recognise all of them may take seconds. Kinds of names are shown only once all are known.
        Where all of the data are read, the share that is done is reported as well.

        Raises
        ------
        CorpusError, RefusedError
            If not even the beginnings can be looked at.
        """
        order, told = self.order, 0.0

        def go_on(share: float = 0.0) -> None:
            nonlocal told
            order.raise_if_cancelled()
            if share >= told + _SHARE_STEP:
                told = share
                self.report(share)

        source = ListedSource(opened(request.source))
        try:
            first = FirstParts(source)
            if not (first.is_all or request.choices.has_kinds):
                try:
                    self.report(_look_at(first, request, go_on, goes_on=True))
                except EncodingError:
                    raise
                except CorpusError:
                    pass  # there may be enough in the other files
            return _look_at(source, request, go_on)
        except EncodingError as error:
            return EncodingMisfit(str(error), error.fitting)
        except CorpusError as error:
            return MisreadData(str(error), layout_of(source, request.choices, request.kind))


def _look_at(
    source: DataSource, request: ReadRequest, go_on: OnProgress, *, goes_on: bool = False
) -> Preview:
    kind, choices = request.settled(source, go_on)
    go_on(0.0)
    return preview(source, choices, kind=kind, goes_on=goes_on, on_progress=go_on)
