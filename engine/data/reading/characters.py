"""Characters that nobody sees, or that look like others: dropped, replaced and counted.

What is cleaned, in this order: line ends of all kinds become newlines; marks of order and
direction, byte order marks, soft hyphens, zero-width spaces and other controls are dropped; odd
spaces become plain ones; composed and decomposed letters become the same (NFC); joiners are
dropped except between letters of a script that needs them, such as Arabic and Devanagari, and in
emoji; tags and variation selectors are dropped except in emoji and in scripts that have variants.
Compatibility forms, such as full-width letters, stay; `compatibility_forms` lists them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from engine.data.training_data import CorpusError

MAX_ACCENTS = 100
"""Largest number of accents on one letter. Unicode's stream-safe texts have 30 (UAX 15)."""

KINDS: Mapping[str, tuple[str, str]] = {
    "line end": ("unusual line end", "replaced"),
    "space": ("unusual space", "replaced"),
    "byte order mark": ("byte order mark", "dropped"),
    "direction": ("direction mark", "dropped"),
    "soft hyphen": ("soft hyphen", "dropped"),
    "zero-width space": ("zero-width space", "dropped"),
    "joiner": ("joiner", "dropped"),
    "control": ("control character", "dropped"),
    "tag": ("other invisible character", "dropped"),
}
"""The kinds of characters that `clean_characters` counts: each with its name and its fate."""

_LINE_ENDS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_SPACES = "\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\uffa0"
_BYTE_ORDER_MARK = "\ufeff"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SOFT_HYPHEN = "\xad"
_ZERO_WIDTH_SPACE = "\u200b\u2060"
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_OTHERS = "\ud800-\udfff\u2061-\u2065\u206a-\u206f\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff"
_OTHERS += "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # of shorthand and of music
_OTHERS += "".join(map(chr, (0x34F, 0x17B4, 0x17B5)))  # these combine with what is before them
_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0000-\U000e007f"
_VARIATIONS = f"{chr(0xFE00)}-{chr(0xFE0F)}"  # these combine with what is before them

_DROPPED = {
    "byte order mark": _BYTE_ORDER_MARK,
    "direction": _DIRECTIONS,
    "soft hyphen": _SOFT_HYPHEN,
    "zero-width space": _ZERO_WIDTH_SPACE,
    "control": _CONTROLS,
    "tag": _OTHERS,
}

# Patterns. The module `re` compiles them when they are first needed: few files have such
# characters.
_ODD_LINE_END = f"\r\n|[{_LINE_ENDS}]"
_ODD_SPACE = f"[{_SPACES}]"
_DROPPED_CHARACTER = f"[{''.join(_DROPPED.values())}]"
_ODD = f"[{_LINE_ENDS}{_SPACES}{''.join(_DROPPED.values())}{_JOINERS}{_TAGS}{_VARIATIONS}]"

# Tags stay in the flag of a region, which is a black flag and the letters of its code.
_TAG = "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f)|[" + _TAGS + "]"
# Letters up to Armenian, their accents, and spaces have no variants. A sign has one at most.
_NO_VARIANTS = f"\\s\x00-\x22\x24-\x29\x2b-\x2f:-\xa8\xaa-\xad\xaf-\u058f\u1e00-\u1fff{_JOINERS}"
_USELESS_VARIATION = f"(?<![^{_NO_VARIANTS}{_VARIATIONS}])[{_VARIATIONS}]"

# Letters up to here (Latin, Greek, Cyrillic, Armenian) never need a joiner, nor does punctuation.
_NEEDS = f"[^\\s\\d\x00-\u058f\u1e00-\u1fff\u2000-\u206f{_JOINERS}]"
_REPEATED_JOINER = f"([{_JOINERS}])[{_JOINERS}]+"
_USELESS_JOINER = f"(?<!{_NEEDS})[{_JOINERS}]|[{_JOINERS}](?!{_NEEDS})"


