"""Novelty of written text: how much of it is real words, and how much is copied."""

import re

PASSAGE = 20
"""Default length of a passage in symbols: some four words, which two authors seldom share."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def known_word_share(written: str, text: str) -> float:
    """Return the share of the written words that occur in a text, ignoring case.

    Parameters
    ----------
    written, text : str
        A word is a sequence of letters, which may have apostrophes inside. The last word counts
        even if it was cut off.

    Returns
    -------
    float
        From 0 to 1. It is 0 if no word was written.
    """
    words = _WORD.findall(written.lower())
    known = set(_WORD.findall(text.lower()))
    return sum(word in known for word in words) / len(words) if words else 0.0


def copied_passage_share(written: str, text: str, length: int = PASSAGE) -> float:
    """Return the share of the written passages that occur literally in a text.

    Parameters
    ----------
    written, text : str
    length : int
        Length of a passage in symbols, 1 or more. Passages overlap.

    Returns
    -------
    float
        From 0 to 1. It is 0 if less than a passage was written.

    Raises
    ------
    ValueError
        If `length` is below 1.
    """
    if length < 1:
        raise ValueError(f"length must be 1 or more, got {length!r}.")
    passages = [written[i : i + length] for i in range(len(written) - length + 1)]
    return sum(passage in text for passage in passages) / len(passages) if passages else 0.0
