"""A zip archive as a source: it is read as a folder, and nothing is ever extracted to the disk."""

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from engine.data.sources.data_source import MAX_PARTS, SourcePart
from engine.data.sources.file_source import size_of, unreadable
from engine.data.sources.kinds_of_file import (
    HEAD_BYTES,
    Kind,
    LeftOut,
    is_hidden,
    is_readable,
    kind_by_name,
    natural_order,
)
from engine.data.sources.path_source import SelectingSource
from engine.data.training_data import CorpusError

MAX_ARCHIVE_BYTES = 200_000_000
"""The most that an archive, and all texts in it, may have."""

MAX_EXPANSION = 100
"""How many times as large as the archive its texts may be. Harmless ones reach about 20."""

_READ_BYTES = 1 << 20
_ENCRYPTED = 0x1
_END_RECORD = struct.Struct("<4s4H2LH")
_END_SIGNATURE, _ZIP64_SIGNATURE = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_COMMENT = 0xFFFF
_ZIP64_BYTES = 20
_MAX_DIRECTORY_BYTES = 8_000_000
"""Size of the longest table of contents, which `zipfile` reads as a whole."""

_OFFICE_FILES = ("[Content_Types].xml", "META-INF/manifest.xml")
_ADVICE = "Extract it, and open the folder."


class ArchiveSource(SelectingSource):
    """A zip archive; see `DataSource`.

    Its parts are chosen and sorted as those of a folder. All that it says of itself is checked
    before anything is read, and no more is read of a file than it says it has.
    """

    def parts(self) -> Iterator[SourcePart]:
        """Yield the texts; see `DataSource.parts`.

        Raises
        ------
        CorpusError
            If it has no texts; or is damaged, encrypted, or larger than allowed; or the path of a
            file leads out of it.
        """
        size = size_of(self.path, MAX_ARCHIVE_BYTES, "a zip archive of text files")
        left_out = self._list_anew()
        with self._explained():
            self._check_directory()
            archive = ZipFile(self.path)  # it is closed with the last of its parts
            texts = self._texts(archive, left_out)
        self._check_sizes(size, sum(info.file_size for _, info in texts))
        if not texts:
            raise left_out.refusal("archive")
        for inside, info in texts:
            name = "/".join((self.title, *inside))
            yield SourcePart(name, info.file_size, partial(self._chunks, archive, info))

    def _texts(self, archive: ZipFile, left_out: LeftOut) -> list[tuple[tuple[str, ...], ZipInfo]]:
        """Return the path and the entry of each text, sorted."""
        infos = archive.infolist()
        if len(infos) > MAX_PARTS:
            raise CorpusError(f"“{self.title}” has more than {MAX_PARTS:,} files. {_ADVICE}")
        if any(info.filename in _OFFICE_FILES for info in infos):
            raise CorpusError(
                f"“{self.title}” is a document of an office program or an application, not a text. "
                "Save it as plain text, and open that file."
            )
        paths = [(self._path_inside(info), info) for info in infos]
        found = []
        for inside, info in sorted(paths, key=lambda each: natural_order(each[0])):
            if info.is_dir() or is_hidden(inside):
                continue
            kind = self._kind(archive, info) if info.file_size else "empty"
            if kind == "text":
                found.append((inside, info))
            else:
                left_out.add("/".join((self.title, *inside)), kind)
        return found

    def _path_inside(self, info: ZipInfo) -> tuple[str, ...]:
        """Return the parts of a path in the archive; Windows programs may write backslashes."""
        written = info.filename.replace("\\", "/")
        parts = PurePosixPath(written).parts
        if written.startswith("/") or ".." in parts or any(":" in part for part in parts[:1]):
            raise CorpusError(
                f"“{self.title}” is not safe to read: the path “{_shown(info.filename)}” leads out "
                "of the archive. Choose another file."
            )
        if info.flag_bits & _ENCRYPTED:
            raise CorpusError(f"“{self.title}” is encrypted. {_ADVICE}")
        return parts

    def _kind(self, archive: ZipFile, info: ZipInfo) -> Kind:
        kind = kind_by_name(info.filename)
        if kind is not None:
            return kind
        if stat.S_ISLNK(info.external_attr >> 16):
            return "other"
        with archive.open(info) as file:
            return "text" if is_readable(file.read(HEAD_BYTES)) else "other"

    def _check_sizes(self, size: int, inside: int) -> None:
        if inside > MAX_ARCHIVE_BYTES:
            raise CorpusError(
                f"“{self.title}” holds {inside / 1e6:,.0f} MB of text. Archives with up to "
                f"{MAX_ARCHIVE_BYTES / 1e6:,.0f} MB can be opened here. {_ADVICE}"
            )
        if inside > MAX_EXPANSION * size:
            raise CorpusError(
                f"“{self.title}” is not safe to read: what is inside is more than {MAX_EXPANSION} "
                f"times as large as the archive. If you trust it, extract it, and open the folder."
            )

    def _chunks(self, archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
        with self._explained(), archive.open(info) as file:
            while chunk := file.read(_READ_BYTES):
                yield chunk

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn all that can be wrong with the archive into a sentence."""
        try:
            yield
        except (CorpusError, MemoryError):
            raise
        except NotImplementedError as error:  # of the compression, or of a later version
            raise CorpusError(
                f"“{self.title}” is compressed in a way that cannot be read here. {_ADVICE}"
            ) from error
        except FileNotFoundError as error:
            raise unreadable(self.path, error) from error
        except Exception as error:  # whatever a damaged archive makes the decoders raise
            raise CorpusError(
                f"“{self.title}” is damaged: it cannot be read as a zip archive. Get it again, or "
                "choose another file."
            ) from error

    def _check_directory(self) -> None:
        """Check that the table of contents is not so long that reading it would fill the memory."""
        length = _ZIP64_BYTES + _END_RECORD.size + _LONGEST_COMMENT
        with self.path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(-min(file.tell(), length), os.SEEK_CUR)
            tail = file.read()
        begin = tail.rfind(_END_SIGNATURE)
        if begin < 0 or len(tail) < begin + _END_RECORD.size:
            return  # which `zipfile` refuses
        _, *_, n_bytes, _, _ = _END_RECORD.unpack_from(tail, begin)
        is_large = tail[max(begin - _ZIP64_BYTES, 0) : begin].startswith(_ZIP64_SIGNATURE)
        if is_large or n_bytes > _MAX_DIRECTORY_BYTES:
            raise CorpusError(f"“{self.title}” has too long a table of contents. {_ADVICE}")


def _shown(path: str) -> str:
    """Return a path that may hold anything, without controls and not too long."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in path[:80])
