"""A tune: its fields, its music, and the melody that both make."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.melody.files.abc.fields import BEATS_OF_WHOLE
from engine.melody.files.abc.interpreter import Interpreter
from engine.melody.files.abc.place import AbcError
from engine.melody.files.abc.repeats import BarLine, Played, played_out
from engine.melody.files.abc.tokens import Line, tokens_of
from engine.melody.files.read_melodies import from_first_note
from engine.melody.note import DEFAULT_BAR, DEFAULT_TEMPO
from engine.melody.played import PlayedMelody

_FIELD = re.compile(r"([A-Za-z+]):(?![|:])(.*)")  # "A:|" is music
_VOICE = re.compile(r"\[V:\s*(\w+)[^\]]*\]")

FITTING_BARS = 0.75
"""Share of a tune's bar lines that must be whole bars apart. Repeats may stand inside a bar."""


def read_tune(lines: Iterable[Line]) -> PlayedMelody | None:
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
        raise AbcError(number, 1, "a tune ends that is too long with its repeats.") from None
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

    def read(self, line: Line) -> None:
        """Take over a line, which is a field or music."""
        found = _FIELD.match(line.text)
        if line.text.startswith("%"):
            return
        if found:
            self._read_field(found[1], found[2].partition("%")[0].strip(), line)
        elif self.in_body:
            if switch := _VOICE.match(line.text):
                self._begin_voice(switch[1])
            if self.voice == self.first_voice:
                self.music.read(tokens_of([line]))

    def _read_field(self, name: str, value: str, line: Line) -> None:
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
    music = tune.music
    pitches: list[int] = []
    onsets: list[Fraction] = []
    ends: list[Fraction] = []
    bar_lines: list[Fraction] = []
    now, is_tied = Fraction(0), False
    for each in played:
        if isinstance(each, BarLine):
            bar_lines.append(now)
            continue
        if each.pitch is not None:
            if is_tied and pitches[-1] == each.pitch and ends[-1] == now:
                ends[-1] += each.beats
            else:
                pitches.append(each.pitch)
                onsets.append(now)
                ends.append(now + each.beats)
            is_tied = each.is_tied
        now += each.beats
    if not pitches:
        return None
    metre = music.first_metre
    bar = Fraction(*metre) * BEATS_OF_WHOLE if metre else DEFAULT_BAR
    upbeat, has_bars = _bars(bar_lines, bar)
    found = from_first_note(
        pitches,
        [float(onset) for onset in onsets],
        [float(end - onset) for onset, end in zip(onsets, ends, strict=True)],
        bar,
        upbeat,
    )
    key = music.first_key
    labels = [*tune.labels, ("metre", "{}/{}".format(*metre))] if metre else tune.labels
    return replace(
        found,
        title=tune.title,
        tempo=music.tempo or DEFAULT_TEMPO,
        has_bars=metre is not None and has_bars and not music.metre_changes,
        tonic=key.tonic if key else None,
        is_minor=key.is_minor if key else False,
        labels=tuple(labels),
    )


def _bars(bar_lines: list[Fraction], bar: Fraction) -> tuple[Fraction, bool]:
    """Return a beat with a bar line, and whether the bar lines are a bar apart."""
    inner = [line for line in bar_lines if line]
    if not inner:
        return Fraction(0), False
    places = Counter(line % bar for line in inner)
    place, n_there = places.most_common(1)[0]
    return place, n_there >= FITTING_BARS * len(inner)
