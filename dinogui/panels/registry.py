"""The panels that can be docked, in the order of the View menu.

To add a panel, declare a `Panel` beside its widget and add it here. A program that embeds the
window can instead hand `MainWindow` a sequence of its own: ``(*PANELS, MY_PANEL)``.
"""

from dinogui.panels import compare
from dinogui.panels.insight import clipping, flow, next_letter, states, steps, weights
from dinogui.panels.melody import passages, roll
from dinogui.panels.names import kept_names, memory_meter, write_together
from dinogui.panels.panel import Panel
from dinogui.panels.telling import confusion, tell_kind

PANELS: tuple[Panel, ...] = (
    roll.PANEL,
    passages.PANEL,
    clipping.PANEL,
    flow.PANEL,
    states.PANEL,
    next_letter.PANEL,
    weights.PANEL,
    steps.PANEL,
    write_together.PANEL,
    kept_names.PANEL,
    memory_meter.PANEL,
    tell_kind.PANEL,
    confusion.PANEL,
    compare.PANEL,
)
