"""The worker that writes the training data to a file, which takes long for a long text."""

from dataclasses import dataclass

from dinogui.common.text_saver import SavingError, save_text
from dinogui.workers.service import Worker
from engine.data.corpus import Corpus
from engine.data.data_export import data_format_of
from engine.data.reading.choices import ReadingChoices
from engine.data.text import Text


@dataclass(frozen=True)
class ExportedData:
    """A file that was written.

    Attributes
    ----------
    path : str
    choices : ReadingChoices
        With which it gives the same data when it is read.
    """

    path: str
    choices: ReadingChoices


class DataExporter(Worker):
    """Writes training data to files. Lives in the exporting thread."""

    task = "Exporting the data"
    refusals = (SavingError,)

    def export(self, data: Corpus | Text, path: str) -> ExportedData:
        """Write the data in the format of the path's suffix.

        Raises
        ------
        SavingError
            If the file cannot be written. An existing file is left as it was.
        """
        chosen = data_format_of(data, path)
        save_text(path, chosen.to_text(data))
        return ExportedData(path, chosen.choices(data))
