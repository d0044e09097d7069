"""The parts of a source, and what each of them is taken for by its beginning."""

from collections import Counter
from dataclasses import dataclass

from engine.data.corpus import MAX_FILE_BYTES, NAMES_WANTED
from engine.data.reading.casing import unify
from engine.data.reading.characters import clean_characters
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.documents import (
    TUNES,
    Separator,
    given_separator,
    is_tune,
    recognised_separator,
)
from engine.data.reading.encodings import check_encoding, decoded_head, encoding_of
from engine.data.reading.layout import Head, Layout
from engine.data.reading.registry import Documents, recognise, recognise_midi
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.file_source import too_large
from engine.data.sources.kinds_of_file import is_midi, is_named_midi, refuse_other_format
from engine.data.training_data import CorpusError, DataKind, OnProgress

_HEAD_BYTES = 1 << 16
"""By so many bytes a file is recognised."""


@dataclass(frozen=True)
class RecognisedPart:
    """A part of a source, and what it was taken for.

    Attributes
    ----------
    part : SourcePart
    layout : Layout
    encoding : str
        The name of the codec.
    separator : Separator, optional
        What separates its documents, if that is given or clear.
    n_tunes : int
        Tunes in ABC notation, at least 1 for a file that is named so. There may be more than these
        if there are several.
    """

    part: SourcePart
    layout: Layout
    encoding: str
    separator: Separator | None = None
    n_tunes: int = 0

    @classmethod
    def of(
        cls, part: SourcePart, choices: ReadingChoices, kind: DataKind | None
    ) -> "RecognisedPart":
        """Look at the beginning of a part.

        Raises
        ------
        CorpusError
            If it cannot be read, or is too large for names.
        """
        if kind == "names" and part.size > MAX_FILE_BYTES:
            raise too_large(part.name, part.size, MAX_FILE_BYTES)
        head_bytes = next(iter(part.chunks()), b"")
        is_forced = kind not in (None, "melodies") or choices.layout is not None
        if is_midi(head_bytes) or (is_named_midi(part.name) and not is_forced):
            return cls(part, recognise_midi(kind), "")
        text, encoding, is_whole = read_beginning(part, choices.encoding, _HEAD_BYTES)
        head = Head(clean_part(text, part.name, choices)[0], part.name, is_whole)
        chosen = choices.layout
        if chosen is None and choices.separator is not None:
            chosen = Documents.name
        layout = recognise(head, kind, chosen, has_columns=choices.is_of_columns)
        separator: Separator | None = None
        if layout.name == Documents.name:
            given = choices.separator
            if given is not None:
                separator = given_separator(given, head.text)
            else:
                separator = recognised_separator(head.text, head.name)
        n_tunes = 0
        if layout.kind == "text" and is_tune(head.text, head.name):
            n_tunes = max(len(TUNES.documents(head.text)), 1) + (not is_whole)
        return cls(part, layout, encoding, separator, n_tunes)


def recognised_parts(
    source: DataSource,
    choices: ReadingChoices,
    kind: DataKind | None,
    on_progress: OnProgress,
) -> list[RecognisedPart]:
    """Return the parts of a source, at least one, and what each was taken for."""
    parts = []
    for part in source.parts():
        on_progress(0.0)  # which can stop the reading
        parts.append(RecognisedPart.of(part, choices, kind))
    if not parts:
        raise _no_text(source)
    return parts


def kind_of_parts(parts: list[RecognisedPart]) -> DataKind:
    """Return the kind of most of the data: a folder of names may also hold a description.

    Where one part has melodies, they are melodies, whatever stands beside them.
    """
    n_bytes: dict[DataKind, int] = {"names": 0, "text": 0}
    if any(each.layout.kind == "melodies" for each in parts):
        return "melodies"
    for each in parts:
        n_bytes[each.layout.kind] += each.part.size
    first = parts[0].layout.kind
    return max(n_bytes, key=lambda kind: (n_bytes[kind], kind == first))


def read_beginning(part: SourcePart, encoding: str | None, n_bytes: int) -> tuple[str, str, bool]:
    """Read the beginning of a part: whole lines, decoded.

    Returns
    -------
    text : str
    encoding : str
        The name of the codec.
    is_whole : bool
        Whether this is the whole part.

    Raises
    ------
    CorpusError
        If the part cannot be read or is of another format, or its encoding does not fit.
    """
    content = b""
    for chunk in part.chunks():
        content += chunk
        if len(content) > n_bytes:
            break
    refuse_other_format(content, part.name)
    is_whole = len(content) <= n_bytes
    text = decoded_head(content[:n_bytes], part.name, encoding)
    if not is_whole:  # leave out the last line, which may be cut
        text = text[: text.rfind("\n") + 1] or text.rpartition(" ")[0] or text
    return text, check_encoding(encoding or encoding_of(content)[0]), is_whole


def _no_text(source: DataSource) -> CorpusError:
    return CorpusError(f"There is no text in “{source.title}”. Choose {NAMES_WANTED}.")


def clean_part(text: str, source: str, choices: ReadingChoices) -> tuple[str, Counter[str]]:
    """Clean the characters of a text, if that is chosen, and count what was changed."""
    return (
        clean_characters(text, source)
        if choices.clean
        else (unify(text, lower_case=False), Counter())
    )
