"""The parts of a source read as one text, or as documents."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.data.parts.recognised_parts import RecognisedPart, clean_part
from engine.data.reading.characters import compatibility_forms
from engine.data.reading.choices import ReadingChoices
from engine.data.reading.documents import BLANK_LINES, FILES, TUNES, Separator, cut
from engine.data.reading.encodings import decoded_pieces
from engine.data.reading.registry import Documents, RunningText
from engine.data.reading.report import PLAIN, ReadingReport
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.spelling import clusters_in_words, spelling_of
from engine.data.text import Text, text_of_pieces
from engine.data.training_data import CorpusError, OnProgress

_NOTES_OR_TEXT = (
    "These are tunes in ABC notation. Choose “Melodies” to learn their notes, or leave “Documents” "
    "to learn the notation as text."
)
_ONE_TUNE = (
    "This is one tune in ABC notation, which is read as text. To learn its notes, open it together "
    "with other tunes, and choose “Melodies”."
)

_WITH_OTHERS = "Its notes can be learned together with those of other tunes."


def text_of_parts(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
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
    separator = _separator_of_all(parts)
    n_tunes = sum(each.n_tunes for each in parts)
    if n_tunes == 1 and choices.layout is None and choices.separator is None:
        separator = None  # a single document cannot be learned from

    def clean(part: SourcePart, index: int) -> Iterator[str]:
        def advance(share: float) -> None:
            on_progress(0.9 * (index + share) / len(parts))

        for piece in whole_words(_decoded_part(part, choices.encoding, advance)):
            cleaned, changed = clean_part(piece, part.name, choices)
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
        lower_case=choices.lower_case is True,
        document_break=None if separator is None else separator.document_break,
        spelling=spelling_of(graphemes=choices.graphemes),
        for_training=for_training,
    )
    report = _report(source, choices, text, separator, n_tunes, is_alone=len(parts) == 1)
    characters = tuple(sorted(counts.items()))
    on_progress(1.0)
    return replace(text, report=replace(report, encoding=parts[0].encoding, characters=characters))


def _report(
    source: DataSource,
    choices: ReadingChoices,
    text: Text,
    separator: Separator | None,
    n_tunes: int,
    *,
    is_alone: bool,
) -> ReadingReport:
    """Return what was done, but for the encoding and the characters."""
    symbols = text.vocabulary.symbols
    is_one_tune = is_alone and n_tunes == 1
    return ReadingReport(
        source=source.title,
        layout=RunningText.name if separator is None else Documents.name,
        kind="text",
        taken_for=_text_in_words(text, separator, is_one_tune=is_one_tune),
        choices=choices,
        lower_case=text.lower_case,
        details=(*((_WITH_OTHERS,) if is_one_tune else ()), *clusters_in_words(symbols)),
        options=(
            *(("melodies",) if n_tunes else ()),
            *(("layout",) if separator is None else ("layout", "separator")),
        ),
        left_out=source.notes(),
        compatibility=compatibility_forms(symbols),
        questions=_questions(choices, separator, is_one_tune=is_one_tune),
    )


def _questions(
    choices: ReadingChoices, separator: Separator | None, *, is_one_tune: bool
) -> tuple[str, ...]:
    """Ask whether tunes are read as notes, unless a person has chosen what they are."""
    if choices.layout is not None:
        return ()
    if is_one_tune:
        return (_ONE_TUNE,)
    return (_NOTES_OR_TEXT,) if separator is TUNES else ()


def _separator_of_all(parts: list[RecognisedPart]) -> Separator | None:
    """Return what separates the documents of all parts; None if most of it is running text."""
    texts = [each for each in parts if each.layout.kind == "text"]
    documents = [each for each in texts if each.layout.name == Documents.name]
    n_bytes, of_documents = (sum(each.part.size for each in some) for some in (texts, documents))
    if not documents or of_documents < n_bytes - of_documents:
        return None
    own = next((each.separator for each in documents if each.separator is not None), None)
    return own or (BLANK_LINES if len(parts) == 1 else FILES)


def _text_in_words(text: Text, separator: Separator | None, *, is_one_tune: bool) -> str:
    if text.documents is None or separator is None:
        return PLAIN["text"] + (", one tune in ABC notation" if is_one_tune else "")
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
