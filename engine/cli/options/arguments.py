"""Parsing of command-line arguments, with a sentence for each value that is not accepted."""

import argparse
import errno
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from engine.cli.command import EXIT_USAGE
from engine.training.ranges import MAX_CLIP

_REASONS = {
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "its folder is a file",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "there is no permission for it",
    errno.EPERM: "there is no permission for it",
    errno.EROFS: "there is no permission for it",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.ENOSPC: "the disk is full",
    errno.EPIPE: "no program reads it any longer",
}
"""Why a file cannot be written, if the system's own words do not fit into the sentence."""


_LIKENESS = 0.75
"""How alike an unknown option and one that there is must be, from 0 to 1."""

_OTHER_NAMES = {
    "--prefix": "--prompt",
    "--prompt": "--prefix",
    "--output": "--save",
    "--save": "--output",
}
"""Options of some commands, and what serves the same purpose in others."""

_INVALID_CHOICE = re.compile(r"COMMAND: invalid choice: '(.*)' \(choose from .*\)", re.DOTALL)
"""What argparse says of a command that there is not."""


_DASHES = re.compile(r"-[-\s]+")
_WITH_DASHES = "--separator"
"""The option whose value may be a line of dashes."""


class OptionError(ValueError):
    """An option's value cannot be used. The message is a sentence that names the option."""


class SentenceParser(argparse.ArgumentParser):
    """A parser that reports an error in one sentence that names the option.

    Options must be written in full, so that the sentence names them as they were typed. They may
    stand anywhere: also between words of which a command takes several, such as files.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self._is_intermixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the words, whatever their order, and return what is not understood as well."""
        takes_several = any(action.nargs in ("*", "+") for action in self._get_positional_actions())
        if not takes_several or self._is_intermixing:
            return super().parse_known_args(args, namespace)
        self._is_intermixing = True  # argparse calls this method again
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_intermixing = False

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and exit. If an option is named, the usage is left out."""
        kind, _, sentence = message.partition(" ")
        if kind != "argument":
            super().error(message)
        choice = _INVALID_CHOICE.fullmatch(sentence)
        if choice is not None:  # all other choices are read by `one_of`
            sentence = f"“{choice[1]}” is not a command. “{self.prog} --help” lists all commands"
        sentence = sentence.replace("expected one argument", "a value is missing")
        sentence = sentence.replace(": not allowed with argument", " cannot be combined with")
        self.exit(EXIT_USAGE, f"{sentence.removesuffix('.')}.\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a help, a version or a sentence; argparse would ignore that nobody can read it.

        Raises
        ------
        OSError
            If the standard output cannot be written.
        """
        if file is sys.stdout and file is not None:
            file.write(message)
        else:
            super()._print_message(message, file)

    def refuse(self, word: str) -> NoReturn:
        """Print that a word is not understood, and exit.

        Parameters
        ----------
        word : str
            An option that there is not, or one word too many.
        """
        option = word.partition("=")[0]
        if not option.startswith("-"):
            advice = ""
            sentence = f"“{word}” is one word too many"
        else:
            import difflib  # here because the import is slow, and hardly ever needed

            known = [
                flag
                for flag, action in self._option_string_actions.items()
                if action.help != argparse.SUPPRESS
            ]
            near = [_OTHER_NAMES[option]] if _OTHER_NAMES.get(option) in known else []
            near += difflib.get_close_matches(option, known, n=1, cutoff=_LIKENESS)
            advice = f" Did you mean {near[0]}?" if near else ""
            sentence = f"“{option}” is not an option of “{self.prog}”"
        self.exit(EXIT_USAGE, f"{sentence}.{advice} “{self.prog} --help” lists all options.\n")


@contextmanager
def blaming(option: str) -> Iterator[None]:
    """Report errors inside the ``with`` as errors of an option.

    Raises
    ------
    OptionError
        For a ValueError, with its message, and for an OSError from writing a file.
    """
    try:
        yield
    except OSError as error:
        raise OptionError(blame(option, write_error(error))) from error
    except ValueError as error:
        raise OptionError(blame(option, str(error))) from error


