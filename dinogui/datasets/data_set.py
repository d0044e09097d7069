"""What a data set is: files that can be downloaded, each identified by its hash."""

from dataclasses import dataclass
from typing import Literal

DataSetKind = Literal["names", "text", "melodies"]
"""How a file is read: one name per line, running text, or notes."""


@dataclass(frozen=True)
class DataFile:
    """A file that can be downloaded.

    Attributes
    ----------
    path : str
        Its path in the data folder, with "/" between the parts.
    address : str
        URL of one version of the file, whose bytes do not change.
    sha256 : str
        Hash of the bytes, 64 lower-case hexadecimal digits.
    size : int
        In bytes.
    """

    path: str
    address: str
    sha256: str
    size: int


@dataclass(frozen=True)
class DataSet:
    """A file, or several in a folder, that can be downloaded.

    Attributes
    ----------
    file_name : str
        The name of the file, or of the folder, in the data folder.
    title : str
    description : str
        One line: what it is, where it comes from, and its licence if that is known.
    kind : DataSetKind
    files : tuple of DataFile
        At least one. Several are in the folder `file_name`.
    has_kinds : bool
        Whether each file is a kind of names. Then the folder is opened, otherwise its files are
        opened together.
    """

    file_name: str
    title: str
    description: str
    kind: DataSetKind
    files: tuple[DataFile, ...]
    has_kinds: bool = False

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)
