"""Signs that are no letters: where they usually stand in words."""

_QUOTES = frozenset("‘’‚“”„«»‹›…¿¡")
_WITHIN = frozenset("’–—…")
_ALONE = frozenset("°©®™€£½¼¾§µ×±²³")


def usual_signs(word: str) -> str:
    """Return the signs of a word that stand where they usually do.

    Quotation marks stand around a word, an apostrophe and dashes in it, and signs such as “°” alone
    or beside a single letter. In a wrong encoding, they stand anywhere.
    """
    begin = len(word) - len(word.lstrip("".join(_QUOTES)))
    end = len(word.rstrip("".join(_QUOTES)))
    is_short = sum(map(str.isalpha, word)) <= 1
    usual = _WITHIN | _ALONE | _QUOTES if is_short else _WITHIN
    return "".join(
        sign
        for place, sign in enumerate(word)
        if sign in usual or (sign in _QUOTES and not begin <= place < end)
    )
