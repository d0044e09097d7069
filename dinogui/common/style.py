"""How standard controls are painted: the Qt style of the window, which needs no style sheet."""

from typing import Any

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

from dinogui.common.icons import Icon, draw_icon, make_icon
from dinogui.common.theme import SMALL_RADIUS, Colours, TextSize, Theme, text_font, text_scale

_BOX_RADIUS = 4
_FIELD_LINE = 130
"""How much of the line around a field can be seen, of 255."""

_FOCUS_WIDTH = 2
_Primitive = QStyle.PrimitiveElement
_State = QStyle.StateFlag
_TICKED = (_Primitive.PE_IndicatorCheckBox, _Primitive.PE_IndicatorItemViewItemCheck)
_MARKED = (QStyle.ComplexControl.CC_ComboBox, QStyle.ComplexControl.CC_ToolButton)
_BUTTONS = (_Primitive.PE_PanelButtonCommand, _Primitive.PE_PanelButtonTool)
_FRAMES = (_Primitive.PE_Frame, _Primitive.PE_FrameLineEdit)
_CLOSE_ICONS = (
    QStyle.StandardPixmap.SP_TitleBarCloseButton,
    QStyle.StandardPixmap.SP_DockWidgetCloseButton,
)
_DIALOG_ICONS = (
    QStyle.StandardPixmap.SP_DialogOkButton,
    QStyle.StandardPixmap.SP_DialogCancelButton,
    QStyle.StandardPixmap.SP_DialogCloseButton,
    QStyle.StandardPixmap.SP_DialogResetButton,
)
_Metric = QStyle.PixelMetric
_GROWING = {
    _Metric.PM_IndicatorWidth,
    _Metric.PM_IndicatorHeight,
    _Metric.PM_ExclusiveIndicatorWidth,
    _Metric.PM_ExclusiveIndicatorHeight,
    _Metric.PM_ButtonIconSize,
    _Metric.PM_SmallIconSize,
}
"""The sizes that grow with the text."""

_CHEVRONS = {
    _Primitive.PE_IndicatorArrowDown: Icon.CHEVRON_DOWN,
    _Primitive.PE_IndicatorArrowRight: Icon.CHEVRON_RIGHT,
    _Primitive.PE_IndicatorArrowUp: Icon.CHEVRON_UP,
}
_STRONG_ROLES = {"heading": TextSize.TEXT, "value": TextSize.VALUE, "figure": TextSize.FIGURE}


