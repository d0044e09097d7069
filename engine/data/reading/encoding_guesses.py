"""The encodings that a text could have, the likeliest first. They are offered, never assumed."""

import codecs
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.data.reading.frequencies import common_characters, letter_frequencies
from engine.data.reading.frequencies.signs import usual_signs

MAX_GUESSES = 6
"""Most encodings that are offered."""

_LINES = 3
_LINE_CHARACTERS = 60
_SAMPLE_WORDS, _SAMPLE_LINES = 400, 1_000

_TITLES = {
    "cp1252": "Windows-1252 (Western European)",
    "mac-roman": "Mac Roman",
    "iso-8859-15": "ISO 8859-15 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "koi8-u": "KOI8-U (Ukrainian)",
    "cp866": "DOS 866 (Cyrillic)",
    "iso-8859-5": "ISO 8859-5 (Cyrillic)",
    "mac-cyrillic": "Mac Cyrillic",
    "cp1253": "Windows-1253 (Greek)",
    "iso-8859-7": "ISO 8859-7 (Greek)",
    "cp737": "DOS 737 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp862": "DOS 862 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso-8859-6": "ISO 8859-6 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "cp1258": "Windows-1258 (Vietnamese)",
    "cp850": "DOS 850 (Western European)",
    "cp437": "DOS 437 (United States)",
    "cp852": "DOS 852 (Central European)",
    "cp857": "DOS 857 (Turkish)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
"""The encodings that are tried, in the order in which they are offered if they fit alike."""

_RARER = {"DOS": 3.0, "Mac": 2.0, "ISO": 1.0}
_RARER_OF_LATIN = {"cp1250": 1.0, "iso-8859-2": 1.0, "cp1254": 1.0, "cp1257": 2.5, "cp1258": 2.5}
"""How much rarer texts in some encodings are than those in the usual one of their script, on all
computers together: log of the ratio, in nats. A single letter should not outweigh it.
"""

_ODD_WORD = 6.0
"""Log of how much rarer a word is that looks as no word does, for each point off its score."""

_WIDE_TITLES = {"utf-16-le": "UTF-16 (little-endian)", "utf-16-be": "UTF-16 (big-endian)"}

ENCODING_TITLES: Mapping[str, str] = {"utf-8": "UTF-8", **_TITLES, **_WIDE_TITLES}
"""What people call the encodings that can be chosen, by the names of their codecs."""

_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")

_JAPANESE = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")

_VOWELS = {
    "LATIN": frozenset("aeiouyæøœ"),
    "GREEK": frozenset("αεηιουω"),
    "CYRILLIC": frozenset("аеиоуыэюя"),
}
_LEAST_VOWELS, _VOWELS_FROM = 0.2, 5
"""The least share of vowels in a word of so many letters."""


@dataclass(frozen=True)
class EncodingGuess:
    """An encoding that fits.

    Attributes
    ----------
    name : str
        The name of the codec.
    title : str
        What people call it.
    lines : tuple of str
        Up to three lines as they would read.
    """

    name: str
    title: str
    lines: tuple[str, ...]


def fitting_encodings(content: bytes, tried: str) -> tuple[EncodingGuess, ...]:
    """Return the encodings that bytes could have, the likeliest first.

    Parameters
    ----------
    content : bytes
        Some of the text, which may be cut anywhere.
    tried : str
        The encoding that does not fit.
    """
    if b"\0" in content:
        return _wide_guesses(content)
    below = content[content.find(b"\n") + 1 :]  # without a line that may be cut at its beginning
    sample = content if below.isascii() else below
    found: dict[str, tuple[str, float]] = {}  # of encodings that read alike, the usual one
    for name in _TITLES:
        if name == tried:
            continue
        decoder = codecs.getincrementaldecoder(name)("strict")
        try:
            text = decoder.decode(sample)  # without a character that is cut at its end
        except UnicodeError:
            continue
        if text.isascii():
            continue
        usual, score = found.get(text, (name, -math.inf))
        found[text] = usual, max(score, _likelihood(text, name))
    texts = sorted(found, key=lambda text: -found[text][1])[:MAX_GUESSES]
    names = [found[text][0] for text in texts]
    lines = _telling_lines(texts)
    return tuple(
        EncodingGuess(name, _TITLES[name], tuple(shown))
        for name, shown in zip(names, lines, strict=True)
    )


def _wide_guesses(content: bytes) -> tuple[EncodingGuess, ...]:
    """Return UTF-16 if nearly every other byte is zero, as in Western European text."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    most = max(even, odd)
    if len(content) < 4 or most < 0.6 * (len(content) // 2) or min(even, odd) > 0.05 * most:
        return ()
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = content[: len(content) // 2 * 2].decode(name, "replace")
    return (EncodingGuess(name, _WIDE_TITLES[name], tuple(_telling_lines([text])[0])),)


def _telling_lines(texts: Sequence[str]) -> list[list[str]]:
    """Return a few lines of each of some readings of a text, those in which they differ most.

    Each line after the first is one in which the most of those differ that were alike so far.
    """
    split = [[line.strip() for line in text.split("\n")] for text in texts]
    rows = [row for row in islice(zip(*split, strict=False), _SAMPLE_LINES) if any(row)]
    telling = [row for row in rows if not all(map(str.isascii, row))] or rows
    chosen: list[tuple[str, ...]] = []
    while telling and len(chosen) < _LINES:
        best = max(telling, key=lambda row: len({*zip(*chosen, row, strict=True)}))
        chosen.append(best)
        telling.remove(best)
    return [[_around(line) for line in lines] for lines in zip(*chosen, strict=True)]


def _around(line: str) -> str:
    """Return the part of a line that has its first character that is not ASCII, if there is one."""
    place = next((index for index, each in enumerate(line) if not each.isascii()), 0)
    begin = max(min(place - _LINE_CHARACTERS // 2, len(line) - _LINE_CHARACTERS), 0)
    return line[begin : begin + _LINE_CHARACTERS]


def _likelihood(text: str, name: str) -> float:
    """Return how likely it is that people have written a text: nats a byte, the higher the better.

    Only words with characters that are not ASCII are looked at. A word is the likelier, the more
    usual its letters are in the languages of the encoding, and the more it looks like a word.
    """
    found = (match[0] for match in _WORD.finditer(text) if not match[0].isascii())
    words = list(islice(found, _SAMPLE_WORDS))
    if not words:
        return -math.inf  # there are only signs
    has_list = common_characters.has_common_characters(name)
    log_frequency = (common_characters if has_list else letter_frequencies).log_frequency
    total: float = log_frequency(words, name)
    total -= _ODD_WORD * sum(1 - _word_score(word) for word in words)
    total -= _RARER.get(_TITLES[name].partition(" ")[0], 0.0) + _RARER_OF_LATIN.get(name, 0.0)
    return total / sum(len(word.encode(name)) for word in words)


def _word_score(word: str) -> float:
    """Return how likely a word is: letters of one script, and capitals only where they belong."""
    score = 1.0
    letters = [c for c in word if c.isalpha()]
    signs = usual_signs(word)
    for character in word:
        if character in signs:
            continue
        category = unicodedata.category(character)
        if category in ("Cc", "Co", "Cn"):
            score -= 1.0
        elif category in ("So", "Sk", "Sm", "Sc", "No", "Lm"):
            score -= 0.7
        elif category[0] in "PSN" and not character.isascii():
            score -= 0.5
    rest = "".join(letters[1:])
    if not (rest.islower() or "".join(letters).isupper() or rest.lower() == rest.upper()):
        score -= 0.5
    score -= 0.5 * (2 * len(letters) < len(word))
    scripts = set(_scripts(letters))
    score -= 0.6 * (len(scripts) > 1)
    accented = sum(not letter.isascii() for letter in letters)
    score -= 0.4 * (scripts == {"LATIN"} and accented > max(0.6 * len(letters), 1))
    if len(scripts) == 1 and len(letters) >= _VOWELS_FROM:
        bare = [unicodedata.normalize("NFD", letter)[0] for letter in "".join(letters).lower()]
        vowels = _VOWELS.get(scripts.pop(), frozenset(bare))
        score -= 0.3 * (sum(letter in vowels for letter in bare) < _LEAST_VOWELS * len(bare))
    return score


def _scripts(letters: list[str]) -> Iterator[str]:
    for letter in letters:
        script = unicodedata.name(letter, "?").partition(" ")[0]
        # Japanese is written in several at once.
        yield "JAPANESE" if script in _JAPANESE else script