def joined_dashes(words: Sequence[str]) -> list[str]:
    """Join “--separator” with a value of dashes, which argparse would take for an option."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == _WITH_DASHES and _DASHES.fullmatch(word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def blame(option: str, message: str) -> str:
    """Return a message that begins with the option; no sentence of it has two colons."""
    has_colon = ": " in message.partition(". ")[0]
    return f"{option} cannot be used. {message}" if has_colon else f"{option}: {message}"


def write_error(error: OSError) -> str:
    """Return a sentence that says why a file, or the standard output, cannot be written."""
    target = "The output" if error.filename is None else f"“{error.filename}”"
    return f"{target} cannot be written, because {_reason(error)}."


def _reason(error: OSError) -> str:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    is_missing = error.errno == errno.ENOENT and error.filename is not None
    if is_missing and Path(os.path.realpath(error.filename)).parent.is_dir():
        return "no file can be made in that folder"  # as in /proc
    return reason


def positive_number(text: str) -> float:
    """Parse a number above 0."""
    return _number(text, lambda value: 0 < value < math.inf, "a finite number above 0")


def temperature(text: str) -> float:
    """Parse a temperature of the decoding."""
    try:
        return positive_number(text)
    except argparse.ArgumentTypeError as error:
        if text.strip().strip("0.") not in ("", "-", "+"):
            raise
        raise argparse.ArgumentTypeError(
            f"{error} To always choose the likeliest, use --greedy."
        ) from None


def positive_number_up_to(most: float) -> Callable[[str], float]:
    """Return a parser of numbers above 0 and up to `most`."""
    written = f"{most:,.0f}" if most < 1e12 else f"{most:g}"
    allowed = f"a number above 0 and at most {written}"
    return lambda text: _number(text, lambda value: 0 < value <= most, allowed)


def proper_share(text: str) -> float:
    """Parse a number between 0 and 1, excluding both."""
    return _number(text, lambda value: 0 < value < 1, "a number above 0 and below 1")


def probability(text: str) -> float:
    """Parse a number above 0 and up to 1."""
    return _number(text, lambda value: 0 < value <= 1, "a number above 0 and at most 1")


def share_of_one(text: str) -> float:
    """Parse a number from 0 to 1."""
    return _number(text, lambda value: 0 <= value <= 1, "a number from 0 to 1")


def file_name(text: str) -> str:
    """Parse the name of a file."""
    if not text:
        raise argparse.ArgumentTypeError("“” is not the name of a file.")
    return text


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    """Return a parser of one of some words."""
    words = tuple(allowed)

    def read(text: str) -> str:
        """Parse a value."""
        if text not in words:
            raise argparse.ArgumentTypeError(f"“{text}” is not one of {', '.join(words)}.")
        return text

    return read


def clip_value(text: str) -> float | None:
    """Parse a bound of the gradient, or the word "off"."""
    if text.lower() == "off":
        return None
    try:
        return positive_number_up_to(MAX_CLIP)(text)
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{str(error)[:-1]}, or “off”.") from None


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` to `most`."""
    allowed = f"of {least} or more" if most is None else f"from {least} to {most}"

    def read(text: str) -> int:
        """Parse a value."""
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least or (most is not None and value > most):
            raise argparse.ArgumentTypeError(f"“{text}” is not a whole number {allowed}.")
        return value

    return read


def whole_numbers(least: int, most: int, count: int) -> Callable[[str], tuple[int, ...]]:
    """Return a parser of up to `count` whole numbers, separated by commas."""
    read_one = whole_number(least, most)

    def read(text: str) -> tuple[int, ...]:
        """Parse the numbers."""
        numbers = tuple(read_one(part) for part in text.split(","))
        if len(numbers) > count:
            raise argparse.ArgumentTypeError(f"“{text}” has more than {count} numbers.")
        return numbers

    return read


def share(below: float) -> Callable[[str], float]:
    """Return a parser of numbers from 0 to `below`, excluding `below`."""
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
