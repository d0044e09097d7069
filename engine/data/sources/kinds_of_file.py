"""Which files of a folder or an archive are texts, by their names and how they begin."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from engine.data.training_data import CorpusError, counted

HEAD_BYTES = 4_096
"""Bytes of a file that tell whether it is a text."""

Kind = Literal["text", "picture", "archive", "empty", "other"]

_PICTURES = frozenset(
    (
        *(".avif", ".bmp", ".gif", ".heic", ".heif", ".ico", ".jpeg", ".jpg", ".jxl", ".png"),
        *(".psd", ".svg", ".svgz", ".tif", ".tiff", ".webp"),
    )
)
_ARCHIVES = frozenset(
    (
        *(".7z", ".bz2", ".cab", ".gz", ".jar", ".lz4", ".rar", ".tar", ".tbz2", ".tgz"),
        *(".txz", ".xz", ".zip", ".zst"),
    )
)
_DOCUMENTS = frozenset((".docx", ".epub", ".odp", ".ods", ".odt", ".pptx", ".xlsm", ".xlsx"))
"""Of the names of documents that are zip archives."""

MIDI_SUFFIXES = (".mid", ".midi")
"""Of the names of MIDI files."""

RUN_SUFFIX = ".npz"
"""Of the names of saved runs and networks."""

OWN_FILES = frozenset(("race.json",))
"""Texts that DinoGUI writes beside the files of runs."""

_MARKS = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,  # that of UTF-32 begins with it
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)
_FORMATS = (
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a document in rich text (RTF)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an office program"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ\0", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "an archive of another kind than zip"),
    (b"Rar!\x1a\x07", "an archive of another kind than zip"),
    (b"SQLite format 3\0", "a database"),
)
"""How files of other formats begin, and what they are."""

_WAYS_ON = {
    "document": "Save it as plain text, and open that file.",
    "picture": "Choose a text file.",
    "file": "Decompress it, and open what is inside.",
    "archive": "Extract it, and open the folder.",
    "database": "Export a table of it as CSV, and open that file.",
}

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r"))
_MOST_CONTROLS = 0.02
"""Share of control characters, of which a text may hold a few."""

_SHOWN = 3
"""Names that a sentence lists."""

_PLURALS: dict[Kind, str] = {
    "picture": "pictures",
    "archive": "archives",
    "empty": "empty files",
    "other": "files of other kinds",
}
_SINGULARS: dict[Kind, str] = {
    "picture": "picture",
    "archive": "archive",
    "empty": "empty file",
    "other": "file of another kind",
}


def kind_by_name(name: str) -> Kind | None:
    """Return the kind of a file if its suffix tells that it is not a text; otherwise None."""
    path = PurePosixPath(name)
    if path.name in OWN_FILES:
        return "other"
    suffix = path.suffix.lower()
    if suffix == RUN_SUFFIX:
        return "other"
    if suffix in _PICTURES:
        return "picture"
    return "archive" if suffix in _ARCHIVES else None


def is_text(head: bytes) -> bool:
    """Tell whether a file is a text, by its first `HEAD_BYTES`.

    A text has no zero bytes unless a byte order mark says that it is UTF-16 or UTF-32, and hardly
    any control characters, and does not begin as a file of another format.
    """
    if _format_of(head) is not None:
        return False
    if head.startswith(_MARKS):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" not in head and controls <= _MOST_CONTROLS * len(head)


def refuse_other_format(head: bytes, name: str) -> None:
    """Check that a file is not of a format that is known and has no text that can be read.

    One that begins as a whole archive is read as one, and does not come here.

    Raises
    ------
    CorpusError
        If it is; the message says of which, and what to do.
    """
    found = _format_of(head)
    if found is not None:
        way_on = next(advice for word, advice in _WAYS_ON.items() if word in found)
        raise CorpusError(f"“{name}” is {found}, not a text. {way_on}")
    if head.startswith(b"PK") and PurePosixPath(name).suffix.lower() in _DOCUMENTS:
        raise CorpusError(f"“{name}” is damaged. Get it again, or choose another file.")


def _format_of(head: bytes) -> str | None:
    return next((title for begin, title in _FORMATS if head.startswith(begin)), None)


def is_midi(head: bytes) -> bool:
    """Tell whether a file is one of MIDI, by its first bytes."""
    return head.startswith(b"MThd") or (head.startswith(b"RIFF") and head[8:12] == b"RMID")


def is_named_midi(name: str) -> bool:
    """Tell whether the name of a file is that of one of MIDI."""
    return name.lower().endswith(MIDI_SUFFIXES)


def is_readable(head: bytes) -> bool:
    """Tell whether a file is a text or a MIDI file, by its first `HEAD_BYTES`."""
    return is_midi(head) or is_text(head)


def is_hidden(parts: Iterable[str]) -> bool:
    """Tell whether a path leads to a hidden file, or to what a system adds for itself."""
    return any(part.startswith(".") or part in ("__MACOSX", "Thumbs.db") for part in parts)


def natural_order(parts: Iterable[str]) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Return a key by which paths are sorted as people do: "part 2" before "part 10"."""
    return tuple(
        tuple(
            (0, int(piece), "") if piece.isdecimal() and piece.isascii() else (1, 0, piece)
            for piece in re.split("([0-9]{1,18})", part)
        )
        for part in parts
    )


@dataclass
class LeftOut:
    """The files of a folder or an archive that are not texts, or are empty.

    Parameters
    ----------
    title : str
        What to call the folder or the archive.
    """

    title: str
    names: list[str] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)

    def add(self, name: str, kind: Kind) -> None:
        """Note a file."""
        self.names.append(name)
        self.kinds[kind] += 1

    def note(self) -> str:
        """Say in a sentence or two what is left out, or nothing if nothing is."""
        if not self.names:
            return ""
        verb = "was" if len(self.names) == 1 else "were"
        sentence = f"{self._counted()} in “{self.title}” {verb} left out: {listed(self.names)}."
        if self.kinds["archive"]:
            sentence += " To read what is inside of an archive, open it by itself."
        return sentence

    def refusal(self, what: str) -> CorpusError:
        """Return the error for a folder or an archive without any text.

        Parameters
        ----------
        what : str
            "folder" or "archive".
        """
        found = "files to read" if not self.names else f"text files, only {self._counted()}"
        article = "a" if what == "folder" else "an"
        return CorpusError(
            f"“{self.title}” has no {found}. Choose {article} {what} with text files."
        )

    def _counted(self) -> str:
        counts = [
            f"{count:,} {(_SINGULARS if count == 1 else _PLURALS)[kind]}"
            for kind, count in self.kinds.items()
            if count
        ]
        return listed(counts)


def listed(names: Sequence[str], most: int = _SHOWN) -> str:
    """List names: "a, b and c", and of more than are to be shown "a, b, c and 4 others"."""
    if len(names) <= most:
        *others, end = names
        return f"{', '.join(others)} and {end}" if others else end
    return f"{', '.join(names[:most])} and {counted(len(names) - most, 'other')}"
