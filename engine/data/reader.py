"""The one way in which data are read: from a source to names or a text.

A file goes through the steps of `engine.data.reading`: it is decoded, its characters are cleaned,
it is recognised as one of the layouts and taken apart, and lower-cased. Every step can be
overruled by `ReadingChoices`, and `ReadingReport` says what each did.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, overload

from engine.data.corpus import (
    MAX_FILE_BYTES,
    MIN_DISTINCT_NAMES,
    NAMES_WANTED,
    Corpus,
    clean_text,
    corpus_of_entries,
)
from engine.data.name_kinds import kinds_in_words
from engine.data.reading.casing import lower_cased, unify
from engine.data.reading.characters import clean_characters, compatibility_forms
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.reading.documents import (
    BLANK_LINES,
    FILES,
    Separator,
    cut,
    given_separator,
    recognised_separator,
)
from engine.data.reading.encodings import check_encoding, decoded_head, decoded_pieces, encoding_of
from engine.data.reading.kinds.found_kinds import FoundKind, with_titles
from engine.data.reading.kinds.kinds_of_files import QUESTION as EACH_FILE_A_KIND
from engine.data.reading.kinds.kinds_of_files import (
    could_be_kinds,
    sole_kind_column,
    with_kinds_of_files,
)
from engine.data.reading.layout import Entries, Head, Layout, NamesLayout
from engine.data.reading.name_lists import NameList
from engine.data.reading.registry import Documents, RunningText, recognise
from engine.data.reading.report import PLAIN, ReadingReport
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.file_source import too_large
from engine.data.sources.source_of import as_source
from engine.data.spelling import spelling_of
from engine.data.text import Text, text_of_pieces
from engine.data.training_data import CorpusError, DataKind, OnProgress, counted, ignore_progress

TrainingData = Corpus | Text
"""What can be read."""

_HEAD_BYTES = 1 << 16
"""By so many bytes a file is recognised."""

_NAMES_LOOKED_AT, _NAMES_SHOWN = 100, 8

_READ_SHARE, _CLEAN_SHARE, _APART_SHARE = 0.2, 0.3, 0.6
"""Shares of the work that are done after reading a list, cleaning it, and taking it apart."""


@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: Literal["names"],
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> Corpus: ...
@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: Literal["text"],
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> Text: ...
@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: DataKind | None = ...,
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> TrainingData: ...
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    *,
    kind: DataKind | None = None,
    on_progress: OnProgress = ignore_progress,
    for_training: bool = True,
) -> TrainingData:
    """Read data, in whichever layout they have.

    Parameters
    ----------
    source : path or DataSource
    choices : ReadingChoices
    kind : str, optional
        "names" or "text", if the data must be that. If absent, the layout decides.
    on_progress : callable
        Called now and then with the share that is done, from 0 to 1. An exception that it raises
        stops the reading.
    for_training : bool
        False if the data are only measured. Then a single name is enough.

    Returns
    -------
    Corpus or Text
        With a report of how it was read.

    Raises
    ------
    CorpusError
        If the source cannot be read, or holds no such data.
    """
    opened = as_source(source)
    parts = _recognised(opened, choices, kind, on_progress)
    if _kind_of(parts) == "names":
        at_least = MIN_DISTINCT_NAMES if for_training else 1
        return _read_names(opened, choices, parts, on_progress, at_least)
    return _read_text(opened, choices, parts, on_progress, for_training=for_training)


def kind_of(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    kind: DataKind | None = None,
    *,
    on_progress: OnProgress = ignore_progress,
) -> DataKind:
    """Return the kind of data that `read_data` would read, by the beginnings of all parts.

    The parameters are those of `read_data`.

    Raises
    ------
    CorpusError
        If the source cannot be read.
    """
    return _kind_of(_recognised(as_source(source), choices, kind, on_progress))


def read_names(
    path: str | os.PathLike[str],
    *,
    lower_case: bool = True,
    on_progress: OnProgress = ignore_progress,
) -> Corpus:
    """Read a file of names, see `read_data`.

    Raises
    ------
    CorpusError
        If the file does not exist or cannot be read, or does not hold a list of names.
    """
    choices = ReadingChoices(lower_case=lower_case)
    return read_data(path, choices, kind="names", on_progress=on_progress)


def read_text(
    path: str | os.PathLike[str],
    *,
    lower_case: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Text:
    """Read a running text, see `read_data`.

    Raises
    ------
    CorpusError
        If the file does not exist or cannot be read, or there is nothing in it to learn.
    """
    choices = ReadingChoices(layout="text", lower_case=lower_case)
    return read_data(path, choices, kind="text", on_progress=on_progress)


@dataclass(frozen=True)
class _RecognisedPart:
    """A part of a source, and what it was taken for."""

    part: SourcePart
    layout: Layout
    encoding: str
    separator: Separator | None = None
    """What separates its documents, if that is given or clear."""

    @classmethod
    def of(
        cls, part: SourcePart, choices: ReadingChoices, kind: DataKind | None
    ) -> "_RecognisedPart":
        if kind == "names" and part.size > MAX_FILE_BYTES:
            raise too_large(part.name, part.size, MAX_FILE_BYTES)
        text, encoding, is_whole = read_beginning(part, choices.encoding, _HEAD_BYTES)
        head = Head(_cleaned(text, part.name, choices)[0], part.name, is_whole)
        chosen = choices.layout
        if chosen is None and choices.separator is not None:
            chosen = Documents.name
        layout = recognise(head, kind, chosen, has_columns=choices.is_of_columns)
        if layout.name != Documents.name:
            return cls(part, layout, encoding)
        if choices.separator is not None:
            return cls(part, layout, encoding, given_separator(choices.separator, head.text))
        return cls(part, layout, encoding, recognised_separator(head.text, head.name))


def _recognised(
    source: DataSource,
    choices: ReadingChoices,
    kind: DataKind | None,
    on_progress: OnProgress,
) -> list[_RecognisedPart]:
    """Return the parts of a source, at least one, and what each was taken for."""
    parts = []
    for part in source.parts():
        on_progress(0.0)  # which can stop the reading
        parts.append(_RecognisedPart.of(part, choices, kind))
    if not parts:
        raise _no_text(source)
    return parts


def _kind_of(parts: list[_RecognisedPart]) -> DataKind:
    """Return the kind of most of the data: a folder of names may also hold a description."""
    n_bytes: dict[DataKind, int] = {"names": 0, "text": 0}
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
        If the part cannot be read, or its encoding does not fit.
    """
    content = b""
    for chunk in part.chunks():
        content += chunk
        if len(content) > n_bytes:
            break
    is_whole = len(content) <= n_bytes
    text = decoded_head(content[:n_bytes], part.name, encoding)
    if not is_whole:  # leave out the last line, which may be cut
        text = text[: text.rfind("\n") + 1] or text.rpartition(" ")[0] or text
    return text, check_encoding(encoding or encoding_of(content)[0]), is_whole


