"""The Gradient flow panel: how large the gradient still is at each earlier letter."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.flow.flow_panel import FlowPanel

    return FlowPanel(panel, session, theme)


PANEL = Panel(
    key="flow",
    title="Gradient &flow",
    question="How far back does it learn?",
    factory=_make,
    summary="The size of dL/da at each letter: for the whole loss, and for the last letter's loss.",
)
