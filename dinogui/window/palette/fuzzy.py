"""Whether typed letters stand for a text: words, their beginnings, or some of their letters."""

from dataclasses import dataclass
from itertools import pairwise

_WORD_START = 9.0
_ADJACENT = 10.0
"""More than a beginning: letters that stand together are what somebody means most often."""
_SKIPPED = 1.0
_JUMP = -3.0
_TEXT_START = 4.0
_WHOLE_WORD = 4.0
_INSIDE = 2.0
"""Score of each letter of a word that stands in the middle of another one."""
_SHORTEST_INSIDE = 3


@dataclass(frozen=True)
class Match:
    """How well a text matches.

    Attributes
    ----------
    score : float
        Higher is better.
    positions : tuple of int
        The places of the matched letters in the text, in increasing order.
    """

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Match every word of a query with a text.

    Each letter of a word has to be in the text, in order. It follows the letter before, or begins a
    word, or some letters between the two are left out within a word: "gbn" finds "Go back to the
    best network", and "hndbk" finds "Handbook". Three letters or more are also found in the middle
    of a word.

    Parameters
    ----------
    query : str
        Words in any order, in any case. An empty query matches everything. Signs that stand alone,
        such as that of a multiplication, are left out beside words.
    text : str

    Returns
    -------
    Match or None
        None if a word does not match.
    """
    typed = _folded(query).split()
    wanted = [word for word in typed if any(map(str.isalnum, word))] or typed
    if not wanted:
        return Match(0.0, ())
    folded = _folded(text)
    words = _numbered_words(folded)
    score, positions = 0.0, set[int]()
    for word in wanted:
        found = _match_word(word, folded, words)
        if found is None:
            return None
        score += found.score
        positions.update(found.positions)
    return Match(score, tuple(sorted(positions)))


def starts_a_word(word: str, text: str) -> bool:
    """Whether a word of a text begins with the letters of `word`, whatever their case."""
    start = _folded(word)
    return any(other.startswith(start) for other in _folded(text).split())


def _folded(text: str) -> str:
    """Return a text in lower case, with as many characters as before."""
    whole = text.lower()
    if len(whole) == len(text):
        return whole
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _numbered_words(text: str) -> list[int]:
    """Return for each character how many words have begun up to it; -n between words n and n+1."""
    numbers, count, was_in_word = [], 0, False
    for character in text:
        is_in_word = character.isalnum()
        if is_in_word and not was_in_word:
            count += 1
        numbers.append(count if is_in_word else -count)
        was_in_word = is_in_word
    return numbers


def _match_word(word: str, text: str, words: list[int]) -> Match | None:
    if not _has_letters(word, text):
        return None
    found = _best_alignment(word, text, words)
    if found is not None and _count_skips(found.positions, words) <= (len(word) - 1) // 2:
        return found
    place = text.find(word)
    if place < 0 or len(word) < _SHORTEST_INSIDE:
        return None
    return Match(_INSIDE * len(word), tuple(range(place, place + len(word))))


def _has_letters(word: str, text: str) -> bool:
    """Whether the letters are in the text in order; this is quick, and rules out most texts."""
    place = 0
    for letter in word:
        place = text.find(letter, place) + 1
        if not place:
            return False
    return True


def _starts(words: list[int], place: int) -> bool:
    """Whether a word, or a gap between words, begins at a place."""
    return place == 0 or words[place - 1] != words[place]


def _best_alignment(word: str, text: str, words: list[int]) -> Match | None:
    """Find where the letters score most, by dynamic programming; None if they cannot be there."""
    # scores[j]: of the letters so far, if the last of them is at j.
    scores = {
        j: _WORD_START + (0.0 if j else _TEXT_START)
        for j, letter in enumerate(text)
        if letter == word[0] and _starts(words, j)
    }
    origins: list[dict[int, int]] = []  # where the letter before the one at j is
    for letter in word[1:]:
        before, scores = scores, {}
        origins.append({})
        for j in (j for j, other in enumerate(text) if other == letter):
            ways = [
                (score + gain, i)
                for i, score in before.items()
                if i < j and (gain := _gain(words, i, j)) is not None
            ]
            if ways:
                scores[j], origins[-1][j] = max(ways)
    if not scores:
        return None
    end = max(scores, key=lambda j: (scores[j], -j))
    is_whole = end + 1 == len(text) or _starts(words, end + 1)
    score, positions = scores[end] + (_WHOLE_WORD if is_whole else 0.0), [end]
    for origin in reversed(origins):
        positions.append(origin[positions[-1]])
    return Match(score, tuple(reversed(positions)))


def _gain(words: list[int], i: int, j: int) -> float | None:
    """Return what a letter at j scores after one at i; None if it may not follow it."""
    if j == i + 1:
        return _ADJACENT
    if _starts(words, j):
        return _WORD_START + _JUMP
    return _SKIPPED + _JUMP if words[i] == words[j] else None


def _count_skips(positions: tuple[int, ...], words: list[int]) -> int:
    """Count the letters before which others are left out within a word."""
    pairs = pairwise(positions)
    return sum(after != before + 1 and not _starts(words, after) for before, after in pairs)
