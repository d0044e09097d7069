"""Readers of command-line words: each says in a sentence what it does not accept."""

import argparse
import errno
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

MAX_SEED = 2**32 - 2
"""Largest seed: NumPy's legacy generator takes 32 bits, and the course uses the next one too."""

EXIT_USAGE = 2

_REASONS = {
    errno.ENOENT: "there is no such folder",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "there is no permission for it",
    errno.EROFS: "there is no permission for it",
    errno.ENOSPC: "the disk is full",
}
"""Why a file cannot be written, where the system's own words are short of a sentence."""


class OptionError(ValueError):
    """An option's value cannot be used. The message is a sentence that names the option."""


class SentenceParser(argparse.ArgumentParser):
    """A parser that tells in one sentence which option it cannot take, and why.

    Options have to be written in full, so that they are named as they were typed.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong, and end the program; without the usage where an option is named."""
        kind, _, told = message.partition(" ")
        if message.startswith("unrecognized arguments: "):
            told = f"“{message.partition(': ')[2]}” is not understood: see {self.prog} --help"
        elif kind != "argument":
            super().error(message)
        told = told.replace("expected one argument", "a value is missing")
        told = told.replace(": not allowed with argument", " does not go with")
        self.exit(EXIT_USAGE, f"{told.removesuffix('.')}.\n")


@contextmanager
def blaming(option: str) -> Iterator[None]:
    """Let whatever is found wrong inside be told of an option.

    Raises
    ------
    OptionError
        For a ValueError, with its sentence, and for an OSError, which is a file that cannot be
        written.
    """
    try:
        yield
    except OSError as error:
        raise OptionError(f"{option}: {told_of_place(error)}") from error
    except ValueError as error:
        raise OptionError(f"{option}: {error}") from error


def told_of_place(error: OSError) -> str:
    """Say in a sentence why a file, or the standard output, cannot be written."""
    place = "The output" if error.filename is None else f"“{error.filename}”"
    return f"{place} cannot be written: {_REASONS.get(error.errno or 0, error.strerror)}."


def positive_number(text: str) -> float:
    """Read a number above 0, for argparse."""
    return _number(text, lambda value: 0 < value < math.inf, "a finite number above 0")


def proper_share(text: str) -> float:
    """Read a number between 0 and 1, neither of them included, for argparse."""
    return _number(text, lambda value: 0 < value < 1, "a number above 0 and below 1")


def probability(text: str) -> float:
    """Read a number above 0, and 1 at the most, for argparse."""
    return _number(text, lambda value: 0 < value <= 1, "a number above 0, and 1 at the most")


def file_name(text: str) -> str:
    """Read the name of a file, for argparse."""
    if not text:
        raise argparse.ArgumentTypeError("“” is not the name of a file.")
    return text


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    """Make a reader of a word among some, for argparse."""
    words = tuple(allowed)

    def read(text: str) -> str:
        """Read one, or say what is allowed."""
        if text not in words:
            raise argparse.ArgumentTypeError(f"“{text}” is not one of {', '.join(words)}.")
        return text

    return read


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


def whole_numbers(least: int, most: int, count: int) -> Callable[[str], tuple[int, ...]]:
    """Make a reader of up to `count` whole numbers with commas between them, for argparse."""
    read_one = whole_number(least, most)

    def read(text: str) -> tuple[int, ...]:
        """Read them, or say what is allowed."""
        numbers = tuple(read_one(part) for part in text.split(","))
        if len(numbers) > count:
            raise argparse.ArgumentTypeError(f"“{text}” has more than {count} numbers.")
        return numbers

    return read


def share(below: float) -> Callable[[str], float]:
    """Make a reader of numbers from 0 up to, but not including, `below`, for argparse."""
    allowed = f"a number of 0 or more and below {below:g}"
    return lambda text: _number(text, lambda value: 0 <= value < below, allowed)


def _number(text: str, fits: Callable[[float], bool], allowed: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not fits(value):
        raise argparse.ArgumentTypeError(f"“{text}” is not {allowed}.")
    return value
