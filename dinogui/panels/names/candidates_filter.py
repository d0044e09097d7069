"""The filter of the generated names: what people type, and which names match."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel

from dinogui.panels.names.candidates_model import SORT_ROLE, CandidatesModel
from engine.sampling.candidates import Candidate
from engine.sampling.known_names import NameStatus

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_TERM = re.compile(r"(score|apart|step|letters)(<=|>=|<|>|=)(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True)
class NamesFilter:
    """The condition given by a line of text and a choice of status.

    Attributes
    ----------
    words : tuple of str
        Each must occur in the name or in its nearest training name, in any case.
    bounds : tuple of (str, str, float)
        A column, a comparison, a number.
    status : Status or None
        None matches all names.
    """

    words: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str, float], ...] = ()
    status: NameStatus | None = None

    @classmethod
    def parse(cls, text: str, status: NameStatus | None = None) -> "NamesFilter":
        """Parse a line such as ``saurus apart>2 score<1.8``: words and comparisons."""
        words, bounds = [], []
        for term in text.split():
            matched = _TERM.fullmatch(term.lower())
            if matched is None:
                words.append(term.casefold())
            else:
                column, sign, number = matched.groups()
                bounds.append((column, sign, float(number.replace(",", "."))))
        return cls(tuple(words), tuple(bounds), status)

    def matches(self, candidate: Candidate) -> bool:
        """Whether a name matches."""
        if self.status is not None and candidate.status is not self.status:
            return False
        nearest = candidate.nearest.name if candidate.nearest else ""
        texts = candidate.name.casefold(), nearest.casefold()
        if not all(any(word in text for text in texts) for word in self.words):
            return False
        return all(
            (value := _value(candidate, column)) is not None and _COMPARISONS[sign](value, number)
            for column, sign, number in self.bounds
        )


def _value(candidate: Candidate, column: str) -> float | None:
    match column:
        case "score":
            return round(candidate.score.nats_per_character, 2)  # as shown
        case "apart":
            return candidate.nearest.distance if candidate.nearest else None
        case "step":
            return candidate.step
        case _:
            return len(candidate.name)


class FilteredCandidates(QSortFilterProxyModel):
    """The names that match a filter, sorted.

    Parameters
    ----------
    model : CandidatesModel
    """

    def __init__(self, model: CandidatesModel) -> None:
        super().__init__()
        self._model = model
        self._filter = NamesFilter()
        self._is_withheld = False
        self.setSortRole(SORT_ROLE)
        self.setSourceModel(model)

    @property
    def shown(self) -> list[Candidate]:
        """The matching names, from top to bottom."""
        return [self.candidate(self.index(row, 0)) for row in range(self.rowCount())]

    def candidate(self, index: QModelIndex | QPersistentModelIndex) -> Candidate:
        """Return the name of a row."""
        return self._model.candidates[self.mapToSource(index).row()]

    def filter_by(self, names_filter: NamesFilter) -> None:
        """Use another filter."""
        self._filter = names_filter
        self.invalidate()

    @property
    def is_withheld(self) -> bool:
        """Whether no name is shown, whatever the filter says."""
        return self._is_withheld

    def withhold(self, is_withheld: bool) -> None:
        """Show none of the names, or those that match the filter again."""
        if is_withheld != self._is_withheld:
            self._is_withheld = is_withheld
            self.invalidate()

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether a row is shown."""
        return not self._is_withheld and self._filter.matches(self._model.candidates[row])
