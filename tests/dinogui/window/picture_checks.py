"""Finds what is wrong with the picture of a window: cut texts, overlaps, parts that stick out.

Each function returns sentences, one for each fault; a picture without faults has none. The checks
ask the widgets only for their texts, fonts and places, and know nothing of how they are laid out.
"""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPicture, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QSizeGrip,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.loss.head.unit_box import UnitBox
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.pane.curve_pane import CurvePane
from dinogui.panels.loss.pointer_readout import PointerReadout
from dinogui.panels.opening_sentence import OpeningSentence
from dinogui.panels.run_end.until_button import UntilButton
from dinogui.widgets.buttons.chip import Chip
from dinogui.widgets.buttons.tab_row import Tab
from dinogui.widgets.line_names import LineNames
from dinogui.widgets.overlay import OverlaidStrip
from dinogui.widgets.reading_line import ReadingLine
from dinogui.window.layout.run_row import RunRow
from dinogui.window.main_window import MainWindow
from dinogui.window.offers.hints import HintBubble

OVERLAYS = (OverlaidStrip, HintBubble, OpeningSentence, PointerReadout, CurvePane, LineNames)
"""These lie over others on purpose."""

ELIDED = (Chip, ReadingLine, LearnedLine, RunRow, UntilButton)
"""These paint their text with an ellipsis where it does not fit, and say all of it in a tooltip."""

OF_QT = (QSizeGrip, QScrollBar, QSplitterHandle, QTabBar)
"""These have no text of ours."""

_ELLIPSIS = "…"
_READING_MARGIN = 2
_HAIR = 1.0
"""Pixels by which boxes of texts may touch: letters do not fill them."""


def faults(window: MainWindow) -> list[str]:
    """Return everything that is wrong with the picture of a window."""
    plot = overlapping_plot_texts(window.loss_plot)
    return [*cut_texts(window), *overlaps(window), *parts_outside(window), *plot]


def visible_parts(window: QWidget) -> Iterator[QWidget]:
    """Yield the widgets of a window that can be seen, or scrolled to."""
    for part in window.findChildren(QWidget):
        is_ours = part.window() is window and not isinstance(part, OF_QT)
        if is_ours and part.isVisible() and not _is_behind(part):
            yield part


def _is_behind(part: QWidget) -> bool:
    """Whether a widget is in a dock that lies behind another one: Qt moves it out of the window."""
    while part is not None and not part.isWindow():
        if isinstance(part, QDockWidget) and not part.geometry().intersects(
            part.parentWidget().rect()
        ):
            return True
        part = part.parentWidget()
    return False


def name_of(part: QWidget) -> str:
    """Return how a fault names a widget."""
    text = part.text() if isinstance(part, QAbstractButton | QLabel | QLineEdit) else ""
    words = part.accessibleName() or text or part.objectName()
    size = f"{part.width()}x{part.height()}"
    return f"{type(part).__name__} “{words[:50]}” ({size})"


# Cut texts


def cut_texts(window: QWidget) -> list[str]:
    """Return what is too small for its text."""
    found = []
    for part in visible_parts(window):
        found += [f"{name_of(part)}: {fault}" for fault in _cut(part)]
    return found


def _cut(part: QWidget) -> list[str]:
    for kinds, check in _CHECKS:
        if isinstance(part, kinds):
            return check(part)
    return _cut_button(part) if isinstance(part, QAbstractButton) else _cut_other(part)


def _cut_button(button: QAbstractButton) -> list[str]:
    if isinstance(button.parent(), QLineEdit):  # Qt's own, which paints an icon alone
        return []
    if not button.text():
        return _cut_other(button)
    hint, least = button.sizeHint(), button.minimumSizeHint()
    is_elided = isinstance(button, Tab) and button.text() in button.toolTip()
    return _too_small(button, least.width() if is_elided else hint.width(), hint.height())


def _cut_other(part: QWidget) -> list[str]:
    """Check what has no text that is known here by the least size that it asks for."""
    if isinstance(part, QAbstractScrollArea) or part.layout() is not None:
        return []
    return _too_small(part, part.minimumSizeHint().width(), part.minimumSizeHint().height())


def _cut_unit(box: UnitBox) -> list[str]:
    return _too_small(box, box.sizeHint().width(), box.sizeHint().height())


