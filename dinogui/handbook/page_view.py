"""One page of the handbook as it is drawn: from Markdown, in the window's colours."""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QImage,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

import resources
from dinogui.handbook.pages import anchor_of

_ZOOM_STEP = 1.1
_ZOOMS = range(-4, 13)
_LINE_HEIGHT_PERCENT = 120.0
_MARGIN = 14
_PICTURE_WIDTH = 640
_HIT_ALPHA = 70
_CODE_PROPERTIES = (
    QTextFormat.Property.BlockCodeLanguage,
    QTextFormat.Property.BlockCodeFence,
)


class PageView(QTextBrowser):
    """Shows a page and its matches. Lives in the GUI thread.

    Links are not followed: who makes the view connects `anchorClicked`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._hits: Sequence[tuple[int, int]] = ()
        self._current_hit = -1
        self._zoom = self._picture_width = 0
        self._size = self.font().pointSizeF()
        self.setOpenLinks(False)
        self.setAccessibleName("Page of the handbook")
        self.document().setDocumentMargin(_MARGIN)

    def show_page(self, text: str) -> None:
        """Show a page from its top, with no matches.

        Parameters
        ----------
        text : str
            In Markdown.
        """
        self._text, self._hits, self._current_hit = text, (), -1
        self._draw()
        self.verticalScrollBar().setValue(0)

    def show_hits(self, hits: Sequence[tuple[int, int]], current: int = -1) -> None:
        """Highlight matches, and scroll to one of them.

        Parameters
        ----------
        hits : sequence of (start, end)
            In characters of the page's plain text.
        current : int
            Index of the match to scroll to; -1 for none.
        """
        self._hits, self._current_hit = hits, current
        self._draw_hits()
        if 0 <= current < len(hits):
            cursor = self._cursor(*hits[current])
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self._scroll_to(cursor.block())

    def show_anchor(self, anchor: str) -> None:
        """Scroll to a heading; an anchor that the page does not have leaves it where it is."""
        for block in _blocks(self.document()):
            if block.blockFormat().headingLevel() and anchor_of(block.text()) == anchor:
                self.verticalScrollBar().setValue(self._top_of(block))
                return

    def zoom_in(self) -> None:
        """Make the text larger by a tenth."""
        self._set_zoom(self._zoom + 1)

    def zoom_out(self) -> None:
        """Make the text smaller by a tenth."""
        self._set_zoom(self._zoom - 1)

    def reset_zoom(self) -> None:
        """Give the text the size of the window's other texts."""
        self._set_zoom(0)

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the page when the window's colours change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the pictures as wide as there is room for now."""
        super().resizeEvent(event)
        if self._room_for_pictures != self._picture_width and "![" in self._text:
            self._draw_again()

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Return a picture of the page, made narrower to fit; nothing else belongs to a page."""
        if type != QTextDocument.ResourceType.ImageResource.value:
            return None
        try:
            picture = QImage.fromData(resources.handbook_picture(QUrl(name).fileName()))
        except OSError:  # as for a page that does not exist, Qt draws a sign in its place
            return None
        ratio = self.devicePixelRatioF()
        picture = picture.scaledToWidth(
            round(self._picture_width * ratio), Qt.TransformationMode.SmoothTransformation
        )
        picture.setDevicePixelRatio(ratio)
        return picture

    def _set_zoom(self, zoom: int) -> None:
        self._zoom = min(max(zoom, _ZOOMS.start), _ZOOMS.stop - 1)
        bar = self.verticalScrollBar()
        place = bar.value() / max(bar.maximum(), 1)
        font = self.font()
        font.setPointSizeF(self._size * _ZOOM_STEP**self._zoom)
        self.setFont(font)
        bar.setValue(round(place * bar.maximum()))

    @property
    def _room_for_pictures(self) -> int:
        # As if there were a scroll bar: it comes and goes while a page is laid out.
        beside = 2 * (_MARGIN + self.frameWidth()) + self.verticalScrollBar().sizeHint().width()
        return max(min(self.width() - beside, _PICTURE_WIDTH), 1)

    def _draw_again(self) -> None:
        place = self.verticalScrollBar().value()
        self._draw()
        self._draw_hits()
        self.verticalScrollBar().setValue(place)

    def _draw(self) -> None:
        # Set before, as the view is resized while it is drawn: the scroll bar comes or goes.
        self._picture_width = self._room_for_pictures
        self.setMarkdown(self._text)
        style(self.document(), self.palette())

    def _draw_hits(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        others = QTextCharFormat()
        current = QTextCharFormat()
        current.setBackground(colour)
        current.setForeground(self.palette().color(QPalette.ColorRole.HighlightedText))
        colour.setAlpha(_HIT_ALPHA)
        others.setBackground(colour)
        selections = []
        for index, hit in enumerate(self._hits):
            selection = QTextEdit.ExtraSelection()
            selection.cursor = self._cursor(*hit)
            selection.format = current if index == self._current_hit else others
            selections.append(selection)
        self.setExtraSelections(selections)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        text = self.document().toPlainText()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_utf16_length(text[:start]))
        cursor.setPosition(_utf16_length(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _scroll_to(self, block: QTextBlock) -> None:
        """Bring a block into the upper half of the view, unless it can be seen."""
        bar, top = self.verticalScrollBar(), self._top_of(block)
        height = self.viewport().height()
        if not bar.value() <= top <= bar.value() + height * 3 // 4:
            bar.setValue(top - height // 4)

    def _top_of(self, block: QTextBlock) -> int:
        return int(self.document().documentLayout().blockBoundingRect(block).top())


def plain_text(text: str) -> str:
    """Return what a reader sees of a page in Markdown; `PageView` counts its characters."""
    document = QTextDocument()
    document.setMarkdown(text)
    return document.toPlainText()


def style(document: QTextDocument, palette: QPalette) -> None:
    """Give room to the paragraphs of a page, a ground to its code and lines to its tables."""
    ground = QBrush(palette.color(QPalette.ColorRole.AlternateBase))
    was_dense = False  # code or a table, whose margins Qt leaves out
    edit = QTextCursor(document)
    edit.beginEditBlock()  # otherwise Qt would lay out the page anew after each block
    for block in _blocks(document):
        old, change, cursor = block.blockFormat(), QTextBlockFormat(), QTextCursor(block)
        is_code = any(map(old.hasProperty, _CODE_PROPERTIES))
        is_dense = is_code or cursor.currentTable() is not None
        if is_code:
            change.setBackground(ground)
            change.setNonBreakableLines(False)
        else:
            change.setLineHeight(
                _LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
        if old.headingLevel() or (was_dense and not is_dense):
            change.setTopMargin(_MARGIN)
        elif cursor.currentTable() is not None:
            change.setTopMargin(0)
            change.setBottomMargin(0)
        cursor.mergeBlockFormat(change)
        was_dense = is_dense
    line = QBrush(palette.color(QPalette.ColorRole.Mid))
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table: QTextTableFormat = frame.format().toTableFormat()
            table.setBorderCollapse(True)
            table.setBorder(1)
            table.setBorderBrush(line)
            table.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            table.setCellPadding(5)
            frame.setFormat(table)
    edit.endEditBlock()


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _utf16_length(text: str) -> int:
    """Return the length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
