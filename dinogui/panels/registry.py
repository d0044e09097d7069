"""The panels that can be docked, in the order of the menu."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.insight import questions
from dinogui.panels.insight.questions import Question
from dinogui.session.session import Session
from dinogui.window.docks import MakePanel, PanelEntry


def _make_clipping(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.clipping import ClippingPanel

    return ClippingPanel(session, theme)


def _make_flow(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.flow import FlowPanel

    return FlowPanel(session, theme)


def _make_states(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.states import StatesPanel

    return StatesPanel(session, theme)


def _make_next_letter(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.next_letter import NextLetterPanel

    return NextLetterPanel(session, theme)


def _make_weights(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.weights import WeightsPanel

    return WeightsPanel(session, theme)


def _make_steps(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.steps import StepsPanel

    return StepsPanel(session, theme)


def _entry(words: Question, make: MakePanel) -> PanelEntry:
    return PanelEntry(words.name, words.title, words.question, make)


def _write_together(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.names.write_together import WriteTogether

    return WriteTogether(session.name_generation, theme)


def _kept_names(session: Session, _theme: Theme) -> QWidget:
    from dinogui.panels.names.kept_names import KeptPanel

    return KeptPanel(session.name_generation)


def _memory_meter(session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.names.memory_meter import MemoryMeter

    return MemoryMeter(session.name_generation, theme)


PANELS: tuple[PanelEntry, ...] = (
    _entry(questions.CLIPPING, _make_clipping),
    _entry(questions.FLOW, _make_flow),
    _entry(questions.STATES, _make_states),
    _entry(questions.NEXT_LETTER, _make_next_letter),
    _entry(questions.WEIGHTS, _make_weights),
    _entry(questions.STEPS, _make_steps),
    PanelEntry("write_together", "Write &together", "What letter comes next?", _write_together),
    PanelEntry("kept_names", "&Kept names", "Which names were worth keeping?", _kept_names),
    PanelEntry("memory_meter", "&Memory meter", "Does it only repeat its data?", _memory_meter),
)
