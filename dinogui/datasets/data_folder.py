"""The folder of downloaded data sets, and a check of what is in it."""

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QFile, QIODevice, QStandardPaths

from dinogui.datasets.catalogue import DataSet


def users_data_folder() -> Path:
    """Return this application's data folder of this user; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "data"


class FileState(Enum):
    """State of a data set in the folder."""

    ABSENT = "absent"
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

    def path_of(self, data_set: DataSet) -> Path:
        """Return the path of a data set, whether or not it has been downloaded."""
        return self.path / data_set.file_name

    def state_of(self, data_set: DataSet) -> FileState:
        """Return whether a data set is there and intact; its hash is computed from the file."""
        file = QFile(str(self.path_of(data_set)))
        if not file.exists():
            return FileState.ABSENT
        # The size is checked first, so that a file that is far too large is not read.
        if file.size() != data_set.size or not file.open(QIODevice.OpenModeFlag.ReadOnly):
            return FileState.DAMAGED
        digest = QCryptographicHash(QCryptographicHash.Algorithm.Sha256)
        is_read = digest.addData(file)
        file.close()
        is_same = is_read and digest.result().toHex().toStdString() == data_set.sha256
        return FileState.INTACT if is_same else FileState.DAMAGED
