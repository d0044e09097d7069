"""Plots that look alike: still, without menus, in the theme's colours."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from dinogui.theme import Colours


def make_plot(name: str, *, left: str = "", bottom: str = "") -> pg.PlotWidget:
    """Make a plot that neither pans nor zooms.

    Parameters
    ----------
    name : str
        For screen readers.
    left, bottom : str
        What the axes mean.
    """
    plot = pg.PlotWidget()
    plot.setAccessibleName(name)
    plot.setAcceptDrops(False)  # the window takes the files that are dropped
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(False, False)
    plot.getViewBox().disableAutoRange()
    for side, text in (("left", left), ("bottom", bottom)):
        axis = plot.getAxis(side)
        axis.enableAutoSIPrefix(False)
        axis.setStyle(maxTickLevel=0)
        if text:
            axis.setLabel(text)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything there
    plot.setMinimumSize(80, 60)
    return plot


def colour_plot(plot: pg.PlotWidget, colours: Colours) -> None:
    """Draw a plot's surroundings in the theme's colours."""
    plot.setBackground(colours.base)
    for side in ("left", "bottom"):
        plot.getAxis(side).setPen(colours.grid)
        plot.getAxis(side).setTextPen(colours.faint_text)


def write_number(value: float) -> str:
    """Write a number in three digits, and what is none in words."""
    text = f"{value:.3g}"
    return {"nan": "not a number", "inf": "infinite", "-inf": "minus infinite"}.get(text, text)
