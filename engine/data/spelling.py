"""The units in which names and texts are spelled: code points or, by choice, grapheme clusters.

A grapheme cluster is what a reader takes for one letter or sign, though it may be several code
points: a Hindi consonant with its vowel, or a family of emoji (Unicode Standard Annex 29).
"""

from collections.abc import Callable, Sequence
from typing import cast

from engine.data.training_data import CorpusError, counted

Spelling = Callable[[str], Sequence[str]]
"""Returns the symbols of a text, in their order."""

SYMBOL_SEPARATOR = "\x1f"
"""Stands after each symbol in the fingerprint of data that are spelled in grapheme clusters:
Unicode's unit separator."""

GRAPHEMES_PACKAGE = "regex"
"""The package that finds grapheme clusters. It is needed only where they are chosen."""


def code_points(text: str) -> str:
    """Return the symbols of a text if each code point is one: the text itself."""
    return text


def grapheme_clusters() -> Spelling:
    """Return what cuts a text into its grapheme clusters.

    Raises
    ------
    CorpusError
        If the package that finds them is not installed.
    """
    try:
        import regex
    except ImportError:
        raise CorpusError(
            f"Grapheme clusters need the package “{GRAPHEMES_PACKAGE}”, which is not installed. "
            f"Install it with “pip install {GRAPHEMES_PACKAGE}”, or read the data without them."
        ) from None
    return cast(Spelling, regex.compile(r"\X").findall)


def spelling_of(*, graphemes: bool) -> Spelling:
    """Return what cuts a text into grapheme clusters, or into code points.

    Raises
    ------
    CorpusError
        As `grapheme_clusters` does.
    """
    return grapheme_clusters() if graphemes else code_points


def clusters_in_words(symbols: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence on the symbols of several code points, if there are any."""
    count = sum(len(symbol) > 1 for symbol in symbols)
    if not count:
        return ()
    verb = "is a grapheme cluster" if count == 1 else "are grapheme clusters"
    return (f"{counted(count, 'symbol')} {verb} of several code points.",)
