"""How much of what a network writes is the language's, and how much is but recited."""

import re

RUN = 20
"""Symbols of a run: some four words, which two authors seldom share."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def known_words(written: str, text: str) -> float:
    """Return the share of the words written that occur in a text, whatever their case.

    Parameters
    ----------
    written, text : str
        A word is a run of letters, apostrophes within it included. The last word written counts
        even if it was cut off.

    Returns
    -------
    float
        From 0 to 1; 0 where no word was written.
    """
    words = _WORD.findall(written.lower())
    known = set(_WORD.findall(text.lower()))
    return sum(word in known for word in words) / len(words) if words else 0.0


def copied_runs(written: str, text: str, length: int = RUN) -> float:
    """Return the share of all runs of `length` symbols written that stand in a text as they are.

    Parameters
    ----------
    written, text : str
    length : int
        1 or more.

    Returns
    -------
    float
        From 0 to 1; 0 where less than a run was written.

    Raises
    ------
    ValueError
        If `length` is below 1.
    """
    if length < 1:
        raise ValueError(f"length must be 1 or more, got {length!r}.")
    runs = [written[i : i + length] for i in range(len(written) - length + 1)]
    return sum(run in text for run in runs) / len(runs) if runs else 0.0
