"""The Clipping panel: a histogram of the gradient, and the clip value as a line to drag."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.clipping.clipping_panel import ClippingPanel

    return ClippingPanel(panel, session, theme)


PANEL = Panel(
    key="clipping",
    title="&Clipping",
    question="What does clipping do, now?",
    factory=_make,
    summary="The entries of the gradient by size, and the clip value as a line to drag.",
)
