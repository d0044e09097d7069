"""The filter of the generated names: what people type, and which names match."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel

from dinogui.panels.names.candidates_model import SORT_ROLE, CandidatesModel
from dinogui.widgets.tables.filter_language import NO_TERMS, FilterTerms
from engine.sampling.candidates import Candidate
from engine.sampling.known_names import NameStatus

_COLUMNS = ("score", "apart", "step", "letters")


@dataclass(frozen=True)
class NamesFilter:
    """The condition given by a line of text and a choice of status.

    Attributes
    ----------
    terms : FilterTerms
        The words must occur in the name or in its nearest training name.
    status : Status or None
        None matches all names.
    """

    terms: FilterTerms = NO_TERMS
    status: NameStatus | None = None

    @classmethod
    def parse(cls, text: str, status: NameStatus | None = None) -> "NamesFilter":
        """Parse a line such as ``saurus apart>2 score<1.8``: words and comparisons."""
        return cls(FilterTerms.parse(text, _COLUMNS), status)

    def matches(self, candidate: Candidate) -> bool:
        """Whether a name matches."""
        if self.status is not None and candidate.status is not self.status:
            return False
        nearest = candidate.nearest.name if candidate.nearest else ""
        return self.terms.match((candidate.name, nearest), partial(_value, candidate))


def _value(candidate: Candidate, column: str) -> float | None:
    match column:
        case "score":
            return round(candidate.score.nats_per_character, 2)  # as shown
        case "apart":
            return candidate.nearest.distance if candidate.nearest else None
        case "step":
            return candidate.step
        case _:
            return len(candidate.score.symbols)


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