def _too_small(part: QWidget, width: int, height: int) -> list[str]:
    if part.width() < width or part.height() < height:
        return [f"needs {width}x{height}"]
    return []


def _cut_elided(part: QWidget) -> list[str]:
    if part.height() < part.fontMetrics().height():
        return [f"needs a height of {part.fontMetrics().height()}"]
    words = part.words if isinstance(part, Chip) else ""
    if isinstance(part, ReadingLine):
        words = part.text()
    is_cut = part.fontMetrics().horizontalAdvance(words) + 2 * _READING_MARGIN > part.width()
    if is_cut and words not in part.toolTip():
        return [f"“{words}” is cut, and its tooltip does not say it"]
    return []


def _cut_label(label: QLabel) -> list[str]:
    if not label.text():
        return []
    if _ELLIPSIS in label.text()[-2:] and not label.toolTip():
        return ["ends with an ellipsis and has no tooltip"]
    is_rich = label.textFormat() == Qt.TextFormat.RichText
    ignores_width = label.sizePolicy().horizontalPolicy() == label.sizePolicy().Policy.Ignored
    if is_rich and ignores_width and label.toolTip():
        return _too_small(label, 0, _rich_height(label))
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        return [f"needs a height of {needed}"] if label.height() < needed else []
    hint = label.sizeHint()
    if room.width() <= 0:
        return ["has no room at all"]
    return _too_small(label, hint.width(), hint.height())


def _rich_height(label: QLabel) -> int:
    document = QTextDocument()
    document.setDefaultFont(label.font())
    document.setDocumentMargin(0)
    document.setHtml(label.text())
    return int(document.size().height())


def _cut_number(box: QAbstractSpinBox) -> list[str]:
    line = box.findChild(QLineEdit)
    needed = box.fontMetrics().horizontalAdvance(box.text())
    room = line.width() if line is not None else box.width()
    if room < needed or box.height() < box.fontMetrics().height():
        return [f"its text “{box.text()}” needs {needed} of {room}"]
    return []


def _cut_choice(box: QComboBox) -> list[str]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    needed = box.fontMetrics().horizontalAdvance(box.currentText())
    if field.width() < needed or box.height() < box.fontMetrics().height():
        return [f"its text “{box.currentText()}” needs {needed} of {field.width()}"]
    return []


def _cut_field(field: QLineEdit) -> list[str]:
    """Check what the empty field says. A longer text scrolls while it is typed."""
    if isinstance(field.parent(), QAbstractSpinBox | QComboBox):
        return []
    metrics = field.fontMetrics()
    margins = field.textMargins()
    room = field.contentsRect().width() - margins.left() - margins.right()
    needed = 0 if field.text() else metrics.horizontalAdvance(field.placeholderText())
    if room < needed or field.height() < metrics.height():
        return [f"“{field.placeholderText()}” needs {needed} of {room}"]
    return []


def _cut_headings(header: QHeaderView) -> list[str]:
    if header.orientation() != Qt.Orientation.Horizontal or header.model() is None:
        return []
    found = []
    for place in range(header.count()):
        text = header.model().headerData(place, header.orientation())
        if header.isSectionHidden(place) or not isinstance(text, str):
            continue
        needed = header.fontMetrics().horizontalAdvance(text)
        tip = header.model().headerData(place, header.orientation(), Qt.ItemDataRole.ToolTipRole)
        if header.sectionSize(place) < needed and not tip:
            found.append(f"“{text}” needs {needed} of {header.sectionSize(place)}")
    if header.height() < header.fontMetrics().height():
        found.append("is too low")
    return found


def _cut_cells(view: QAbstractItemView) -> list[str]:
    """Check that the rows are high enough, and that a cell with too little room has a tooltip."""
    model, found = view.model(), []
    if model is None or model.rowCount() == 0:
        return []
    for column in range(model.columnCount()):
        index = model.index(0, column)
        rect = view.visualRect(index)
        text = index.data()
        if rect.isEmpty() or not isinstance(text, str) or not text:
            continue
        metrics = QFontMetrics(view.font())
        if rect.height() < metrics.height():
            found.append(f"the row of “{text}” needs a height of {metrics.height()}")
        if rect.width() < metrics.horizontalAdvance(text) and not index.data(
            Qt.ItemDataRole.ToolTipRole
        ):
            found.append(f"the cell “{text}” is too narrow and has no tooltip")
    return found


