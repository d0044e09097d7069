"""Colour maps for numbers, made from the theme's colours.

Zero has the colour of the card that the picture is on, so that only what differs from zero stands
out, in light and in dark. Signed values are blue below zero and orange above. Sizes and shares go
from the card through blue to a stronger blue. Between these colours, the maps are even in OKLab,
and people with colour-blindness can tell their ends apart. Values that are infinite or not a number
have a colour that is in neither map.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from dinogui.common.theme import Colours
from engine.nn.parameters import Array

Pixels = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, opacity."""

NOT_FINITE = (224, 0, 94, 255)
"""Crimson: the colour of values that are infinite or not a number."""

_SHADES = 256
_STRONGEST = 0.45
"""How far the strongest blue lies on the way from blue to the colour of text."""

# Björn Ottosson, "A perceptual color space for image processing" (2020).
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def are_finite(pixels: Pixels) -> bool:
    """Return whether no pixel of a contiguous array has the colour `NOT_FINITE`."""
    whole = pixels.view(np.uint32)
    return not bool((whole == np.array(NOT_FINITE, np.uint8).view(np.uint32)).any())


@dataclass(frozen=True)
class ColourMaps:
    """The colour maps of a theme.

    Attributes
    ----------
    one_sided : (256, 4) array
        From 0, the colour of the card, to the strongest blue; RGBA.
    diverging_table : (256, 4) array
        From blue over the colour of the card to orange; RGBA.
    """

    one_sided: Pixels
    diverging_table: Pixels

    def sequential(self, values: Array, low: float, high: float) -> Pixels:
        """Return the colours of values between `low` (as the card) and `high` (strong)."""
        return _coloured(self.one_sided, values, low, high)

    def diverging(self, values: Array, reach: float) -> Pixels:
        """Return the colours of values between -`reach` and `reach`, with zero in the middle."""
        return _coloured(self.diverging_table, values, -reach, reach)

    def logarithmic(self, values: Array, low: float, high: float) -> Pixels:
        """Return the colours of sizes between `low` and `high` by their logarithms.

        Both ends are above 0; a size of zero has the colour of `low`.
        """
        with np.errstate(all="ignore"):
            logarithms = np.log10(np.maximum(values, low))
        return _coloured(self.one_sided, logarithms, np.log10(low), np.log10(high))


@cache
def colour_maps(colours: Colours) -> ColourMaps:
    """Return the colour maps of a theme."""
    card, blue, orange, text = map(
        _oklab, (colours.base, colours.accent, colours.second, colours.text)
    )
    strongest = blue + _STRONGEST * (text - blue)
    way = np.linalg.norm(blue - card)
    middle = float(way / (way + np.linalg.norm(strongest - blue)))
    return ColourMaps(_table(card, blue, strongest, middle), _table(blue, card, orange, 0.5))


def reach_of(values: Array) -> float:
    """Return the largest finite absolute value, or 1 if there is none above zero."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def luminance(pixels: Pixels) -> Array:
    """Return the relative luminance of colours, from 0 to 1, as WCAG 2.1 defines it.

    Parameters
    ----------
    pixels : (..., 4) array
    """
    return np.asarray(_linear(pixels[..., :3] / 255.0) @ [0.2126, 0.7152, 0.0722])


def _linear(encoded: Array) -> Array:
    """Return the linear light of sRGB channels from 0 to 1."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _table(first: Array, middle: Array, last: Array, place: float) -> Pixels:
    """Return the colours between three OKLab colours, the middle one at a place: (256, 4), RGBA."""
    shares = np.linspace(0, 1, _SHADES)
    channels = [
        np.interp(shares, (0, place, 1), part) for part in zip(first, middle, last, strict=True)
    ]
    cones = (np.stack(channels, axis=1) @ np.linalg.inv(_TO_OKLAB).T) ** 3
    linear: Array = np.clip(cones @ np.linalg.inv(_TO_CONES).T, 0, 1)
    curved: Array = 1.055 * linear ** (1 / 2.4) - 0.055
    encoded: Array = np.where(linear <= 0.0031308, 12.92 * linear, curved)
    opaque = np.full((_SHADES, 1), 255)
    return np.asarray(np.append(np.rint(255 * encoded), opaque, axis=1), np.uint8)


def _oklab(name: str) -> Array:
    """Return a colour such as "#3557d6" in OKLab: (3,)."""
    colour = QColor(name)
    encoded = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    return np.asarray(_TO_OKLAB @ np.cbrt(_TO_CONES @ _linear(encoded)))


def _coloured(table: Pixels, values: Array, low: float, high: float) -> Pixels:
    finite = np.isfinite(values)
    span = high - low or 1.0
    shares = np.where(finite, values, low).astype(np.float64) / span - low / span
    places = np.clip(shares * (_SHADES - 1) + 0.5, 0, _SHADES - 1).astype(np.intp)
    # The four bytes of a colour are looked up as one number.
    colours = np.append(table, [NOT_FINITE], axis=0).astype(np.uint8).view(np.uint32)[:, 0]
    if not finite.all():
        places[~finite] = _SHADES
    return colours.take(places)[..., np.newaxis].view(np.uint8)
