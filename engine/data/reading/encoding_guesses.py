"""The encodings that a text could have, the likeliest first. They are offered, never assumed."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

MAX_GUESSES = 6
"""Most encodings that are offered."""

_LINES = 3
_LINE_CHARACTERS = 60
_SAMPLE_WORDS = 2_000

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
    "cp866": "DOS 866 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "cp1258": "Windows-1258 (Vietnamese)",
    "cp850": "DOS 850 (Western European)",
    "cp437": "DOS 437 (United States)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
"""The encodings that are tried, in the order in which they are offered if they fit alike."""

_WIDE_TITLES = {"utf-16-le": "UTF-16 (little-endian)", "utf-16-be": "UTF-16 (big-endian)"}

ENCODING_TITLES: Mapping[str, str] = {"utf-8": "UTF-8", **_TITLES, **_WIDE_TITLES}
"""What people call the encodings that can be chosen, by the names of their codecs."""

_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")

_JAPANESE = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")

_TYPOGRAPHIC = frozenset("‘’‚“”„«»‹›–—…¿¡")

_VOWELS = {
    "LATIN": frozenset("aeiouyæøœ"),
    "GREEK": frozenset("αεηιουω"),
    "CYRILLIC": frozenset("аеиоуыэюя"),
}
_LEAST_VOWELS, _VOWELS_FROM = 0.2, 5
"""The least share of vowels in a word of so many letters."""


_COMMON_CHINESE = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "euc_kr": (0xB0, 0xC8)}
"""The first bytes of the common characters."""


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
    begin, end = content.find(b"\n") + 1, content.rfind(b"\n")
    inner = content[begin:end]  # whole lines
    sample = inner if any(byte > 127 for byte in inner) else content
    found: list[tuple[float, EncodingGuess]] = []
    for name, title in _TITLES.items():
        if name == tried:
            continue
        try:
            text = sample.decode(name)
        except UnicodeError:
            continue
        score = _likelihood(text, name)
        found.append((-score, EncodingGuess(name, title, _telling_lines(text))))
    found.sort(key=lambda pair: pair[0])  # keeps the order of those that fit alike
    distinct = {guess.lines: guess for _, guess in reversed(found)}
    ordered = [guess for _, guess in found if distinct[guess.lines] is guess]
    return tuple(ordered[:MAX_GUESSES])


def _wide_guesses(content: bytes) -> tuple[EncodingGuess, ...]:
    """Return UTF-16 if nearly every other byte is zero, as in Western European text."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    most = max(even, odd)
    if len(content) < 4 or most < 0.6 * (len(content) // 2) or min(even, odd) > 0.05 * most:
        return ()
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = content[: len(content) // 2 * 2].decode(name, "replace")
    return (EncodingGuess(name, _WIDE_TITLES[name], _telling_lines(text)),)


def _telling_lines(text: str) -> tuple[str, ...]:
    """Return the first lines in which encodings differ, or the first ones if none does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [_around(line) for line in lines if not line.isascii()]
    return tuple((telling or [line[:_LINE_CHARACTERS] for line in lines])[:_LINES])


def _around(line: str) -> str:
    """Return the part of a line that has its first character that is not ASCII."""
    place = next(index for index, character in enumerate(line) if not character.isascii())
    begin = max(min(place - _LINE_CHARACTERS // 2, len(line) - _LINE_CHARACTERS), 0)
    return line[begin : begin + _LINE_CHARACTERS]


def _likelihood(text: str, name: str) -> float:
    """Return how much a text looks as if people had written it, at most 1."""
    found = (match[0] for match in _WORD.finditer(text) if not match[0].isascii())
    words = list(islice(found, _SAMPLE_WORDS))
    if not words:
        return 0.0
    score = sum(map(_word_score, words)) / len(words)
    if name in _COMMON_CHINESE:
        first, last = _COMMON_CHINESE[name]
        wide = [c.encode(name)[0] for word in words for c in word if ord(c) > 0xFF]
        score -= 0.5 - 0.5 * sum(first <= byte <= last for byte in wide) / max(len(wide), 1)
    return score


def _word_score(word: str) -> float:
    """Return how likely a word is: letters of one script, and capitals only where they belong."""
    score = 1.0
    letters = [c for c in word if c.isalpha()]
    for character in word:
        category = unicodedata.category(character)
        if category in ("Cc", "Co", "Cn"):
            score -= 1.0
        elif category in ("So", "Sk", "Sm", "Sc", "No", "Lm") and character not in _TYPOGRAPHIC:
            score -= 0.7
        elif category[0] in "PSN" and not character.isascii() and character not in _TYPOGRAPHIC:
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
