"""Which entries match what was typed, the best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dinogui.window.palette.entry import Entry
from dinogui.window.palette.fuzzy import Match, match, starts_a_word

_RECENT_BONUS = 6.0
_READING_MALUS = 12.0
"""What is only read stands behind what can be done, unless much more of its title matches."""
_UNAVAILABLE_MALUS = 6.0
"""What cannot be chosen now stands behind what can, where about as much of their titles matches."""
_GROUP_WORD, _OTHER_WORD = 3.0, 2.0
"""Score of a word that is not in the title, but in the group; in the detail or the further words.
"""
_SHORTEST_PLURAL = 4
_WHOLE_TITLE = 10.0
"""What an entry scores in addition if its whole title was typed."""
_WHOLE_VALUE = 6.0
"""What an entry such as "Cell: LSTM" scores in addition if its whole value was typed."""


@dataclass(frozen=True)
class Found:
    """An entry that matches, and the places of the matched letters in its title."""

    entry: Entry
    positions: tuple[int, ...] = ()
    score: float = 0.0


def find(entries: Iterable[Entry], query: str, recent: Sequence[str] = ()) -> list[Found]:
    """Return the entries that match a query.

    Parameters
    ----------
    entries : iterable of Entry
    query : str
        Every word, in any order, has to match the title, or begin a word of what else is known of
        the entry; a plural also matches as a singular.
    recent : sequence of str
        Keys of the entries used recently, the latest first.

    Returns
    -------
    list of Found
        The best match first. Without a query, those used recently, and then all others in order.
    """
    ranks = {key: rank for rank, key in enumerate(recent)}
    found = [hit for entry in entries if (hit := _find_in(entry, query)) is not None]
    if not query.strip():
        return sorted(found, key=lambda hit: ranks.get(hit.entry.key, len(ranks)))

    def order(hit: Found) -> tuple[float, int, int]:
        bonus = _RECENT_BONUS if hit.entry.key in ranks else 0.0
        bonus -= _READING_MALUS if hit.entry.is_reading else 0.0
        bonus -= _UNAVAILABLE_MALUS if hit.entry.reason else 0.0
        # Of two equal matches, the one with the shorter title is nearer to what was typed.
        return (
            -hit.score - bonus,
            ranks.get(hit.entry.key, len(ranks)),
            len(hit.entry.title),
        )

    return sorted(found, key=order)


def _find_in(entry: Entry, query: str) -> Found | None:
    whole = match(query, entry.title)
    if whole is not None:
        title, typed = entry.title.lower().rstrip("…"), query.strip().lower().rstrip("…")
        _, separator, value = title.rpartition(": ")
        bonus = _WHOLE_VALUE if separator and typed == value else 0.0
        bonus += _WHOLE_TITLE if typed == title else 0.0
        return Found(entry, whole.positions, whole.score + bonus)
    score, positions = 0.0, set[int]()
    for word in query.split():
        found = _find_word(word, entry)
        if found is None and len(word) >= _SHORTEST_PLURAL and word.endswith("s"):
            found = _find_word(word[:-1], entry)
        if found is None:
            return None
        score += found.score
        positions.update(found.positions)
    return Found(entry, tuple(sorted(positions)), score)


def _find_word(word: str, entry: Entry) -> Match | None:
    """Find a word in the title, or else at the beginning of one of the other words."""
    in_title = match(word, entry.title)
    if in_title is not None:
        return in_title
    if starts_a_word(word, entry.group):
        return Match(_GROUP_WORD, ())
    if starts_a_word(word, f"{entry.also} {entry.detail}"):
        return Match(_OTHER_WORD, ())
    return None
