"""The folder where data sets are kept, and whether what is in it is still what it was."""

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCryptographicHash, QFile, QIODevice, QStandardPaths

from dinogui.datasets.catalogue import DataSet


def users_data_folder() -> Path:
    """Return the folder for data of this user and this application; it may not exist yet."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "data"


class Keeping(Enum):
    """What the folder has of a data set."""

    ABSENT = "absent"
    INTACT = "intact"
    DAMAGED = "damaged"


class DataFolder:
    """Knows where each data set is kept, and checks it.

    Parameters
    ----------
    path : Path
        The folder. It is made when something is to be kept, not before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def path_of(self, data_set: DataSet) -> Path:
        """Return where a data set is kept, or will be."""
        return self.path / data_set.file_name

    def keeping(self, data_set: DataSet) -> Keeping:
        """Return whether a data set is kept bit by bit; the whole file is read for it."""
        file = QFile(str(self.path_of(data_set)))
        if not file.exists():
            return Keeping.ABSENT
        # The size first: so however large a file stands there, little is read.
        if file.size() != data_set.size or not file.open(QIODevice.OpenModeFlag.ReadOnly):
            return Keeping.DAMAGED
        digest = QCryptographicHash(QCryptographicHash.Algorithm.Sha256)
        is_read = digest.addData(file)
        file.close()
        is_same = is_read and digest.result().toHex().toStdString() == data_set.sha256
        return Keeping.INTACT if is_same else Keeping.DAMAGED
