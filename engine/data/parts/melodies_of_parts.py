"""The parts of a source read as melodies: MIDI files, ABC tunes, and tables of played notes."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.data.melodies import Melodies, melodies_of
from engine.data.parts.kinds_of_tunes import Labels, columns_of, kinds_of_tunes
from engine.data.parts.recognised_parts import RecognisedPart
from engine.data.reading.choices import ReadingChoices, Transposition
from engine.data.reading.encodings import decoded_pieces
from engine.data.reading.report import ReadingReport
from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.false_midi import why_no_midi
from engine.data.sources.file_source import too_large
from engine.data.sources.kinds_of_file import is_midi, listed
from engine.data.training_data import CorpusError, OnProgress, counted
from engine.melody.errors import MelodyError
from engine.melody.files.abc_reading import read_abc
from engine.melody.files.midi_reading import read_midi
from engine.melody.files.read_melodies import ReadMelodies
from engine.melody.files.recognition import is_abc, is_solo
from engine.melody.files.solo_csv import read_solo
from engine.melody.files.tempo_table import SoloFacts, is_tempo_table, read_tempos, solo_name
from engine.melody.grid import DEFAULT_GRID, NEAR, OnGrid, on_grid
from engine.melody.note import Melody
from engine.melody.played import PlayedMelody
from engine.melody.transposing import to_c

MAX_MELODY_BYTES = 200_000_000
"""Largest data that are read as melodies."""

SHORTEST = 8
"""Notes of the shortest melody that is learned from."""

_LARGEST_TABLE = 1_000_000
"""Bytes of a part that may be the table of tempos; where all else is read, others are not read."""

_CHARACTERS_A_NOTE = 5
"""Of ABC, with its fields; some tunes have more and some fewer."""

_READ_SHARE = 0.6
"""Share of the work that is done after reading."""


@dataclass
class _Found:
    """What was found in the parts."""

    played: list[PlayedMelody] = field(default_factory=list)
    part_names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    solos: list[tuple[str, str]] = field(default_factory=list)
    tempos: dict[str, SoloFacts] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    n_short: int = 0
    n_tables: int = 0
    without_tempo: list[str] = field(default_factory=list)
    most_notes: float = math.inf
    n_notes: int = 0
    n_read: int = 0  # bytes of melodies
    n_unread: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether as many notes were read as are wanted."""
        return self.n_notes >= self.most_notes

    @property
    def share(self) -> float:
        """How much of the melodies was read, from 0 to 1."""
        return self.n_read / (self.n_read + self.n_unread) if self.n_unread else 1.0

    def add(
        self, read: ReadMelodies, n_bytes: int, part_name: str, title: str, labels: Labels = ()
    ) -> None:
        """Take over the melodies of a part; without a title of their own they get this one."""
        self.n_read += n_bytes
        for played in read.melodies:
            named = played if played.title else replace(played, title=title)
            self.played.append(replace(named, labels=labels) if labels else named)
            self.n_notes += len(played)
        self.part_names += [part_name] * len(read.melodies)
        self.notes += [f"“{part_name}”: {note}" for note in read.notes]


def melodies_of_parts(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
    on_progress: OnProgress,
    *,
    for_training: bool,
) -> Melodies:
    """Read all parts as melodies.

    Raises
    ------
    CorpusError
        If a part is damaged, or there are no melodies in any.
    """
    return _read(source, choices, parts, on_progress, _Found(), for_training=for_training)


def first_melodies_of_parts(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
    on_progress: OnProgress,
    most_notes: int,
) -> tuple[Melodies, float]:
    """Read only the first melodies: those up to which there are so many notes.

    If nothing can be made of these alone, all are read.

    Returns
    -------
    Melodies
    float
        How much of the whole that is, from 0 to 1, by the bytes.

    Raises
    ------
    CorpusError
        As for `melodies_of_parts`.
    """
    found = _Found(most_notes=most_notes)
    try:
        data = _read(source, choices, parts, on_progress, found, for_training=False)
    except CorpusError:
        if not found.n_unread:
            raise
        found = _Found()
        data = _read(source, choices, parts, on_progress, found, for_training=False)
    return data, found.share


