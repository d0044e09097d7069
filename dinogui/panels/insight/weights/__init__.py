"""The Weights and updates panel: a matrix, its entries, and how far each step moves it."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.weights.weights_panel import WeightsPanel

    return WeightsPanel(panel, session, theme)


PANEL = Panel(
    key="weights",
    title="&Weights and updates",
    question="Is my learning rate right?",
    factory=_make,
    summary="A matrix, its entries, and how far a step moves it. About 1e-3 of its size is good.",
)