_CHECKS: tuple[tuple[type | tuple[type, ...], Callable[[Any], list[str]]], ...] = (
    (ELIDED, _cut_elided),
    (QLabel, _cut_label),
    (UnitBox, _cut_unit),
    (QAbstractSpinBox, _cut_number),
    (QComboBox, _cut_choice),
    (QLineEdit, _cut_field),
    (QHeaderView, _cut_headings),
    (QAbstractItemView, _cut_cells),
)


# Overlaps


def overlaps(window: QWidget) -> list[str]:
    """Return the pairs of siblings that lie over each other."""
    families: dict[int, list[QWidget]] = {}
    for part in visible_parts(window):
        if not isinstance(part, OVERLAYS):
            families.setdefault(id(part.parentWidget()), []).append(part)
    found = []
    for family in families.values():
        for place, part in enumerate(family):
            for other in family[:place]:
                shared = part.geometry().intersected(other.geometry())
                if not shared.isEmpty():
                    over = f"{shared.width()}x{shared.height()}"
                    found.append(f"{name_of(part)} lies over {name_of(other)} by {over}")
    return found


def parts_outside(window: QWidget) -> list[str]:
    """Return what sticks out of its parent, unless that scrolls."""
    found = []
    for part in visible_parts(window):
        parent = part.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if part.geometry().isEmpty() or parent.rect().contains(part.geometry()):
            continue
        rect, room = part.geometry().getRect(), parent.size().toTuple()
        found.append(f"{name_of(part)} at {rect} sticks out of {name_of(parent)} {room}")
    return found


# What the plot paints


def painted_texts(loss_plot: LossPlot) -> dict[str, QRectF]:
    """Return where the plot of the losses paints its texts, in pixels of its canvas.

    These are the ticks, the names of the dashed lines and of the horizontal axis, the mark of the
    best loss, and the values under the pointer.
    """
    plot, pane, canvas = loss_plot.plot, loss_plot.pane, loss_plot.canvas
    texts: dict[str, QRectF] = {}
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        picture = QPicture()
        painter = QPainter(picture)
        painter.setFont(axis.style["tickFont"])
        _, _, specs = axis.generateDrawSpecs(painter)
        painter.end()
        for rect, _, text in specs:
            place = plot.mapFromScene(axis.mapToScene(rect).boundingRect()).boundingRect()
            corner = plot.viewport().mapTo(canvas, QPoint())
            texts[f"{side} tick {text}"] = QRectF(place.translated(corner))
    names = loss_plot.baselines.names
    if names.isVisible():
        for place, text in zip(names.places, names.names, strict=True):
            width = names.fontMetrics().horizontalAdvance(text)
            rect = QRect(place.topLeft(), QSize(width, place.height()))
            texts[f"line {text}"] = QRectF(rect.translated(names.mapTo(canvas, QPoint())))
    for label in canvas.findChildren(QLabel):
        if label.isVisible() and not isinstance(label.parentWidget(), OVERLAYS):
            rect = label.rect().translated(label.mapTo(canvas, QPoint()))
            texts[f"label {label.text()[:40]}"] = QRectF(rect)
    if pane.best is not None and pane.best_room.intersects(QRectF(pane.rect())):
        corner = QPointF(pane.mapTo(canvas, QPoint()))
        texts["best loss"] = pane.best_room.translated(corner)
    return texts


def overlapping_plot_texts(loss_plot: LossPlot) -> list[str]:
    """Return the pairs of texts of the plot that lie over each other, or beyond its edge."""
    texts = list(painted_texts(loss_plot).items())
    room, found = QRectF(loss_plot.canvas.rect()), []
    for place, (name, rect) in enumerate(texts):
        if not room.contains(rect):
            found.append(f"{name} at {rect.getRect()} leaves the plot {room.getRect()}")
        for other_name, other in texts[:place]:
            shared = rect.intersected(other)
            if min(shared.width(), shared.height()) > _HAIR:
                found.append(f"{name} {rect.getRect()} lies over {other_name} {other.getRect()}")
    return found
