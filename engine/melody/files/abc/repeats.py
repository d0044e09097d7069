"""What a tune repeats, its endings and the order of its parts, played out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Sound:
    """A note, or a rest if its pitch is None; whether it is tied to the next one."""

    pitch: int | None
    beats: Fraction
    is_tied: bool = False


@dataclass(frozen=True)
class BarLine:
    """A bar line.

    Attributes
    ----------
    times : int
        How often what stands before it is played: 1 where nothing is repeated.
    is_start : bool
        Whether a repeat begins here.
    is_double : bool
        Whether a section ends here.
    """

    times: int = 1
    is_start: bool = False
    is_double: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a bar ends here; a repeat may begin or end inside a bar."""
        return self.times == 1 and not self.is_start


@dataclass(frozen=True)
class NumberedEnding:
    """The beginning of a first or second ending, with the passes that it is for."""

    passes: tuple[int, ...]


@dataclass(frozen=True)
class PartStart:
    """The beginning of a part, with its name."""

    name: str


Element = Sound | BarLine | NumberedEnding | PartStart
Played = Sound | BarLine

MOST_SOUNDS = 20_000
"""Notes, rests and bar lines of a tune with its repeats played. A longer one is refused."""


@dataclass
class _Section:
    """What is repeated together, with its endings."""

    common: list[Played] = field(default_factory=list)
    endings: list[tuple[tuple[int, ...], list[Played]]] = field(default_factory=list)
    times: int = 1
    is_over: bool = False

    def add(self, played: Played) -> None:
        (self.endings[-1][1] if self.endings else self.common).append(played)

    def played(self) -> Iterator[Played]:
        n_passes = max((max(passes) for passes, _ in self.endings), default=self.times)
        if len(self.endings) == 1:
            n_passes = max(n_passes, self.times)  # after the first ending, the music goes on
        for number in range(1, n_passes + 1):
            yield from self.common
            for passes, ending in self.endings:
                if number in passes:
                    yield from ending


def played_out(elements: Iterable[Element], order: str = "") -> list[Played]:
    """Return the notes and bar lines of a tune in the order in which they are played.

    Parameters
    ----------
    elements : iterable of Element
    order : str
        Of the parts, such as "AABB" or "A2(BC)3". Not used if it names a part that is not there.

    Raises
    ------
    ValueError
        If the tune is longer than `MOST_SOUNDS`.
    """
    parts: dict[str, list[Element]] = {}
    current: list[Element] = []
    parts[""] = current
    for element in elements:
        if isinstance(element, PartStart):
            current = parts.setdefault(element.name, [])
        else:
            current.append(element)
    names = part_order(order)
    if not names or any(name not in parts for name in names):
        names = list(parts)
    elif parts[""]:
        names = ["", *names]
    sections = {name: list(_sections(parts[name])) for name in set(names)}
    played: list[Played] = []
    for name in names:
        for section in sections[name]:
            for each in section.played():
                played.append(each)
                if len(played) > MOST_SOUNDS:
                    raise ValueError
    return played


_PART = re.compile(r"([A-Za-z])(\d?)|\(([^()]*)\)(\d?)")


def part_order(order: str) -> list[str]:
    """Return the names of the parts in their order: A, A, B for "A2B"."""
    text = re.sub(r"[\s.,]", "", order)[:100]
    names: list[str] = []
    place = 0
    while place < len(text):
        found = _PART.match(text, place)
        if not found:
            return []
        name, times, group, group_times = found.groups()
        inner = [name] if name else part_order(group)
        names += inner * int(times or group_times or 1)
        place = found.end()
    return names


def _sections(elements: Iterable[Element]) -> Iterator[_Section]:
    section = _Section()
    for element in elements:
        if isinstance(element, NumberedEnding):
            section.endings.append((element.passes, []))
            section.is_over = False
            continue
        if section.is_over and isinstance(element, Sound):
            yield section
            section = _Section()
        if isinstance(element, Sound):
            section.add(element)
        elif isinstance(element, BarLine):
            section.add(element)
            if element.times > 1:
                section.times = element.times
                section.is_over = True
            elif element.is_double and section.endings:
                section.is_over = True
            if element.is_start:
                yield section
                section = _Section()
    yield section
