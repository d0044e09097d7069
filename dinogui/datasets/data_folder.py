"""The folder of downloaded data sets, and a check of what is in it."""

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QFile, QIODevice, QStandardPaths

from dinogui.datasets.data_set import DataFile, DataSet


def users_data_folder() -> Path:
    """Return this application's data folder of this user; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "data"


class FileState(Enum):
    """State of a data set in the folder."""

    ABSENT = "absent"
    INCOMPLETE = "incomplete"
    INTACT = "intact"
    DAMAGED = "damaged"


class DataFolder:
    """Locates and checks downloaded data sets.

    Parameters
    ----------
    path : Path
        The folder. It is created by the first download, not before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def path_of(self, data: DataSet | DataFile) -> Path:
        """Return the path of a data set or of one file, whether or not it has been downloaded."""
        return self.path / (data.file_name if isinstance(data, DataSet) else data.path)

    def state_of(self, data_set: DataSet) -> FileState:
        """Return whether a data set is there and intact; hashes are computed from the files.

        Of several files, all must be there. If one is damaged, so is the whole.
        """
        states = {self._state_of_file(file) for file in data_set.files}
        if FileState.DAMAGED in states:
            return FileState.DAMAGED
        return states.pop() if len(states) == 1 else FileState.INCOMPLETE

    def missing(self, data_set: DataSet) -> tuple[DataFile, ...]:
        """Return the files of a data set that are not there or not intact."""
        intact = FileState.INTACT
        return tuple(file for file in data_set.files if self._state_of_file(file) is not intact)

    def _state_of_file(self, data_file: DataFile) -> FileState:
        file = QFile(str(self.path_of(data_file)))
        if not file.exists():
            return FileState.ABSENT
        # The size is checked first, so that a file that is far too large is not read.
        if file.size() != data_file.size or not file.open(QIODevice.OpenModeFlag.ReadOnly):
            return FileState.DAMAGED
        digest = QCryptographicHash(QCryptographicHash.Algorithm.Sha256)
        is_read = digest.addData(file)
        file.close()
        is_same = is_read and digest.result().toHex().toStdString() == data_file.sha256
        return FileState.INTACT if is_same else FileState.DAMAGED
