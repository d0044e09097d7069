"""Readers of command-line words, for argparse: each says in a sentence what it does not accept."""

import argparse
import math
from collections.abc import Callable

MAX_SEED = 2**32 - 2
"""Largest seed: NumPy's legacy generator takes 32 bits, and the course uses the next one too."""


def positive_number(text: str) -> float:
    """Read a number above 0, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"“{text}” is not a finite number above 0.")
    return value


def clip_value(text: str) -> float | None:
    """Read a number above 0, or the word "off", for argparse."""
    if text.lower() == "off":
        return None
    try:
        return positive_number(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{str(error)[:-1]}, and not “off”.") from None


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--seed`` to a parser."""
    parser.add_argument(
        "--seed",
        type=whole_number(0, MAX_SEED),
        default=0,
        metavar="N",
        help="the same seed gives the same run and the same names (default: %(default)s)",
    )


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Make a reader of whole numbers from `least` to `most`, for argparse."""
    allowed = f"of {least} or more" if most is None else f"from {least} to {most}"

    def read(text: str) -> int:
        """Read one, or say what is allowed."""
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number {allowed}.")
        return value

    return read


def whole_numbers(least: int, most: int) -> Callable[[str], tuple[int, ...]]:
    """Make a reader of whole numbers with commas between them, for argparse."""
    read_one = whole_number(least, most)

    def read(text: str) -> tuple[int, ...]:
        return tuple(read_one(part) for part in text.split(","))

    return read


def share(below: float) -> Callable[[str], float]:
    """Make a reader of numbers from 0 up to, but not including, `below`, for argparse."""

    def read(text: str) -> float:
        """Read one, or say what is allowed."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 <= value < below:
            raise argparse.ArgumentTypeError(
                f"“{text}” is not a number of 0 or more and below {below:g}."
            )
        return value

    return read
