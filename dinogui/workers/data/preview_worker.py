"""The worker that looks at the beginning of data files, while somebody chooses how to read them."""

from dinogui.workers.file_reader import EncodingMisfit, ReadRequest, opened
from dinogui.workers.service import Worker
from engine.data.preview import Preview, preview
from engine.data.reading.encodings import EncodingError
from engine.data.training_data import CorpusError


class PreviewWorker(Worker):
    """Says what would become of a file. Lives in the preview thread."""

    task = "Looking at a file"
    refusals = (CorpusError,)

    def look(self, request: ReadRequest) -> Preview | EncodingMisfit:
        """Look at the beginning of the data.

        Raises
        ------
        CorpusError, RefusedError
            If they cannot be read, or there are none in the beginning.
        """
        try:
            source = opened(request.source)
            _, choices = request.settled(source)
            self.order.raise_if_cancelled()
            return preview(source, choices)
        except EncodingError as error:
            return EncodingMisfit(str(error), error.fitting)
