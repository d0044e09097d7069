"""The option --kind-title OLD=NEW, which gives a kind of the data another title."""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.cli.options.arguments import OptionError
from engine.data.reading.choices import MAX_CHOICE_CHARACTERS
from engine.data.reading.kinds.found_kinds import key_of

_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*=(.*)', re.DOTALL)
_LIKENESS = 0.6
"""How alike an unknown title and one that there is must be, from 0 to 1."""


@dataclass(frozen=True)
class KindTitle:
    """What --kind-title was given, or what a saved run had.

    Attributes
    ----------
    found, wanted : str
        The title in the data, and the one that it gets; "" leaves the kind out. If an equals sign
        is in `wanted`, `found` may be longer: it ends before any of them.
    written : str
        As it was given.
    is_quoted : bool
        Whether `found` stood in quotation marks, so that it ends there.
    is_of_run : bool
        Whether it is that of a saved run. Other data may lack the kind.
    """

    found: str
    wanted: str
    written: str = ""
    is_quoted: bool = False
    is_of_run: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether it can be read in one way only."""
        return self.is_quoted or self.is_of_run or "=" not in self.wanted

    @property
    def pair(self) -> tuple[str, str]:
        """As `ReadingChoices.kind_titles` has it, if it is certain."""
        return self.found, self.wanted


def kind_title(text: str) -> KindTitle:
    """Read a title from the command line; a title in quotation marks has each of them doubled.

    Raises
    ------
    ArgumentTypeError
        If it has no equals sign, or nothing before it, or a title is too long.
    """
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        title = KindTitle(
            quoted[1].replace('""', '"').strip(), quoted[2].strip(), text, is_quoted=True
        )
    else:
        found, sign, wanted = (part.strip() for part in text.partition("="))
        title = KindTitle(found if sign else "", wanted, text)
    if not title.found:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not OLD=NEW: a kind, an equals sign, and the title that it is to have."
        )
    if title.is_certain and max(map(len, title.pair)) > MAX_CHOICE_CHARACTERS:
        raise argparse.ArgumentTypeError(
            f"a title may have {MAX_CHOICE_CHARACTERS} characters at most."
        )
    return title


def certain_pairs(titles: Iterable[KindTitle]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of those titles that can be read in one way only.

    Raises
    ------
    OptionError
        If one kind is given several titles.
    """
    return _once_each(title.pair for title in titles if title.is_certain)


def resolved_pairs(
    titles: Iterable[KindTitle], found: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the pairs of all titles, for the kinds that the data have.

    Where there are several equals signs, the longest kind that is followed by one is meant.

    Parameters
    ----------
    titles : iterable of KindTitle
    found : sequence of str
        The titles of the kinds, as they stand in the data.

    Raises
    ------
    OptionError
        If the data have no such kind, or one kind is given several titles.
    """
    keys = {key_of(title) for title in found}
    return _once_each([_resolved(title, keys, found) for title in titles])


def _resolved(title: KindTitle, keys: set[str], found: Sequence[str]) -> tuple[str, str]:
    if title.is_of_run:
        return title.pair
    if title.is_certain:
        splits = [title.pair]
    else:
        parts = title.written.split("=")
        ends = range(len(parts) - 1, 0, -1)
        splits = [("=".join(parts[:end]).strip(), "=".join(parts[end:]).strip()) for end in ends]
    for old, new in splits:
        if key_of(old) in keys:
            return old, new
    raise OptionError(f"--kind-title: {_unknown(title.found, found)}")


def _unknown(title: str, found: Sequence[str]) -> str:
    """Say that there is no such kind, and which one may be meant."""
    import difflib  # here because the import is slow, and hardly ever needed

    by_key = {key_of(each): each for each in found}
    near = difflib.get_close_matches(key_of(title), by_key, n=1, cutoff=_LIKENESS)
    advice = f" Did you mean “{by_key[near[0]]}”?" if near else ""
    return f"The data have no kind “{title}”.{advice}"


def _once_each(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    listed = tuple(pairs)
    several = [old for old, count in Counter(old for old, _ in listed).items() if count > 1]
    if several:
        raise OptionError(f"--kind-title gives the kind “{several[0]}” several titles.")
    return listed
