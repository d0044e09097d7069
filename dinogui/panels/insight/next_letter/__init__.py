"""The Next letter panel: the probability of every symbol at each letter of a name."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel, PanelWords
from dinogui.session.session import Session

_SUMMARY = "The stronger a cell, the more probable the symbol. The one that came is framed."


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.next_letter.next_letter_panel import NextLetterPanel

    return NextLetterPanel(panel, session, theme)


PANEL = Panel(
    key="next_letter",
    title="&Next letter",
    question="What did it expect?",
    factory=_make,
    summary=_SUMMARY,
    melody_words=PanelWords("&Next note", "What did it expect?", _SUMMARY),
)