def _no_text(source: DataSource) -> CorpusError:
    return CorpusError(f"“{source.title}” has no text in it. Choose {NAMES_WANTED}.")


def _cleaned(text: str, source: str, choices: ReadingChoices) -> tuple[str, Counter[str]]:
    return (
        clean_characters(text, source)
        if choices.clean
        else (unify(text, lower_case=False), Counter())
    )


def _read_names(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[_RecognisedPart],
    on_progress: OnProgress,
    at_least: int,
) -> Corpus:
    """Read every part as names, each in its own layout, and join them to one list."""
    n_bytes = sum(each.part.size for each in parts)
    if n_bytes > MAX_FILE_BYTES:
        raise too_large(source.title, n_bytes, MAX_FILE_BYTES)
    spelling = spelling_of(graphemes=choices.graphemes)
    main = next(each for each in parts if each.layout.kind == "names")
    found: list[Entries] = []
    counts: Counter[str] = Counter()
    for index, recognised in enumerate(parts):

        def advance(share: float, done: int = index) -> None:
            on_progress(_APART_SHARE * (done + share) / len(parts))

        layout = recognised.layout
        as_names = layout if isinstance(layout, NamesLayout) else NameList()  # a text among lists
        entries, changed = _entries_of(
            recognised.part, as_names, choices, advance, is_alone=len(parts) == 1
        )
        found.append(entries)
        counts += changed
    joined, kinds = _joined_kinds(found, [each.part.name for each in parts], choices)
    lower_case = choices.lower_case is not False
    corpus = corpus_of_entries(
        joined,
        source.title,
        lower_case=lower_case,
        weight_cap=choices.weight_cap,
        spelling=spelling,
        on_progress=lambda share: on_progress(_APART_SHARE + (1 - _APART_SHARE) * share),
        at_least=at_least,
    )
    report = ReadingReport(
        source=source.title,
        layout=main.layout.name,
        kind="names",
        taken_for=joined.taken_for or PLAIN["names"],
        encoding=main.encoding,
        choices=choices,
        lower_case=lower_case,
        details=(
            *joined.details,
            *kinds_in_words(corpus.distinct, corpus.kinds),
            *_clusters_in_words(corpus),
        ),
        options=(joined.options or ("layout",)) + (("kinds",) if len(parts) > 1 else ()),
        characters=tuple(sorted(counts.items())),
        dropped=joined.dropped,
        left_out=source.notes(),
        compatibility=compatibility_forms(corpus.vocabulary.symbols),
        questions=joined.questions,
        offers=_offers(joined, parts, choices),
        before=_first_names(joined.names, lower_case=lower_case),
        table=joined.table,
        kinds=kinds,
    )
    return replace(corpus, report=report)


