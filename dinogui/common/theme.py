"""The look of the window in numbers: colours, light and dark, radii, spacing and sizes of text."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Colours:
    """One set of colours, as ``#rrggbb``.

    `base` is the ground of cards, on the ground `window`. `border` is the line around a card, and
    `outline` that around a control, which has to be seen. Blue and orange, the colours of the
    curves, can be told apart by the colour-blind.
    """

    window: str
    base: str
    alternate: str
    text: str
    faint_text: str
    border: str
    outline: str
    button: str
    accent: str
    accent_text: str
    second: str
    good: str
    error: str
    warning: str
    warning_text: str
    grid: str
    smoothed: str
    raw: str
    held_out: str
    guessing: str
    memorised: str
    surprise: str
    runs: tuple[str, ...]


LIGHT = Colours(
    window="#f4f5f7",
    base="#ffffff",
    alternate="#eef1f6",
    text="#1b1f27",
    faint_text="#636a77",
    border="#e3e6ea",
    outline="#868d99",
    button="#ffffff",
    accent="#3557d6",
    accent_text="#ffffff",
    second="#e07a1f",
    good="#1a7a50",
    error="#c2410c",
    warning="#fdf0d5",
    warning_text="#5c3c00",
    grid="#868d99",
    smoothed="#3557d6",
    raw="#b4c0ee",
    held_out="#e07a1f",
    guessing="#636a77",
    memorised="#1a7a50",
    surprise="#f5a44a",
    runs=(
        *("#0f7f74", "#8a3fb0", "#b8245c", "#756600", "#0e74a8", "#84502f", "#3d7a1f"),
        "#56657a",
    ),
)

DARK = Colours(
    window="#14161b",
    base="#1c1f26",
    alternate="#262a33",
    text="#e8eaee",
    faint_text="#98a1b0",
    border="#2b2f38",
    outline="#6b7482",
    button="#262a33",
    accent="#7c9bff",
    accent_text="#14161b",
    second="#ffb067",
    good="#5fd3a0",
    error="#ff9a76",
    warning="#453512",
    warning_text="#ffdf9e",
    grid="#6b7482",
    smoothed="#7c9bff",
    raw="#3a4674",
    held_out="#ffb067",
    guessing="#98a1b0",
    memorised="#5fd3a0",
    surprise="#9a4f00",
    runs=(
        *("#4fd1c0", "#c48be6", "#ff7fa9", "#d6c34a", "#6fc3ef", "#cf9d7c", "#8fd168"),
        "#a5b4c8",
    ),
)

RADIUS = 12
"""Radius of the corners of cards, in pixels."""

SMALL_RADIUS = 8
"""Radius of the corners of buttons, boxes and messages, in pixels."""

SPACE = 4
"""All spacing is a multiple of this, in pixels."""

TEXT_SCALES = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""The sizes of the text that can be chosen, as shares of the system's size."""


class TextSize(Enum):
    """The sizes of text, as shares of the interface's text of 13 pixels."""

    LABEL = 11 / 13
    TEXT = 1.0
    NAME = 14 / 13
    VALUE = 17 / 13
    FIGURE = 24 / 13


_USUAL_LINE = 17
"""Pixels: the height of a line of the usual text."""


def text_font(font: QFont, size: TextSize, *, is_strong: bool = False) -> QFont:
    """Return a font in another size, with digits of equal width where the family has them.

    Parameters
    ----------
    font : QFont
        The interface's font.
    size : TextSize
    is_strong : bool
        Whether the text is half bold.
    """
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * size.value)
    else:
        scaled.setPixelSize(round(font.pixelSize() * size.value))
    if is_strong:
        scaled.setWeight(QFont.Weight.DemiBold)
    if hasattr(scaled, "setFeature"):  # Qt 6.7
        scaled.setFeature(QFont.Tag("tnum"), 1)
    return scaled


def text_scale(metrics: QFontMetrics) -> float:
    """Return how large a text is, as a multiple of the size that pixels are chosen for."""
    return metrics.height() / _USUAL_LINE


class Theme(QObject):
    """Applies the system's colour scheme, and follows it when it changes; scales the text.

    Lives in the GUI thread.

    Signals
    -------
    changed(Colours)
    text_scaled()
        The text has another size.

    Attributes
    ----------
    colours : Colours
        The colours in use.
    text_scale : float
        The size of the text, as a share of the system's.
    """

    changed = Signal(object)
    text_scaled = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        # On a platform without schemes, its palette still tells whether it is dark.
        window = application.palette().color(QPalette.ColorRole.Window)
        self._fallback = DARK if window.lightness() < 128 else LIGHT
        self._chosen = Qt.ColorScheme.Unknown
        self._system_font = QFont(application.font())
        self.text_scale = 1.0
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._apply)
        self.colours = self._fallback
        self._apply()

    def choose(self, scheme: Qt.ColorScheme) -> None:
        """Use a scheme instead of the system's; `Unknown` follows the system again."""
        self._chosen = scheme
        self._hints.setColorScheme(scheme)  # for what the system draws: the title bar, dialogs
        self._apply()

    def scale_text(self, scale: float) -> None:
        """Write all text larger, or in the system's size again.

        Parameters
        ----------
        scale : float
            One of `TEXT_SCALES`.
        """
        if scale == self.text_scale:
            return
        self.text_scale = scale
        font = QFont(self._system_font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * scale)
        else:
            font.setPixelSize(round(font.pixelSize() * scale))
        self._application.setFont(font)
        self.text_scaled.emit()

    @Slot()
    def _apply(self) -> None:
        scheme = self._chosen
        if scheme is Qt.ColorScheme.Unknown:
            scheme = self._hints.colorScheme()
        known = {Qt.ColorScheme.Light: LIGHT, Qt.ColorScheme.Dark: DARK}
        self.colours = known.get(scheme, self._fallback)
        self._application.setPalette(_palette(self.colours))
        self.changed.emit(self.colours)


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.base),
        (role.AlternateBase, colours.alternate),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.faint_text),
        (role.Button, colours.button),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.base),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.accent_text),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.Mid, colours.border),
        (role.BrightText, colours.error),
    ):
        palette.setColor(which, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    palette.setColor(disabled, role.Highlight, QColor(colours.border))
    palette.setColor(disabled, role.Accent, QColor(colours.border))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        faint = QColor(colours.faint_text)
        faint.setAlpha(140)
        palette.setColor(disabled, which, faint)
    return palette
