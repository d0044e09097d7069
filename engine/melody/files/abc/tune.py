"""A tune: its fields, its music, and the melody that both make."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.melody.files.abc.interpreter import Interpreter
from engine.melody.files.abc.place import AbcError
from engine.melody.files.abc.repeats import MOST_SOUNDS, BarLine, Played, Sound, played_out
from engine.melody.files.abc.tokens import MusicLine, tokens_of
from engine.melody.files.read_melodies import FASTEST_TEMPO, SLOWEST_TEMPO, from_first_note
from engine.melody.metres import bar_of
from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO
from engine.melody.played import PlayedMelody

_FIELD = re.compile(r"([A-Za-z+]):(?![|:])(.*)")  # "A:|" is music
_COMMENT = re.compile(r"(?<!\\)%.*")
_VOICE = re.compile(r"\[V:\s*(\w+)[^\]]*\]")

FITTING_BARS = 0.75
"""Share of a tune's bar lines that must be whole bars apart, without those of repeats."""


def read_tune(lines: Iterable[MusicLine]) -> PlayedMelody | None:
    """Read the lines of a tune; None if it has no notes.

    Raises
    ------
    AbcError
        If a line cannot be read.
    """
    tune = _Tune()
    number = 1
    for line in lines:
        number = line.number
        tune.read(line)
    try:
        played = played_out(tune.music.elements, tune.order)
    except ValueError:
        said = f"a tune ends that has more than {MOST_SOUNDS:,} notes with its repeats."
        raise AbcError(number, 1, said) from None
    return _melody(played, tune)


@dataclass
class _Tune:
    """What the lines of a tune say, of its first voice."""

    music: Interpreter = field(default_factory=Interpreter)
    title: str = ""
    order: str = ""
    labels: list[tuple[str, str]] = field(default_factory=list)
    in_body: bool = False
    voice: str = ""
    first_voice: str = ""

    def read(self, line: MusicLine) -> None:
        """Take over a line, which is a field or music."""
        found = _FIELD.match(line.text)
        if line.text.startswith("%"):
            return
        if found:
            self._read_field(found[1], _COMMENT.sub("", found[2]).replace(r"\%", "%").strip(), line)
        elif self.in_body:
            if switch := _VOICE.match(line.text):
                self._begin_voice(switch[1])
            if self.voice == self.first_voice:
                self.music.read(tokens_of([line]))

    def _read_field(self, name: str, value: str, line: MusicLine) -> None:
        if name == "V" and self.in_body:
            self._begin_voice(value.partition(" ")[0])
        elif name == "T":
            self.title = self.title or value
        elif name == "R" and value:
            self.labels.append(("rhythm", value.lower()))
        elif name == "P" and not self.in_body:
            self.order = value
        elif name in "MLQKP" and self.voice == self.first_voice:
            self.music.set_field(name, value, line.number, 3)
            self.in_body |= name == "K"

    def _begin_voice(self, name: str) -> None:
        self.voice = name
        self.first_voice = self.first_voice or name


def _melody(played: list[Played], tune: _Tune) -> PlayedMelody | None:
    """Put together a melody from what is played; None if it has no notes."""
    sounding = _Sounding.of(played)
    if not sounding.pitches:
        return None
    music = tune.music
    metre = music.first_metre
    bar = bar_of(metre) if metre else DEFAULT_BAR
    bar_line, has_bars = _bars(sounding, bar)
    found = from_first_note(
        sounding.pitches,
        [onset / sounding.ticks for onset in sounding.onsets],
        [
            (end - onset) / sounding.ticks
            for onset, end in zip(sounding.onsets, sounding.ends, strict=True)
        ],
        bar,
        bar_line,
    )
    key, tempo = music.first_key, music.tempo or DEFAULT_TEMPO
    labels = [*tune.labels, ("metre", "{}/{}".format(*metre))] if metre else tune.labels
    return replace(
        found,
        title=tune.title,
        tempo=tempo if SLOWEST_TEMPO <= tempo <= FASTEST_TEMPO else DEFAULT_TEMPO,
        has_bars=metre is not None and has_bars and not music.metre_changes,
        tonic=key.tonic if key else None,
        is_minor=key.is_minor if key else False,
        labels=tuple(labels),
    )


@dataclass
class _Sounding:
    """The notes of a tune, with ties joined, and its bar lines.

    All times are in ticks, which are whole parts of a beat: fractions are slow.
    """

    ticks: int
    pitches: list[int] = field(default_factory=list)
    onsets: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    bar_lines: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, played: list[Played]) -> "_Sounding":
        """Return what sounds, without the bar lines of repeats."""
        lengths = {each.beats for each in played if isinstance(each, Sound)}
        found = cls(math.lcm(*(length.denominator for length in lengths)))
        ticks = {length: int(length * found.ticks) for length in lengths}
        now, is_tied = 0, False
        for each in played:
            if isinstance(each, BarLine):
                if each.is_plain and now:
                    found.bar_lines.append(now)
                continue
            end = now + ticks[each.beats]
            if each.pitch is not None:
                found._add(each.pitch, now, end, is_tied)
                is_tied = each.is_tied
            now = end
        return found

    def _add(self, pitch: int, onset: int, end: int, is_tied: bool) -> None:
        if is_tied and self.pitches[-1] == pitch and self.ends[-1] == onset:
            self.ends[-1] = end
        else:
            self.pitches.append(pitch)
            self.onsets.append(onset)
            self.ends.append(end)


def _bars(sounding: _Sounding, bar: Fraction) -> tuple[Fraction, bool]:
    """Return a beat with a bar line, and whether the bar lines are a bar apart."""
    if not sounding.bar_lines:
        return Fraction(0), False
    places = Counter(Fraction(line, sounding.ticks) % bar for line in sounding.bar_lines)
    place, n_there = places.most_common(1)[0]
    return place, n_there >= FITTING_BARS * len(sounding.bar_lines)