def _offers(
    entries: Entries, parts: list[_RecognisedPart], choices: ReadingChoices
) -> tuple[str, ...]:
    """Return what the names could have besides: a column of kinds goes before files."""
    n_of_names = sum(each.layout.kind == "names" for each in parts)
    if entries.offers or not could_be_kinds(len(parts), n_of_names, choices):
        return entries.offers
    return (EACH_FILE_A_KIND,)


def _clusters_in_words(data: TrainingData) -> tuple[str, ...]:
    """Return a sentence on the grapheme clusters, if there are any."""
    count = sum(len(symbol) > 1 for symbol in data.vocabulary.symbols)
    if not count:
        return ()
    verb = "is a grapheme cluster" if count == 1 else "are grapheme clusters"
    return (f"{counted(count, 'symbol')} {verb} of several code points.",)


def _entries_of(
    part: SourcePart,
    layout: NamesLayout,
    choices: ReadingChoices,
    on_progress: OnProgress,
    *,
    is_alone: bool,
) -> tuple[Entries, Counter[str]]:
    """Read, decode, clean and take apart one part; count the characters that were changed."""
    content = bytearray()
    for chunk in part.chunks():
        content += chunk
        if len(content) > MAX_FILE_BYTES:
            raise too_large(part.name, max(part.size, len(content)), MAX_FILE_BYTES)
        on_progress(_READ_SHARE * min(len(content) / max(part.size, 1), 1.0))
    decoded = decoded_pieces([bytes(content)], part.name, choices.encoding, NAMES_WANTED)
    text = "".join(decoded)
    counts: Counter[str] = Counter()
    if choices.clean:
        clean = _between(on_progress, _READ_SHARE, _CLEAN_SHARE)
        text, counts = clean_text(text, part.name, clean)
    else:
        text = unify(text, lower_case=False)
    try:
        entries = layout.entries(text, choices, _between(on_progress, _CLEAN_SHARE, 1.0))
        kind_column = sole_kind_column(entries, choices) if is_alone else None
        if kind_column is not None:
            choices = replace(choices, kind_column=kind_column)
            entries = layout.entries(text, choices, ignore_progress)
    except CorpusError as error:
        raise CorpusError(f"“{part.name}” cannot be read as names. {error}") from error
    return entries, counts


def _between(on_progress: OnProgress, begin: float, end: float) -> OnProgress:
    """Return a report of the progress of a step that is a part of the work."""
    return lambda share: on_progress(begin + (end - begin) * share)


def _joined(found: list[Entries]) -> Entries:
    """Return the names of all parts; what they were taken for is said of the first."""
    if len(found) == 1:
        return found[0]
    dropped: Counter[str] = Counter()
    for entries in found:
        dropped.update(dict(entries.dropped))
    weights: list[int] | None = None
    if any(entries.weights is not None for entries in found):
        weights = [weight for each in found for weight in each.weights or [1] * len(each.names)]
    names = [name for entries in found for name in entries.names]
    kinds: list[str] | None = None
    if any(entries.kinds is not None for entries in found):
        kinds = [kind for each in found for kind in each.kinds or [""] * len(each.names)]
    layouts = list(dict.fromkeys(each.taken_for or PLAIN["names"] for each in found))
    first = next((each for each in found if each.taken_for), found[0])
    return replace(
        first,
        names=names,
        weights=weights,
        kinds=kinds,
        taken_for=" and ".join(layouts),
        dropped=tuple(dropped.items()),
    )


def _joined_kinds(
    found: list[Entries], names: Sequence[str], choices: ReadingChoices
) -> tuple[Entries, tuple[FoundKind, ...]]:
    """Join the names of all files, with their kinds if they have them."""
    of_files = choices.has_kinds and choices.kind_column is None and len(found) > 1
    joined = _joined(with_kinds_of_files(found, names) if of_files else found)
    if joined.kinds is None:
        return joined, ()
    if of_files:
        joined = replace(joined, details=(*joined.details, "Each file is a kind."))
    return with_titles(joined, choices.kind_titles)


