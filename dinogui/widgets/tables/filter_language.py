"""The language of the filters over tables: words, and comparisons with columns."""

import operator
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_TERM = re.compile(r"([a-z]+)(<=|>=|<|>|=)(\d+(?:[.,]\d+)?)([km]?)")
_TEXT_TERM = re.compile(r"([a-z]+)=(.+)")
_FACTORS = {"": 1.0, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class FilterTerms:
    """The conditions that a line of text gives.

    Attributes
    ----------
    words : tuple of str
        Each must occur in one of the texts of a row, in any case.
    bounds : tuple of (str, str, float)
        A column, a comparison, a number.
    parts : tuple of (str, str)
        A column of texts, and what must occur in it, in any case.
    """

    words: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str, float], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(
        cls, text: str, columns: Collection[str], text_columns: Collection[str] = ()
    ) -> "FilterTerms":
        """Parse a line such as ``saurus apart>2 steps>10k kind=greek``: words and comparisons.

        A comparison with anything else than one of the columns is a word.

        Parameters
        ----------
        text : str
        columns, text_columns : collection of str
            Those of numbers, and those of texts.
        """
        words, bounds, parts = [], [], []
        for term in text.split():
            matched = _TERM.fullmatch(term.lower())
            said = _TEXT_TERM.fullmatch(term.casefold())
            if said is not None and said[1] in text_columns:
                parts.append((said[1], said[2]))
            elif matched is None or matched[1] not in columns:
                words.append(term.casefold())
            else:
                column, sign, number, factor = matched.groups()
                value = float(number.replace(",", ".")) * _FACTORS[factor]
                bounds.append((column, sign, value))
        return cls(tuple(words), tuple(bounds), tuple(parts))

    def match(
        self,
        texts: Iterable[str],
        value: Callable[[str], float | None],
        text: Callable[[str], str] = lambda _column: "",
    ) -> bool:
        """Whether a row matches.

        Parameters
        ----------
        texts : iterable of str
            In which the words are looked for.
        value : callable
            Returns the number in a column; one that is missing matches no comparison.
        text : callable, optional
            Returns the text in a column.
        """
        folded = [text.casefold() for text in texts]
        if not all(any(word in text for text in folded) for word in self.words):
            return False
        if not all(part in text(column).casefold() for column, part in self.parts):
            return False
        return all(
            (found := value(column)) is not None and _COMPARISONS[sign](found, number)
            for column, sign, number in self.bounds
        )


NO_TERMS = FilterTerms()
"""Of an empty line, which every row matches."""