def _read(
    source: DataSource,
    choices: ReadingChoices,
    parts: list[RecognisedPart],
    on_progress: OnProgress,
    found: _Found,
    *,
    for_training: bool,
) -> Melodies:
    size = sum(each.part.size for each in parts)
    if size > MAX_MELODY_BYTES:
        raise too_large(source.title, size, MAX_MELODY_BYTES)
    for index, recognised in enumerate(parts):
        on_progress(_READ_SHARE * index / len(parts))
        with _leaving_out(recognised.part.name, found, alone=len(parts) == 1):
            _check_midi(recognised.part)
            _read_part(recognised.part, choices, found)
    n_files = len(parts) - found.n_tables
    for name, text in found.solos:
        with _leaving_out(name, found, alone=n_files == 1):
            _read_solo(name, text, found)
    grid = choices.grid or DEFAULT_GRID
    transpose: Transposition = choices.transpose or "none"
    quantised: list[OnGrid] = []
    labels, parts_of = [], []
    for index, played in enumerate(found.played):
        on_progress(_READ_SHARE + (1 - _READ_SHARE) * index / len(found.played))
        if len(played) >= SHORTEST:
            quantised.append(on_grid(to_c(played) if transpose == "C" else played, grid))
            labels.append(played.labels)
            parts_of.append(found.part_names[index])
    found.n_short = len(found.played) - len(quantised)
    if not quantised:
        raise _no_melodies(source, found)
    found_kinds = kinds_of_tunes(labels, parts_of, choices, source.title)
    if found_kinds is not None:
        quantised = [quantised[place] for place in found_kinds.kept]
        labels = [labels[place] for place in found_kinds.kept]
    melodies = [each.melody for each in quantised]
    try:
        data = melodies_of(
            melodies,
            source.title,
            grid=grid,
            transpose=transpose,
            labels=labels,
            kinds=None if found_kinds is None else found_kinds.kinds,
            for_training=for_training,
        )
    except CorpusError as error:
        raise CorpusError(" ".join([str(error), *_left_out(found)])) from error
    report = _report(source, choices, found, quantised, data)
    if found_kinds is not None:
        details = (*report.details, *found_kinds.details)
        report = replace(report, details=details, kinds=found_kinds.found)
    return replace(data, report=report)


@contextmanager
def _leaving_out(name: str, found: _Found, *, alone: bool) -> Iterator[None]:
    """Leave out a file that is damaged, and say so; if it is the only one, it is an error.

    Raises
    ------
    CorpusError
        If it is damaged, and there is no other file.
    """
    try:
        yield
    except MelodyError as error:
        if alone:
            raise CorpusError(f"“{name}” cannot be read as melodies. {error}") from error
        found.damaged.append(f"“{name}” is left out. {error}")


def _check_midi(part: SourcePart) -> None:
    """Check that a file is one of MIDI if it is named so.

    Raises
    ------
    MelodyError
        If it is not.
    """
    reason = why_no_midi(part)
    if reason:
        raise MelodyError(reason)


def _read_part(part: SourcePart, choices: ReadingChoices, found: _Found) -> None:
    if found.is_enough and part.size > _LARGEST_TABLE:
        found.n_unread += part.size
        return
    content = b"".join(part.chunks())
    if is_midi(content):
        if found.is_enough:
            found.n_unread += part.size
            return
        read, n_bytes = read_midi(content), len(content)
    else:
        text = "".join(decoded_pieces([content], part.name, choices.encoding))
        if is_tempo_table(text):
            found.n_tables += 1
            found.tempos |= read_tempos(text)
            return
        if is_solo(text):
            found.solos.append((part.name, text))
            return
        if not is_abc(text):
            found.left_out.append(part.name)
            return
        if found.is_enough:
            found.n_unread += part.size
            return
        first = _first_tunes(text, found)
        read, n_bytes = read_abc(first), len(first.encode())
    found.add(
        read, n_bytes, part.name, part.name.rpartition("/")[2].rpartition(".")[0] or part.name
    )


