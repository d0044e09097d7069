"""What was found out about a hidden unit, as a page of text."""

from collections.abc import Sequence
from html import escape

import numpy as np

from dinogui.panels.insight.frame.notation import write_number
from dinogui.panels.insight.states.unit_search import LossWithout, UnitResult
from engine.data.visible_symbols import visible
from engine.data.vocabulary import END
from engine.insight import Driver
from engine.nn.parameters import Array

_MOST = 5
"""How many letters or units are listed in each direction."""


def unit_page(result: UnitResult) -> str:
    """Return the page, in Qt's rich text."""
    found, request = result.found, result.request
    read = f"{found.names_read:,} of {found.names_given:,} {result.counted}" + (
        f"; {found.not_finite:,} values are infinite or not a number" if found.not_finite else ""
    )
    up, down = _means(result, -1), _means(result, 1)
    state = " It is switched off." if result.is_off else ""
    loss = f"{loss_sentence(result.loss)}<br>" if result.loss is not None else ""
    return (
        f"<b>Unit {request.unit}</b> of layer {request.layer}, step {result.step:,}, {read}."
        f"{state}<br>{loss}{_weights(result)}"
        f"<table width='100%'><tr><td width='50%'><b>up</b> after {up}</td>"
        f"<td><b>down</b> after {down}</td></tr>"
        f"<tr><td>{_places(found.up)}</td><td>{_places(found.down)}</td></tr></table>"
    )


def loss_sentence(loss: LossWithout) -> str:
    """Return the loss with and without the unit: "Held-out loss 1.71, without it 1.83 (+0.12)"."""
    # The difference of what is shown, so that the three numbers agree.
    with_it, without_it = round(loss.with_it, 3), round(loss.without_it, 3)
    return (
        f"Held-out loss {with_it:.3f}, without it {without_it:.3f} "
        f"({without_it - with_it:+.3f}) nats per character."
    )


def _weights(result: UnitResult) -> str:
    """Return what the unit listens to, and what it speaks for."""
    weights, layer = result.weights, result.request.layer
    symbols = [visible(symbol) for symbol in result.symbols]
    below = symbols if weights.reads_symbols else _units(weights.incoming, layer - 1)
    above = symbols if weights.predicts_symbols else _units(weights.outgoing, layer + 1)
    return (
        f"Largest weights <b>from</b> {_strongest(below, weights.incoming)}; "
        f"<b>to</b> {_strongest(above, weights.outgoing)}."
    )


def _units(weights: Array, layer: int) -> list[str]:
    return [f"unit {index} of layer {layer}" for index in range(len(weights))]


def _strongest(labels: Sequence[str], weights: Array) -> str:
    """Return the labels of the largest weights of either sign, the largest first."""
    finite = np.flatnonzero(np.isfinite(weights))
    ranked = finite[np.argsort(-np.abs(weights[finite]), kind="stable")][:_MOST]
    return ", ".join(_entry(labels[index], weights[index]) for index in ranked) or "nothing"


def _entry(label: str, value: float) -> str:
    return f"{escape(label)}&nbsp;{value:+.2f}"


def _means(result: UnitResult, sign: int) -> str:
    """Return the letters with the highest (sign -1) or lowest (sign 1) mean of the unit."""
    means = result.found.mean_by_symbol
    finite = np.flatnonzero(np.isfinite(means))
    ranked = finite[np.argsort(sign * means[finite], kind="stable")][:_MOST]
    shown = [
        _entry(visible(result.symbols[index]), means[index])
        for index in ranked
        if result.symbols[index] != END
    ]
    return ", ".join(shown) or "nothing"


def _places(found: Sequence[Driver]) -> str:
    return "<br>".join(
        f"{write_number(driver.activation)}&nbsp; <b>{escape(driver.read) or '·'}</b>"
        f"{escape(driver.rest)}"
        for driver in found
    )
