"""The worker that looks at the beginning of data files, while somebody chooses how to read them."""

from dinogui.workers.file_reader import EncodingMisfit, ReadRequest, opened
from dinogui.workers.service import Worker
from engine.data.preview import Preview, preview
from engine.data.reading.encodings import EncodingError
from engine.data.sources.data_source import DataSource
from engine.data.sources.first_parts import FirstParts
from engine.data.sources.listed_source import ListedSource
from engine.data.training_data import CorpusError, OnProgress


class PreviewWorker(Worker):
    """Says what would become of a file. Lives in the preview thread."""

    task = "Looking at a file"
    refusals = (CorpusError,)

    def look(self, request: ReadRequest) -> Preview | EncodingMisfit:
        """Look at the beginning of the data.

        What is known by the first files of a large folder is reported at once: to list and to
        recognise all of them may take seconds. Kinds of names are shown only once all are known.

        Raises
        ------
        CorpusError, RefusedError
            If they cannot be read, or there are none in the beginning.
        """
        order = self.order

        def go_on(_share: float = 0.0) -> None:
            order.raise_if_cancelled()

        try:
            source = ListedSource(opened(request.source))
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


def _look_at(
    source: DataSource, request: ReadRequest, go_on: OnProgress, *, goes_on: bool = False
) -> Preview:
    kind, choices = request.settled(source, go_on)
    go_on(0.0)
    return preview(source, choices, kind=kind, goes_on=goes_on, on_progress=go_on)
