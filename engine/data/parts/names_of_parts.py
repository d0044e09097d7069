"""The parts of a source read as names, each in its own layout, and joined to one list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from engine.data.corpus import (
    MAX_FILE_BYTES,
    NAMES_WANTED,
    Corpus,
    clean_text,
    corpus_of_entries,
)
from engine.data.name_kinds import kinds_in_words
from engine.data.parts.recognised_parts import RecognisedPart
from engine.data.reading.casing import lower_cased, unify
from engine.data.reading.characters import compatibility_forms
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.encodings import decoded_pieces
from engine.data.reading.kinds.found_kinds import FoundKind, with_titles
from engine.data.reading.kinds.kinds_of_files import QUESTION as EACH_FILE_A_KIND
from engine.data.reading.kinds.kinds_of_files import (
    could_be_kinds,
    sole_kind_column,
    with_kinds_of_files,
    without_names,
)
from engine.data.reading.layout import Entries, NamesLayout
from engine.data.reading.name_lists import NameList
from engine.data.reading.report import PLAIN, ReadingReport
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.file_source import too_large
from engine.data.spelling import clusters_in_words, spelling_of
from engine.data.training_data import CorpusError, OnProgress, ignore_progress

_NAMES_LOOKED_AT, _NAMES_SHOWN = 100, 8

_READ_SHARE, _CLEAN_SHARE, _APART_SHARE = 0.2, 0.3, 0.6
"""Shares of the work that are done after reading a list, cleaning it, and taking it apart."""


def names_of_parts(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
    on_progress: OnProgress,
    at_least: int,
) -> Corpus:
    """Read every part as names, each in its own layout, and join them to one list."""
    n_bytes = sum(each.part.size for each in parts)
    if n_bytes > MAX_FILE_BYTES:
        raise too_large(source.title, n_bytes, MAX_FILE_BYTES)
    spelling = spelling_of(graphemes=choices.graphemes)
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
    corpus = corpus_of_entries(
        joined,
        source.title,
        lower_case=choices.lower_case is not False,
        weight_cap=choices.weight_cap,
        spelling=spelling,
        on_progress=lambda share: on_progress(_APART_SHARE + (1 - _APART_SHARE) * share),
        at_least=at_least,
    )
    report = _report(source, choices, parts, joined, corpus)
    return replace(
        corpus, report=replace(report, characters=tuple(sorted(counts.items())), kinds=kinds)
    )


def _report(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
    joined: Entries,
    corpus: Corpus,
) -> ReadingReport:
    """Return what was done, but for the characters and the kinds."""
    main = next(each for each in parts if each.layout.kind == "names")
    return ReadingReport(
        source=source.title,
        layout=main.layout.name,
        kind="names",
        taken_for=joined.taken_for or PLAIN["names"],
        encoding=main.encoding,
        choices=choices,
        lower_case=corpus.lower_case,
        details=(
            *joined.details,
            *kinds_in_words(corpus.distinct, corpus.kinds),
            *clusters_in_words(corpus.vocabulary.symbols),
        ),
        options=(joined.options or ("layout",)) + (("kinds",) if len(parts) > 1 else ()),
        dropped=joined.dropped,
        left_out=source.notes(),
        compatibility=compatibility_forms(corpus.vocabulary.symbols),
        questions=joined.questions,
        offers=_offers(joined, parts, choices),
        before=_first_names(joined.names, lower_case=corpus.lower_case),
        table=joined.table,
    )


def _offers(
    entries: Entries, parts: list[RecognisedPart], choices: ReadingChoices
) -> tuple[str, ...]:
    """Return what the names could have besides: a column of kinds goes before files."""
    n_of_names = sum(each.layout.kind == "names" for each in parts)
    if entries.offers or not could_be_kinds(len(parts), n_of_names, choices):
        return entries.offers
    return (EACH_FILE_A_KIND,)


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
        empty = without_names(found, names)
        joined = replace(joined, details=(*joined.details, "Each file is a kind.", *empty))
    return with_titles(joined, choices.kind_titles)


def _first_names(names: Sequence[str], *, lower_case: bool) -> tuple[str, ...]:
    """Return the first names that become different ones."""
    found: dict[str, str] = {}
    for name in names[:_NAMES_LOOKED_AT]:
        stripped = name.strip()
        if stripped:
            found.setdefault(lower_cased(stripped) if lower_case else stripped, stripped)
    return tuple(found.values())[:_NAMES_SHOWN]
