"""What a panel has to declare so that the window can offer, show and explain it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

import resources
from dinogui.common.data_nouns import DATA_NOUNS
from dinogui.common.theme import Theme
from dinogui.session.session import Session
from engine.data.training_data import DATA_KINDS, DataKind


@dataclass(frozen=True)
class PanelWords:
    """What a panel is called, and what it says it shows, for some kind of data.

    Attributes
    ----------
    title, question, summary : str
        As in `Panel`.
    """

    title: str
    question: str
    summary: str

    @property
    def name(self) -> str:
        """The title without its mnemonic."""
        return self.title.replace("&", "")


@dataclass(frozen=True)
class Panel:
    """The description of a panel that can be docked.

    Attributes
    ----------
    key : str
        Identifies the panel in the saved window layout and names its help page. It is unique and
        never changes.
    title : str
        Title with its mnemonic, for the View menu.
    question : str
        The question that the panel answers, in one line.
    factory : callable
        Makes the panel's widget from this description, the session and the theme. The widget
        connects itself to the session, shows a `PanelHeading`, and computes only while it is
        visible. The factory is called when the panel is first shown; it should import the widget's
        module only then, so that the window's start does not depend on the number of panels.
    summary : str
        What the panel shows, in one sentence beside the question. Optional.
    help_file : Path, optional
        The help page, in Markdown. By default ``resources/docs/panels/<key>.md``.
    area : Qt.DockWidgetArea
        Where the panel is docked at first.
    opens_at_first : bool
        Whether the panel is open in a window without a saved layout.
    data_kinds : tuple of {"names", "text", "melodies"}
        The panel is offered only while the run shown is on data of one of these kinds. By default
        it is always offered.
    melody_words : PanelWords, optional
        The words for runs on melodies, if they are others.
    """

    key: str
    title: str
    question: str
    factory: Callable[["Panel", Session, Theme], QWidget]
    summary: str = ""
    help_file: Path | None = None
    area: Qt.DockWidgetArea = Qt.DockWidgetArea.BottomDockWidgetArea
    opens_at_first: bool = False
    data_kinds: tuple[DataKind, ...] = DATA_KINDS
    melody_words: PanelWords | None = None

    @property
    def name(self) -> str:
        """The title without its mnemonic."""
        return self.title.replace("&", "")

    def words(self, kind: DataKind) -> PanelWords:
        """Return the words for a kind of data."""
        if kind == "melodies" and self.melody_words is not None:
            return self.melody_words
        return PanelWords(self.title, self.question, DATA_NOUNS[kind].said(self.summary))

    @property
    def help_text(self) -> str:
        """The help page, in Markdown."""
        if self.help_file is not None:
            return self.help_file.read_text(encoding="utf-8")
        return resources.panel_help(self.key)

    def make(self, session: Session, theme: Theme) -> QWidget:
        """Make the panel's widget."""
        return self.factory(self, session, theme)
