"""The widths of a table's columns: the usual ones in a font, or those that somebody has dragged."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QWidget

_WHOLE = 100


class ColumnMemory(QObject):
    """Remembers the widths of the tables in a window, each under the key of its table.

    A table finds it as a child of the window that it belongs to. Lives in the GUI thread.

    Parameters
    ----------
    parent : QWidget
        The window.
    percents : mapping of str to list of int
        What was remembered earlier: see `chosen`.

    Attributes
    ----------
    chosen : dict of str to list of int
        Of each table, the width of each column in percent of the usual one; 0 for a column that
        nobody has dragged.

    Signals
    -------
    changed()
        Somebody has dragged a column.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, percents: Mapping[str, list[int]]) -> None:
        super().__init__(parent)
        self.chosen = {key: list(widths) for key, widths in percents.items()}

    def note(self, key: str, percents: list[int]) -> None:
        """Remember the widths of a table."""
        self.chosen[key] = percents
        self.changed.emit()


class ColumnWidths(QObject):
    """Sizes the columns of a table, and keeps the widths that somebody has dragged.

    They are kept in percent of the usual widths, so that they hold in larger text as well. The
    window's `ColumnMemory`, if it has one, is asked when the table is shown first. Lives in the GUI
    thread.

    Parameters
    ----------
    header : QHeaderView
        Of the table, which has its columns already. The parent.
    key : str
        Under which the widths are remembered.
    """

    def __init__(self, header: QHeaderView, key: str) -> None:
        super().__init__(header)
        self._header, self._key = header, key
        self._usual: dict[int, int] = {}
        self._letters: dict[int, int] = {}
        self._percents: dict[int, int] = {}
        self._memory: ColumnMemory | None = None
        self._is_held = False
        header.sectionResized.connect(self._note_resize)
        header.viewport().installEventFilter(self)
        header.installEventFilter(self)

    def use(self, usual: Mapping[int, int]) -> None:
        """Give columns their usual widths in pixels, or what somebody has made of them."""
        self._usual.update(usual)
        self._apply(usual)

    def use_letters(self, letters: Mapping[int, int]) -> None:
        """Give columns the usual widths of so many letters, in each font that the table gets."""
        self._letters = dict(letters)
        view = self._header.parentWidget() or self._header
        letter = view.fontMetrics().averageCharWidth()
        self.use({column: count * letter for column, count in letters.items()})

    def is_chosen(self, column: int) -> bool:
        """Whether somebody has dragged a column."""
        return column in self._percents

    def _apply(self, columns: Mapping[int, int]) -> None:
        for column, usual in columns.items():
            width = round(usual * self._percents.get(column, _WHOLE) / _WHOLE)
            if self._header.sectionSize(column) != width:
                self._header.resizeSection(column, width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a column that is held, another font, and that the table is shown first."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._is_held = True
        elif kind == QEvent.Type.MouseButtonRelease:
            self._is_held = False
        elif kind == QEvent.Type.FontChange and self._letters:
            self.use_letters(self._letters)
        elif kind == QEvent.Type.Show and watched is self._header and self._memory is None:
            self._recall()
        return super().eventFilter(watched, event)

    def _recall(self) -> None:
        holder: QWidget | None = self._header
        only = Qt.FindChildOption.FindDirectChildrenOnly
        while holder is not None and self._memory is None:
            self._memory = holder.findChild(ColumnMemory, options=only)
            holder = holder.parentWidget()
        if self._memory is None:
            return
        percents = self._memory.chosen.get(self._key, [])
        self._percents = {column: share for column, share in enumerate(percents) if share}
        known = {column: self._usual[column] for column in self._percents if column in self._usual}
        self._apply(known)

    @Slot(int, int, int)
    def _note_resize(self, column: int, _before: int, now: int) -> None:
        """Note a width that is being dragged; a column that fills the rest has none of its own."""
        mode = self._header.sectionResizeMode(column)
        usual = self._usual.get(column, 0)
        if not self._is_held or not usual or mode is QHeaderView.ResizeMode.Stretch or not now:
            return
        self._percents[column] = max(round(_WHOLE * now / usual), 1)
        if self._memory is not None:
            columns = range(self._header.count())
            self._memory.note(self._key, [self._percents.get(each, 0) for each in columns])
