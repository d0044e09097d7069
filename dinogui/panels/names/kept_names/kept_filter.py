"""Which of the kept names are shown: those that match a line of words and comparisons."""

from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from dinogui.common.kept_name import KeptName
from dinogui.panels.names.kept_names.kept_names_model import KeptNamesModel
from dinogui.widgets.tables.filter_language import NO_TERMS, FilterTerms

_NUMBERS = ("score", "step", "seed", "temperature")
_TEXTS = ("kind", "data", "model")


class FilteredKeptNames(QSortFilterProxyModel):
    """The kept names that match a filter, sorted. Lives in the GUI thread.

    Parameters
    ----------
    model : KeptNamesModel
    parent : QObject
    """

    def __init__(self, model: KeptNamesModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._terms = model, NO_TERMS
        self.setSourceModel(model)

    def filter_by(self, text: str) -> None:
        """Show the names that match a line such as ``kind=greek score<2``."""
        self._terms = FilterTerms.parse(text, _NUMBERS, _TEXTS)
        self.invalidate()

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether a row is shown."""
        kept = self._model.rows[row]
        texts = (kept.name, kept.kind, kept.data, kept.model)
        return self._terms.match(texts, partial(_number, kept), partial(_text, kept))


def _number(kept: KeptName, column: str) -> float | None:
    if column == "score":
        return round(kept.nats_per_character, 2)  # as shown
    found = {"step": kept.step, "seed": kept.seed, "temperature": kept.temperature}
    return found[column]


def _text(kept: KeptName, column: str) -> str:
    return {"kind": kept.kind, "data": kept.data, "model": kept.model}[column]
