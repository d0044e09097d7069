"""The generated names as a table: the text of each column, and what it sorts by."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from dinogui.common.icons import Icon
from dinogui.common.kept_name import KeptName
from dinogui.session.ablation.units_off import units_off_in_words
from dinogui.session.generation.name_generation import NameGeneration
from dinogui.widgets.letters import Letters
from engine.data.reading.casing import title_case
from engine.data.visible_symbols import visible
from engine.sampling.candidates import Candidate
from engine.sampling.changed_letters import changed_letters_of_all
from engine.sampling.known_names import NameStatus

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

SORT_ROLE = Qt.ItemDataRole.UserRole
LETTERS_ROLE = Qt.ItemDataRole.UserRole + 1

FULL_TINT_NATS = 5.0
"""The surprise from which a letter has the full tint: a probability of about 1/150."""

STATUS_WORDS = {
    NameStatus.NEW: "new",
    NameStatus.HELD_OUT: "held out",
    NameStatus.TRAINING: "in training",
}
_STATUS_TIPS = {
    NameStatus.NEW: "The network made it up: it is not in the data",
    NameStatus.HELD_OUT: "It is in the data, but the network was never trained on it",
    NameStatus.TRAINING: "The network was trained on this name",
}
_NO_DISTANCE = 1 << 30


class Column(IntEnum):
    """The columns, from left to right."""

    KEPT = 0
    NAME = 1
    STATUS = 2
    NEAREST = 3
    SCORE = 4
    STEP = 5


_HEADINGS = {
    Column.KEPT: ("Kept", "Kept or not. Click, or press Ctrl+D"),
    Column.NAME: ("Name", "The more a letter surprised the network, the stronger its tint"),
    Column.STATUS: ("Status", "New, held out, or in the training data"),
    Column.NEAREST: (
        "Nearest, letters apart",
        "The nearest training name, and how many letters to insert, remove or replace to get there",
    ),
    Column.SCORE: ("Score", "Nats per character under the network: the lower, the likelier"),
    Column.STEP: ("Step", "The training step at which the network wrote it"),
}


def letters_of(candidate: Candidate, marks: Sequence[bool] = ()) -> Letters:
    """Return a candidate as it is shown: in Title Case, with the tint of each letter."""
    return tinted(candidate.score.symbols, candidate.score.surprisals, marks)


def tinted(
    symbols: Sequence[str], surprisals: Sequence[float], marks: Sequence[bool] = ()
) -> Letters:
    """Return a scored name as it is shown: in Title Case, with the tint of each letter."""
    texts = (*map(title_case, symbols[:1]), *symbols[1:])
    tints = tuple(nats / FULL_TINT_NATS for nats in surprisals[: len(symbols)])
    return Letters(texts, tints, tuple(marks[: len(symbols)]))


def surprisals_in_words(symbols: Sequence[str], surprisals: Sequence[float]) -> str:
    """Return the surprise of each letter and of the end, as text."""
    letters = [*map(title_case, symbols[:1]), *symbols[1:]]
    parts = [
        f"{visible(letter)} {nats:.2f}" for letter, nats in zip(letters, surprisals, strict=False)
    ]
    return "  ".join([*parts, f"end {surprisals[-1]:.2f}"])


@dataclass(frozen=True)
class Sheet:
    """Everything that the table shows, so that it can be restored later.

    Attributes
    ----------
    rows : tuple of Candidate
    letters : tuple of Letters
        Each name as it is shown.
    data, network : str
        Titles of the data and the network that they come from.
    units_off : int
        How many hidden units of the network were switched off.
    kind : str
        The kind, or the blend of kinds, at which the network wrote; empty if there are none.
    """

    rows: tuple[Candidate, ...] = ()
    letters: tuple[Letters, ...] = ()
    data: str = ""
    network: str = ""
    units_off: int = 0
    kind: str = ""


class CandidatesModel(QAbstractTableModel):
    """Holds the candidates of a request. Lives in the GUI thread.

    Parameters
    ----------
    name_generation : NameGeneration
        Knows which names are kept.
    """

    def __init__(self, name_generation: NameGeneration) -> None:
        super().__init__()
        self._name_generation = name_generation
        self._rows: list[Candidate] = []
        self._before: tuple[Candidate, ...] = ()
        self._letters: list[Letters] = []
        self._data = self._network = self._kind = ""
        self._units_off = 0
        self._is_new_request = True
        name_generation.kept.changed.connect(self._show_kept)

    @property
    def candidates(self) -> Sequence[Candidate]:
        """All of them, in the order in which they were drawn."""
        return self._rows

    def begin(self, *, compares: bool) -> None:
        """Prepare for the answer to another request.

        Parameters
        ----------
        compares : bool
            Whether to mark the letters that differ from the names shown now.
        """
        self._before = tuple(self._rows) if compares else ()
        self._is_new_request = True

    def show(self, found: Sequence[Candidate]) -> None:
        """Show the candidates found so far; those of the same request that are shown stay."""
        if self._is_new_request:
            self.beginResetModel()
            self._rows, self._letters = [], []
            # Where these come from, even if another run is opened while they are shown.
            self._data, self._network = self._name_generation.data, self._name_generation.model
            self._units_off = len(self._name_generation.units_off)
            self._kind = self._name_generation.kind_found
            self._add(found)
            self._is_new_request = False
            self.endResetModel()
        elif len(found) > len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), len(found) - 1)
            self._add(found[len(self._rows) :])
            self.endInsertRows()

    def _add(self, more: Sequence[Candidate]) -> None:
        marks: Sequence[Sequence[bool]] = [()] * len(more)
        if self._before:
            marks = changed_letters_of_all(self._before, more)
        self._rows += more
        self._letters += [letters_of(*pair) for pair in zip(more, marks, strict=True)]

    @property
    def sheet(self) -> Sheet:
        """Everything that is shown."""
        rows, letters = tuple(self._rows), tuple(self._letters)
        return Sheet(rows, letters, self._data, self._network, self._units_off, self._kind)

    @property
    def source_note(self) -> str:
        """A sentence on what is special about the network of the names; empty if nothing is."""
        special = [
            *([f"as {self._kind}"] if self._kind else []),
            *([f"with {units_off_in_words(self._units_off)}"] if self._units_off else []),
        ]
        return f"They were written {', '.join(special)}." if special else ""

    def exchange(self, sheet: Sheet) -> Sheet:
        """Show other names, and return those shown before. An empty sheet empties the table."""
        shown = self.sheet
        self.beginResetModel()
        self._rows, self._letters, self._before = list(sheet.rows), list(sheet.letters), ()
        self._data, self._network = sheet.data, sheet.network
        self._units_off, self._kind = sheet.units_off, sheet.kind
        self.endResetModel()
        return shown

    # Qt's interface of a model

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many names there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading or tooltip."""
        if orientation is Qt.Orientation.Vertical:
            return None
        heading, tip = _HEADINGS[Column(section)]
        return {
            Qt.ItemDataRole.DisplayRole: heading,
            Qt.ItemDataRole.ToolTipRole: tip,
            Qt.ItemDataRole.TextAlignmentRole: _alignment(Column(section)),
            Qt.ItemDataRole.DecorationRole: Icon.STAR_FILLED if section == Column.KEPT else None,
        }.get(Qt.ItemDataRole(role))

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Allow names to be selected and dragged."""
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or what another role asks for."""
        if not index.isValid():
            return None
        candidate, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(candidate, column)
        if role == SORT_ROLE:
            return self._sort_key(candidate, column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.KEPT:
            return Icon.STAR_FILLED if self.is_kept(candidate) else Icon.STAR
        if role == LETTERS_ROLE and column is Column.NAME:
            return self._letters[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(candidate, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(candidate, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def _text(self, candidate: Candidate, column: Column) -> str:
        match column:
            case Column.KEPT:
                return ""  # a star, by its decoration
            case Column.NAME:
                return title_case(candidate.name)
            case Column.STATUS:
                return STATUS_WORDS[candidate.status] if candidate.status else ""
            case Column.SCORE:
                return f"{candidate.score.nats_per_character:.2f}"
            case Column.NEAREST:
                return _nearest(candidate)
            case Column.STEP:
                return f"{candidate.step:,}"

    def _spoken(self, candidate: Candidate, column: Column) -> str:
        """Return the text of a cell for screen readers."""
        if column is Column.KEPT:
            return "kept" if self.is_kept(candidate) else "not kept"
        if column is Column.NEAREST and candidate.nearest is not None:
            near = candidate.nearest
            return f"nearest {title_case(near.name)}, letters apart: {near.distance}"
        return self._text(candidate, column)

    def _sort_key(self, candidate: Candidate, column: Column) -> Any:
        match column:
            case Column.KEPT:
                return int(not self.is_kept(candidate))
            case Column.SCORE:
                return candidate.score.nats_per_character
            case Column.NEAREST:
                return candidate.nearest.distance if candidate.nearest else _NO_DISTANCE
            case Column.STEP:
                return candidate.step
            case _:
                return self._text(candidate, column)

    def _tip(self, candidate: Candidate, column: Column) -> str:
        if column is Column.STATUS and candidate.status is not None:
            return _STATUS_TIPS[candidate.status]
        if column is not Column.NAME:
            return _HEADINGS[column][1]
        from html import escape  # imported here, because it is slow and seldom needed

        surprisals = candidate.score.surprisals
        lines = [f"Surprise in nats:  {surprisals_in_words(candidate.score.symbols, surprisals)}"]
        if candidate.nearest is not None:
            near = candidate.nearest
            lines.append(f"Nearest in the data: {title_case(near.name)}, {near.distance} apart")
        lines.append(
            f"Step {candidate.step:,}, seed {candidate.seed}, temperature {candidate.temperature:g}"
        )
        if self._kind:
            lines.append(f"Written as {self._kind}")
        # Escaped, so that a name that looks like HTML is shown as it is.
        return (
            "<qt>" + "<br>".join(escape(line).replace("  ", "&ensp; ") for line in lines) + "</qt>"
        )

    def mimeTypes(self) -> list[str]:
        """Return the format of dragged names."""
        return ["text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged names, one per line."""
        rows = dict.fromkeys(index.row() for index in indexes)
        names = [title_case(self._rows[row].name) for row in rows]
        data = QMimeData()
        data.setData("text/plain", QByteArray("\n".join(names).encode("utf-8")))
        data.setText("\n".join(names))
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        """Return that names are copied: dragging a name does not remove it from the list."""
        return Qt.DropAction.CopyAction

    # Keeping

    def is_kept(self, candidate: Candidate) -> bool:
        """Whether a name has a star."""
        return (candidate.name, self._data) in self._name_generation.kept

    def kept_name(self, candidate: Candidate) -> KeptName:
        """Return the record of a name to keep."""
        return KeptName(
            candidate.name,
            self._data,
            self._network,
            candidate.step,
            candidate.score.nats_per_character,
            candidate.seed,
            candidate.temperature,
            self._kind,
        )

    @Slot()
    def _show_kept(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, Column.KEPT)
            self.dataChanged.emit(self.index(0, Column.KEPT), last)


def _nearest(candidate: Candidate) -> str:
    """Return the nearest training name and its distance; a dash for a training name itself."""
    near = candidate.nearest
    return f"{title_case(near.name)} {near.distance}" if near and near.distance else "—"


def _alignment(column: Column) -> Qt.AlignmentFlag | None:
    if column in (Column.SCORE, Column.STEP):
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    if column is Column.KEPT:
        return Qt.AlignmentFlag.AlignCenter
    return None
