"""The colours of widgets and plots: one set for light and one for dark schemes."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Colours:
    """One set of colours, as ``#rrggbb``.

    The colours of the curves are from Okabe and Ito's palette, which is safe for the colour-blind
    ("Color universal design", 2008). Some are lightened or darkened for contrast.
    """

    window: str
    base: str
    alternate: str
    text: str
    faint_text: str
    border: str
    button: str
    accent: str
    accent_text: str
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


LIGHT = Colours(
    window="#f3f4f6",
    base="#ffffff",
    alternate="#f0f2f5",
    text="#1d2126",
    faint_text="#5b646e",
    border="#c9ced6",
    button="#ffffff",
    accent="#0b62a8",
    accent_text="#ffffff",
    error="#a33b00",
    warning="#fdf0d5",
    warning_text="#5c3c00",
    grid="#8a929c",
    smoothed="#0072b2",
    raw="#b4d0e4",
    held_out="#c95700",
    guessing="#6b737d",
    memorised="#00795a",
    surprise="#f5a44a",
)

DARK = Colours(
    window="#2a2f36",
    base="#191c20",
    alternate="#22272d",
    text="#e7eaee",
    faint_text="#a3acb6",
    border="#4a535e",
    button="#39414a",
    accent="#4aa3df",
    accent_text="#0e1114",
    error="#f0ad2e",
    warning="#453512",
    warning_text="#ffdf9e",
    grid="#7d8590",
    smoothed="#56b4e9",
    raw="#3c627f",
    held_out="#e69f00",
    guessing="#98a1ab",
    memorised="#3cc39a",
    surprise="#9a4f00",
)


class Theme(QObject):
    """Applies the system's colour scheme, and follows it when it changes.

    Lives in the GUI thread.

    Signals
    -------
    changed(Colours)

    Attributes
    ----------
    colours : Colours
        The colours in use.
    """

    changed = Signal(object)

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        # On a platform without schemes, its palette still tells whether it is dark.
        window = application.palette().color(QPalette.ColorRole.Window)
        self._fallback = DARK if window.lightness() < 128 else LIGHT
        self._chosen = Qt.ColorScheme.Unknown
        self._has_sheet = False
        # The only style that takes every colour from the palette on every system.
        application.setStyle("Fusion")
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self._apply)
        self.colours = self._fallback
        self._apply()

    def choose(self, scheme: Qt.ColorScheme) -> None:
        """Use a scheme instead of the system's; `Unknown` follows the system again."""
        self._chosen = scheme
        self._hints.setColorScheme(scheme)  # for what the system draws: the title bar, dialogs
        self._apply()

    def apply_style_sheet(self) -> None:
        """Set the style sheet as well, once the window is built.

        While a style sheet is set, Qt restyles a widget and its children whenever it gets another
        parent. While a window is built, that took two fifths of the time.
        """
        self._has_sheet = True
        self._application.setStyleSheet(_style_sheet(self.colours))

    @Slot()
    def _apply(self) -> None:
        scheme = self._chosen
        if scheme is Qt.ColorScheme.Unknown:
            scheme = self._hints.colorScheme()
        known = {Qt.ColorScheme.Light: LIGHT, Qt.ColorScheme.Dark: DARK}
        self.colours = known.get(scheme, self._fallback)
        self._application.setPalette(_palette(self.colours))
        if self._has_sheet:
            self._application.setStyleSheet(_style_sheet(self.colours))
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


def _style_sheet(colours: Colours) -> str:
    return f"""
        QLabel[role="heading"] {{ font-weight: bold; }}
        QLabel[role="faint"] {{ color: {colours.faint_text}; }}
        QLabel[role="error"] {{ color: {colours.error}; }}
        QLineEdit[role="refused"], QAbstractSpinBox[role="refused"] {{
            background: {colours.warning}; color: {colours.warning_text};
        }}
        QAbstractButton[role="refused"] {{ color: {colours.error}; }}
        QTabWidget::pane {{ background: {colours.window}; border: 1px solid {colours.border}; }}
        QFrame[role="banner"] {{
            background: {colours.warning}; border: 1px solid {colours.border}; border-radius: 4px;
        }}
        QFrame[role="banner"] QLabel {{ color: {colours.warning_text}; }}
        QFrame[role="line"] {{ color: {colours.border}; }}
        QStatusBar QLabel {{ padding: 3px 10px; }}
        QSplitter::handle {{ background: {colours.window}; }}
    """