def _first_names(names: Sequence[str], *, lower_case: bool) -> tuple[str, ...]:
    """Return the first names that become different ones."""
    found: dict[str, str] = {}
    for name in names[:_NAMES_LOOKED_AT]:
        stripped = name.strip()
        if stripped:
            found.setdefault(lower_cased(stripped) if lower_case else stripped, stripped)
    return tuple(found.values())[:_NAMES_SHOWN]


def _read_text(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[_RecognisedPart],
    on_progress: OnProgress,
    *,
    for_training: bool,
) -> Text:
    """Read all parts as one text, or as documents."""
    if choices.has_kinds:
        raise CorpusError(
            f"“{source.title}” is read as a text, and only names can have kinds. Read it as names, "
            "or without kinds."
        )
    counts: Counter[str] = Counter()
    lower_case = choices.lower_case is True
    spelling = spelling_of(graphemes=choices.graphemes)
    separator = _separator_of_all(parts)

    def clean(part: SourcePart, index: int) -> Iterator[str]:
        def advance(share: float) -> None:
            on_progress(0.9 * (index + share) / len(parts))

        for piece in whole_words(_decoded_part(part, choices.encoding, advance)):
            cleaned, changed = _cleaned(piece, part.name, choices)
            counts.update(changed)
            yield cleaned

    def pieces() -> Iterator[str]:
        must_occur = for_training and len(parts) == 1
        for index, recognised in enumerate(parts):
            part = recognised.part
            cleaned = clean(part, index)
            if separator is not None:
                own = recognised.separator or separator
                yield from cut(cleaned, own, part.name, must_occur=must_occur)
            elif index < len(parts) - 1:
                yield from _with_last_newline(cleaned)
            else:
                yield from cleaned

    text = text_of_pieces(
        pieces(),
        source.title,
        lower_case=lower_case,
        document_break=None if separator is None else separator.document_break,
        spelling=spelling,
        for_training=for_training,
    )
    report = ReadingReport(
        source=source.title,
        layout=RunningText.name if separator is None else Documents.name,
        kind="text",
        taken_for=_text_in_words(text, separator),
        encoding=parts[0].encoding,
        choices=choices,
        lower_case=lower_case,
        details=_clusters_in_words(text),
        options=("layout",) if separator is None else ("layout", "separator"),
        characters=tuple(sorted(counts.items())),
        left_out=source.notes(),
        compatibility=compatibility_forms(text.vocabulary.symbols),
    )
    on_progress(1.0)
    return replace(text, report=report)


def _separator_of_all(parts: list[_RecognisedPart]) -> Separator | None:
    """Return what separates the documents of all parts; None if most of it is running text."""
    texts = [each for each in parts if each.layout.kind == "text"]
    documents = [each for each in texts if each.layout.name == Documents.name]
    n_bytes, of_documents = (sum(each.part.size for each in some) for some in (texts, documents))
    if not documents or of_documents < n_bytes - of_documents:
        return None
    own = next((each.separator for each in documents if each.separator is not None), None)
    return own or (BLANK_LINES if len(parts) == 1 else FILES)


def _text_in_words(text: Text, separator: Separator | None) -> str:
    if text.documents is None or separator is None:
        return PLAIN["text"]
    return f"{len(text.documents):,} {separator.title}"


def _decoded_part(part: SourcePart, encoding: str | None, on_progress: OnProgress) -> Iterator[str]:
    """Yield the characters of a part, piece by piece."""

    def chunks() -> Iterator[bytes]:
        done = 0
        for chunk in part.chunks():
            done += len(chunk)
            on_progress(min(done / max(part.size, 1), 1.0))
            yield chunk

    return decoded_pieces(chunks(), part.name, encoding)


def _with_last_newline(pieces: Iterator[str]) -> Iterator[str]:
    """Yield the pieces of a text, and a newline if it does not end with one."""
    last = ""
    for piece in pieces:
        last = piece or last
        yield piece
    if not last.endswith("\n"):
        yield "\n"


def whole_words(pieces: Iterable[str]) -> Iterator[str]:
    """Cut the pieces again, before a space or newline if there is one.

    An accent belongs to the letter before it, and the form of a Greek sigma depends on its
    neighbours; but nothing depends on what stands across a space.
    """
    rest = ""
    for piece in pieces:
        whole = rest + piece
        cut = max(whole.rfind(" "), whole.rfind("\n"))
        cut = cut if cut > 0 else len(whole)
        rest = whole[cut:]
        yield whole[:cut]
    yield rest