def _first_tunes(text: str, found: _Found) -> str:
    """Return the tunes of a text in ABC, or the first of them if few notes are wanted."""
    left = found.most_notes - found.n_notes
    if _CHARACTERS_A_NOTE * left >= len(text):
        return text
    end = text.find("\n\n", int(_CHARACTERS_A_NOTE * left)) + 1 or len(text)
    found.n_unread += len(text[end:].encode())
    return text[:end]


def _read_solo(name: str, text: str, found: _Found) -> None:
    """Read a solo, whose tempo stands in another part; without one its beats are unknown."""
    facts = found.tempos.get(solo_name(name))
    if facts is None or facts.tempo is None:
        found.without_tempo.append(name)
        return
    n_bytes = len(text.encode())
    if found.is_enough:
        found.n_unread += n_bytes
        return
    read = read_solo(text, facts.tempo)
    found.add(read, n_bytes, name, facts.title or solo_name(name), facts.labels)


def _no_melodies(source: DataSource, found: _Found) -> CorpusError:
    if found.damaged:
        return CorpusError(f"There are no melodies in “{source.title}”. {found.damaged[0]}")
    if found.without_tempo:
        return CorpusError(
            f"“{source.title}” has {counted(len(found.without_tempo), 'solo')} in seconds, and no "
            "tempo of any of them. "
            + (
                "The table of tempos has none for them."
                if found.n_tables
                else "Open the table of their tempos together with them."
            )
        )
    if found.played:
        return CorpusError(
            f"There is no melody of at least {SHORTEST} notes in “{source.title}”. Choose a file "
            "with longer ones."
        )
    return CorpusError(
        f"There are no melodies in “{source.title}”. Choose MIDI files, ABC tunes, or solos as "
        "tables of pitch, onset and duration."
    )


def _report(
    source: DataSource,
    choices: ReadingChoices,
    found: _Found,
    quantised: list[OnGrid],
    data: Melodies,
) -> ReadingReport:
    """Return what was done."""
    n_near = sum(each.n_near for each in quantised)
    known = columns_of([played.labels for played in found.played])
    taken_for = _in_words([each.melody for each in quantised])
    if found.n_unread:
        taken_for = f"melodies, and begins with {taken_for}"
    details = (
        f"{n_near / data.n_notes:.0%} of {'these' if found.n_unread else 'the'} notes lie within "
        f"{NEAR:.0%} of the grid “{data.grid}”.",
        {
            "none": "The tunes stay in their keys.",
            "all": "Each epoch draws a key for each tune.",
            "C": "All tunes are brought to C or A minor.",
        }[data.transpose],
    )
    return ReadingReport(
        source=source.title,
        layout="melodies",
        kind="melodies",
        taken_for=taken_for,
        choices=choices,
        lower_case=False,
        details=details,
        options=(
            *("layout", "grid", "transpose"),
            *(("kinds",) if len(set(found.part_names)) > 1 else ()),
            *(("kind_column",) if known else ()),
        ),
        labels=known,
        left_out=(*source.notes(), *_left_out(found)),
    )


def _left_out(found: _Found) -> list[str]:
    """Return sentences on what was left out or changed, the gravest first."""
    sentences = _shortened(found.damaged)
    if found.without_tempo:
        count = counted(len(found.without_tempo), "solo")
        sentences.append(f"Left out: {count} without a tempo.")
    if found.n_short:
        count = counted_melodies(found.n_short)
        sentences.append(f"Left out: {count} of fewer than {SHORTEST} notes.")
    if found.left_out:
        sentences.append(f"Left out, as there are no notes in them: {listed(found.left_out)}.")
    return [*sentences, *_shortened(found.notes)]


def _in_words(melodies: list[Melody]) -> str:
    notes = sum(melody.n_notes for melody in melodies)
    return f"{counted_melodies(len(melodies))} of {counted(notes, 'note')}"


def _shortened(notes: list[str]) -> list[str]:
    """Return the first few notes about files, and how many more there are."""
    most = 3
    more = len(notes) - most
    return notes[:most] + ([f"There are {counted(more, 'more such note')}."] if more > 0 else [])


def counted_melodies(count: int) -> str:
    """Return a number of melodies in words."""
    return f"{count:,} {'melody' if count == 1 else 'melodies'}"
