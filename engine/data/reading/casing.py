"""Letters in lower case, and names with a capital, by rules for the letters of all languages."""

import unicodedata

_DOTTED_CAPITAL = "İ"


def unify(text: str, *, lower_case: bool) -> str:
    """Return a text in which the same letter is always the same symbol, lower-cased if wanted.

    By NFC, an é of one code point and an é of two are the same letter.
    """
    if text.isascii():
        return text.lower() if lower_case else text
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", lower_cased(composed)) if lower_case else composed


def lower_cased(text: str) -> str:
    """Return a text in lower case.

    The Turkish İ becomes i, one letter: Unicode's own rule writes an i and a second dot (U+0307).
    A Σ at the end of a word becomes ς.
    """
    return text.replace(_DOTTED_CAPITAL, "i").lower()


def title_case(name: str) -> str:
    """Return a name with its first letter as a capital, as it is shown. The rest stays as it is.

    A letter whose capital is several letters gets only the first of them as a capital: ß becomes
    Ss, ﬁ becomes Fi. A letter that stands for two has a title case of its own: ǆ becomes ǅ.
    """
    return name[:1].title() + name[1:]
