"""Readers of command-line words, for argparse: each says in a sentence what it does not accept."""

import argparse
import math
from collections.abc import Callable


def positive_number(text: str) -> float:
    """Read a number above 0, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number above 0.")
    return value


def clip_value(text: str) -> float | None:
    """Read a number above 0, or the word "off", for argparse."""
    return None if text == "off" else positive_number(text)


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Make a reader of whole numbers from `least` to `most`, for argparse."""
    allowed = f"of {least} or more" if most is None else f"from {least} to {most}"

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number {allowed}.")
        return value

    return read