class WindowStyle(QProxyStyle):
    """Fusion, with controls that can be seen in light and dark, and text in the theme's roles.

    The property ``role`` of a widget says what it is: "heading", "faint", "label", "value",
    "figure", "error", "refused", "banner", "line" or "card". A widget that gets another role has to
    be polished again.

    Lives in the GUI thread.

    Parameters
    ----------
    theme : Theme
        Its colours are followed.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__("Fusion")
        self._theme = theme
        self._measured_at = 0.0
        self._growth = 1.0
        theme.changed.connect(self._polish_again)
        theme.text_scaled.connect(self._polish_again)

    @property
    def _colours(self) -> Colours:
        return self._theme.colours

    # Roles

    def polish(self, what: Any) -> Any:
        """Give a widget the font and the colours of its role."""
        result = super().polish(what)
        if isinstance(what, QWidget):
            role = what.property("role")
            if role is not None:
                self._apply_role(what, role)
        return result

    @Slot()
    def _polish_again(self) -> None:
        for widget in QApplication.allWidgets():
            role = widget.property("role")
            if role is not None:
                self._apply_role(widget, role)

    def _apply_role(self, widget: QWidget, role: str) -> None:
        size = _STRONG_ROLES.get(role)
        if size is not None:
            widget.setFont(_role_font(size, is_strong=True))
        elif role == "label":
            widget.setFont(_role_font(TextSize.LABEL, is_strong=False))
        widget.setPalette(_role_palette(role, self._colours))

    # Sizes

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Let boxes and icons grow with the text."""
        if metric == _Metric.PM_LineEditIconSize:  # Qt doubles it by itself in a higher field
            metric = _Metric.PM_SmallIconSize
        pixels = super().pixelMetric(metric, option, widget)
        return round(pixels * self._scale()) if metric in _GROWING else pixels

    def _scale(self) -> float:
        if self._measured_at != self._theme.text_scale:
            chosen = self._measured_at = self._theme.text_scale
            whole = text_scale(QFontMetrics(QApplication.font()))
            # A small font of the system makes no box smaller, and larger text every box larger.
            self._growth = max(whole / chosen, 1.0) * chosen
        return self._growth

    # Painting

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw check boxes, radio buttons, buttons and the mark of the focus."""
        if element in _TICKED:
            self._draw_box(option, painter, _BOX_RADIUS)
        elif element == _Primitive.PE_IndicatorRadioButton:
            self._draw_box(option, painter, option.rect.width() / 2)
        elif element in _BUTTONS:
            self._draw_button(element, option, painter)
        elif element == _Primitive.PE_PanelLineEdit and _is_quiet(widget):
            self._draw_field(option, painter)
        elif element in _FRAMES:
            self._draw_frame(option, painter)
        elif element in _CHEVRONS:
            self._draw_chevron(_CHEVRONS[element], option, painter)
        elif element == _Primitive.PE_FrameFocusRect:
            draw_focus(painter, QRectF(option.rect), self._colours)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Mark a combo box or a tool button with the focus, along its edge.

        Qt marks combo boxes only in some cases, and draws the icon of a tool button over its mark.
        """
        before = option.state
        is_marked = control in _MARKED and bool(before & _State.State_HasFocus)
        if is_marked and control == QStyle.ComplexControl.CC_ToolButton:
            option.state = before & ~_State.State_HasFocus
        super().drawComplexControl(control, option, painter, widget)
        option.state = before
        if is_marked:
            draw_focus(painter, QRectF(option.rect), self._colours)

    def _draw_box(self, option: QStyleOption, painter: QPainter, radius: float) -> None:
        colours, state = self._colours, option.state
        is_on = bool(state & (_State.State_On | _State.State_NoChange))
        is_enabled = bool(state & _State.State_Enabled)
        rect = QRectF(option.rect).adjusted(1.0, 1.0, -1.0, -1.0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not is_enabled:
            painter.setOpacity(0.5)
        ground = colours.accent if is_on else colours.base
        line = colours.accent if is_on or state & _State.State_MouseOver else colours.outline
        painter.setPen(QPen(QColor(line), 1.4))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect, radius, radius)
        if is_on:
            is_partly = bool(state & _State.State_NoChange)
            sign = Icon.DASH if is_partly else Icon.CHECK
            draw_icon(painter, sign, rect.adjusted(1, 1, -1, -1), QColor(colours.accent_text))
        painter.restore()

    def _draw_chevron(self, icon: Icon, option: QStyleOption, painter: QPainter) -> None:
        groups, state = QPalette.ColorGroup, option.state
        group = groups.Active if state & _State.State_Enabled else groups.Disabled
        role = QPalette.ColorRole
        # Of the entry of a menu under the pointer, the ground has the accent colour.
        is_chosen = bool(state & _State.State_Selected)
        ink = option.palette.color(group, role.HighlightedText if is_chosen else role.ButtonText)
        draw_icon(painter, icon, QRectF(option.rect), ink)

    def _draw_button(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter
    ) -> None:
        colours, state = self._colours, option.state
        is_flat = element == _Primitive.PE_PanelButtonTool and bool(state & _State.State_AutoRaise)
        is_down = bool(state & (_State.State_Sunken | _State.State_On))
        is_under = bool(state & _State.State_MouseOver and state & _State.State_Enabled)
        if is_flat and not (is_down or is_under):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not state & _State.State_Enabled:
            painter.setOpacity(0.6)
        rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(colours.alternate if is_flat else colours.border))
        painter.setBrush(QColor(colours.alternate if is_down or is_under else colours.button))
        radius = min(float(SMALL_RADIUS), rect.height() / 3)
        painter.drawRoundedRect(rect, radius, radius)
        painter.restore()
        if state & _State.State_HasFocus and element == _Primitive.PE_PanelButtonCommand:
            draw_focus(painter, QRectF(option.rect).adjusted(1, 1, -1, -1), colours)

    def _draw_field(self, option: QStyleOption, painter: QPainter) -> None:
        """Draw the ground and the line of a quiet field; of one that is refused, in its colour."""
        colours, palette = self._colours, option.palette
        ground = palette.color(QPalette.ColorRole.Base)
        is_refused = ground == QColor(colours.warning)
        has_focus = bool(option.state & _State.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 1.6) if has_focus else QColor(colours.border))
        painter.setBrush(ground if is_refused else QColor(colours.window))
        rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, SMALL_RADIUS, SMALL_RADIUS)
        painter.restore()

    def _draw_frame(self, option: QStyleOption, painter: QPainter) -> None:
        """Draw the line around a field or a list, in the accent colour if it has the focus."""
        colours, has_focus = self._colours, bool(option.state & _State.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QColor(colours.outline)
        line.setAlpha(_FIELD_LINE)
        painter.setPen(line)
        if has_focus:
            painter.setPen(QPen(QColor(colours.accent), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, _BOX_RADIUS, _BOX_RADIUS)
        painter.restore()

    def standardIcon(
        self,
        icon: QStyle.StandardPixmap,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> QIcon:
        """Return the icons of docks in the colour of text, which can be seen in the dark, too.

        The buttons of dialogs have words alone, on every system.
        """
        if icon in _DIALOG_ICONS:
            return QIcon()
        if icon in _CLOSE_ICONS:
            return make_icon(Icon.CLOSE)
        if icon == QStyle.StandardPixmap.SP_TitleBarNormalButton:
            return make_icon(Icon.FLOAT)
        return super().standardIcon(icon, option, widget)


def _is_quiet(widget: QWidget | None) -> bool:
    return widget is not None and bool(widget.property("is_quiet"))


def draw_focus(painter: QPainter, rect: QRectF, colours: Colours) -> None:
    """Draw the mark of the focus along the inner edge of a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.accent), _FOCUS_WIDTH))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), _BOX_RADIUS, _BOX_RADIUS)
    painter.restore()


def _role_font(size: TextSize, *, is_strong: bool) -> QFont:
    """Return the font of a role; what it does not set, the widget inherits."""
    if size is TextSize.TEXT:
        font = QFont()
        font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        return font
    return text_font(QApplication.font(), size, is_strong=is_strong)


def _role_palette(role: str, colours: Colours) -> QPalette:
    """Return the colours of a role; what it does not set, the widget inherits."""
    which = QPalette.ColorRole
    palette = QPalette()
    chosen: tuple[tuple[QPalette.ColorRole, str], ...] = {
        "faint": ((which.WindowText, colours.faint_text),),
        "label": ((which.WindowText, colours.faint_text),),
        "error": ((which.WindowText, colours.error),),
        "refused": (
            (which.Base, colours.warning),
            (which.Text, colours.warning_text),
            (which.ButtonText, colours.error),
        ),
        "banner": (
            (which.Window, colours.warning),
            (which.WindowText, colours.warning_text),
        ),
        "line": ((which.WindowText, colours.border),),
        "card": ((which.Window, colours.base),),
    }.get(role, ())
    for part, colour in chosen:
        palette.setColor(part, QColor(colour))
    return palette
