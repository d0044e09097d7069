"""The panels that can be docked, in the order of the menu."""

from dinogui.docks import PanelEntry

PANELS: tuple[PanelEntry, ...] = ()
