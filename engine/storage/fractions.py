"""Fractions as files hold them, as text: "1/2"."""

import re
from fractions import Fraction

from engine.storage.validated_mapping import is_text

_LONGEST = 20
# Without a bound on its digits, a damaged file could ask for a number that fills the memory.
_WRITTEN = re.compile(r"\d{1,9}(/[1-9]\d{0,8})?", re.ASCII)


def read_fraction(written: object) -> Fraction:
    """Return a fraction of 0 or more that `str` wrote.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not (is_text(written, _LONGEST) and _WRITTEN.fullmatch(str(written))):
        raise ValueError("a fraction is written as “1/2”")
    return Fraction(str(written))
