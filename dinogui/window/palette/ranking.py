"""Which entries match what was typed, the best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dinogui.window.palette.entry import Entry
from dinogui.window.palette.fuzzy import match, starts_a_word

_RECENT_BONUS = 6.0
_OTHER_WORD = 2.0
"""Score of a word that is not in the title, but in the group, the detail or the further words."""
_WHOLE_VALUE = 1.0
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
        Every word has to match the title, or begin a word of what else is known of the entry.
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
        _, separator, value = entry.title.lower().rpartition(": ")
        bonus = _WHOLE_VALUE if separator and query.strip().lower() == value else 0.0
        return Found(entry, whole.positions, whole.score + bonus)
    others = f"{entry.group} {entry.also} {entry.detail}"
    score, positions = 0.0, set[int]()
    for word in query.split():
        in_title = match(word, entry.title)
        if in_title is not None:
            score += in_title.score
            positions.update(in_title.positions)
        elif starts_a_word(word, others):
            score += _OTHER_WORD
        else:
            return None
    return Found(entry, tuple(sorted(positions)), score)
