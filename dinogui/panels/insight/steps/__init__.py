"""The panel for a step's arithmetic: every equation of one training step, with its numbers."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.steps.steps_panel import StepsPanel

    return StepsPanel(panel, session, theme)


PANEL = Panel(
    key="steps",
    title="A step's &arithmetic",
    question="What happens in one step?",
    factory=_make,
    summary="Every equation of one step, with its numbers.",
)
