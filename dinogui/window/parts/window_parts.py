"""What the main window is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from dinogui.common.actions.window_actions import Actions
from dinogui.common.theme import Theme
from dinogui.library.library import Library
from dinogui.panels.learned_line import LearnedLine
from dinogui.panels.loss.loss_plot import LossPlot
from dinogui.panels.loss.past.playback_row import PlaybackRow
from dinogui.panels.model.controls import ControlsPanel
from dinogui.panels.model.model import ModelPanel
from dinogui.panels.names.names import NamesPanel
from dinogui.panels.opening_sentence import OpeningSentence
from dinogui.panels.panel import Panel
from dinogui.panels.race.lane_names import LaneNames
from dinogui.panels.race.race_card import RaceCard
from dinogui.panels.race.race_on_plot import RaceOnPlot
from dinogui.panels.run_end.action_line import ActionLine
from dinogui.panels.run_end.until_button import UntilButton
from dinogui.panels.status import StatusLine
from dinogui.panels.text.writing import WritingPanel
from dinogui.panels.what_if.what_if import WhatIf
from dinogui.session.session import Session
from dinogui.session.text_generation import TextGeneration
from dinogui.widgets.banner import Banner
from dinogui.window.layout.right_columns import RightColumns
from dinogui.window.offers.left_behind import LeftBehindList
from dinogui.window.offers.run_end import RunEnd
from dinogui.window.opening import Opening
from dinogui.window.parts.run_log import RunLog
from dinogui.window.run_commands import RunCommands


@dataclass(frozen=True)
class WindowParts:
    """What the main window is given. `dinogui.app` makes it; see each class for what it does."""

    session: Session
    theme: Theme
    actions: Actions
    model: ModelPanel
    controls: ControlsPanel
    loss_plot: LossPlot
    names: NamesPanel
    writing: WritingPanel
    status: StatusLine
    banner: Banner
    text_generation: TextGeneration
    log: RunLog
    columns: RightColumns
    library: Library
    opening: Opening
    run_commands: RunCommands
    left_behind: LeftBehindList
    end_line: ActionLine
    learned: LearnedLine
    opening_sentence: OpeningSentence
    until_button: UntilButton
    playback_row: PlaybackRow
    what_if: WhatIf
    run_end: RunEnd
    race_card: RaceCard
    race_on_plot: RaceOnPlot
    lane_names: LaneNames
    panels: Sequence[Panel]
