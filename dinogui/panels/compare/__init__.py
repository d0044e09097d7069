"""The Compare panel: what differs between the runs on the plot."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.compare.compare_panel import ComparePanel

    return ComparePanel(panel, session, theme)


PANEL = Panel(
    key="compare",
    title="Com&pare",
    question="What differs between the runs on the plot?",
    factory=_make,
    summary="Only what is not the same in all of them, and what each has reached.",
)