def clean_characters(text: str, source: str = "the text") -> tuple[str, Counter[str]]:
    """Return a text with clean characters, and how many were changed of each kind in `KINDS`.

    A cleaned text stays as it is when it is cleaned again.

    Parameters
    ----------
    text : str
    source : str
        What to call it in messages.

    Raises
    ------
    CorpusError
        If a letter has more than `MAX_ACCENTS`.
    """
    counts: Counter[str] = Counter()
    if _may_be_odd(text):
        text = _replaced(text, counts)
    if text.isascii():
        return text, counts
    refuse_endless_accents(text, source)
    text = unicodedata.normalize("NFC", text)
    if any(joiner in text for joiner in _JOINERS):
        text = re.sub(_REPEATED_JOINER, r"\1", text)
        text, count = re.subn(_USELESS_JOINER, "", text)
        if count:
            counts["joiner"] += count
            refuse_endless_accents(text, source)
            text = unicodedata.normalize("NFC", text)
    return text, counts


def _may_be_odd(text: str) -> bool:
    if not text.isascii():
        return re.search(_ODD, text) is not None
    # This way is forty times as fast as a pattern.
    codes = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    n_known = np.count_nonzero(codes == ord("\n")) + np.count_nonzero(codes == ord("\t"))
    return bool(np.count_nonzero(codes < ord(" ")) > n_known) or "\x7f" in text


def compatibility_forms(symbols: Iterable[str]) -> tuple[str, ...]:
    """Return those symbols that are another one in a special form, such as full-width letters."""
    return tuple(
        symbol
        for symbol in symbols
        if unicodedata.category(symbol[0])[0] in "LNS"
        and unicodedata.normalize("NFKC", symbol).isalnum()
        and unicodedata.normalize("NFKC", symbol) != symbol
    )


def _replaced(text: str, counts: Counter[str]) -> str:
    """Replace line ends and spaces, and drop what is invisible."""
    text, counts["line end"] = re.subn(_ODD_LINE_END, "\n", text)
    text, counts["space"] = re.subn(_ODD_SPACE, " ", text)
    before = len(text)
    text = re.sub(_TAG, r"\1", text)
    text = re.sub(_USELESS_VARIATION, "", text)
    counts["tag"] = before - len(text)
    found = Counter(re.findall(_DROPPED_CHARACTER, text))
    if found:
        text = re.sub(_DROPPED_CHARACTER, "", text)
        kinds = _kind_of()
        for character, count in found.items():
            counts[kinds[character]] += count
    for kind in [kind for kind, count in counts.items() if not count]:
        del counts[kind]
    return text


@cache
def _kind_of() -> dict[str, str]:
    """Return the kind of each character that is dropped."""
    classes = {kind: re.compile(f"[{each}]") for kind, each in _DROPPED.items()}
    dropped = re.findall(_DROPPED_CHARACTER, "".join(map(chr, range(0x20000))))
    return {c: kind for c in dropped for kind, each in classes.items() if each.match(c)}


def refuse_endless_accents(text: str, source: str) -> None:
    """Check that no letter has too many accents: NFC sorts them, and takes an hour for a million.

    Raises
    ------
    CorpusError
        If a letter has more than `MAX_ACCENTS`.
    """
    if text.isascii():
        return
    sample = text[:: MAX_ACCENTS + 1]  # has at least one accent of every row that is too long
    if _accents(1).search(sample) and _accents(MAX_ACCENTS + 1).search(text):
        raise CorpusError(
            f"There is a letter with more than {MAX_ACCENTS} accents in “{source}”. It cannot be "
            "used as training data. Choose another file."
        )


@cache
def _accents(count: int) -> re.Pattern[str]:
    """Return a pattern for a row of combining characters. All are in the first two planes."""
    marks = "".join(c for c in map(chr, range(0x300, 0x20000)) if unicodedata.combining(c))
    return re.compile(f"[{marks}]{{{count}}}")
