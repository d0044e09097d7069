"""Saved state read back: every value is checked before it is used.

A state is a flat mapping from names to arrays and JSON values.
"""

from __future__ import annotations  # so that annotations do not import numpy.random, which is slow

import dataclasses
import math
import reprlib
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

_MAX_SETTING = 100
"""Characters or numbers of the longest setting."""

StateDict = dict[str, Any]

Value = TypeVar("Value")
Item = TypeVar("Item")

_LARGEST = 2**53
"""Larger integers are not exact as floats, so they cannot be counts."""

MAX_FILE_NAME = 4_096
"""Characters of the longest name or path of a file: Linux allows no longer path."""


class ValidatedMapping:
    """A mapping that checks each value as it is read.

    Parameters
    ----------
    state : mapping of str to array or JSON value
        May come from a damaged or forged file.

    Raises
    ------
    ValueError
        From every method, if the value is missing or not of the requested form; the message
        names it.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._state = state

    def __contains__(self, name: str) -> bool:
        return self._state.get(name) is not None

    def part(self, prefix: str) -> ValidatedMapping:
        """Return the values whose names begin with `prefix`, and drop the prefix from the names."""
        return ValidatedMapping(
            {
                name.removeprefix(prefix): value
                for name, value in self._state.items()
                if name.startswith(prefix)
            }
        )

    def value(self, name: str) -> Any:
        """Return a value of any type other than None."""
        if name not in self:
            raise ValueError(f"{name} is missing.")
        return self._state[name]

    def whole(self, name: str, most: int = _LARGEST, least: int = 0) -> int:
        """Return an integer from `least` to `most`."""
        value = self.value(name)
        if type(value) is not int or not least <= value <= most:
            raise ValueError(
                f"{name} must be a whole number from {least:,} to {most:,}, got {shown(value)}."
            )
        return value

    def number(self, name: str, least: float = -math.inf, most: float = math.inf) -> float:
        """Return a finite number from `least` to `most`."""
        value = finite(name, self.value(name))
        if not least <= value <= most:
            raise ValueError(f"{name} must be a number from {least:,} to {most:,}, got {value!r}.")
        return value

    def number_or_none(self, name: str) -> float | None:
        """Return a finite number, or None if the value is missing."""
        return self.number(name) if name in self else None

    def items(self, name: str, make: Callable[[list[Any]], tuple[Item, ...]]) -> tuple[Item, ...]:
        """Return what `make` makes of a list; nothing if the value is missing.

        It raises a TypeError or a ValueError if it is not what DinoGUI writes.
        """
        found = self.value(name) if name in self else []
        try:
            if isinstance(found, list):
                return make(found)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{name} holds something that DinoGUI does not write: {error}."
            ) from error
        raise ValueError(f"{name} must be a list.")

    def flag(self, name: str) -> bool:
        """Return True or False."""
        value = self.value(name)
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, got {shown(value)}.")
        return value

    def text(self, name: str, most: int) -> str:
        """Return a string of at most `most` characters, all of which can be written as UTF-8."""
        value = self.value(name)
        if not is_text(value, most):
            raise ValueError(
                f"{name} must be a text of at most {most:,} characters that UTF-8 can encode, "
                f"got {shown(value)}."
            )
        return str(value)

    def file_name(self, name: str) -> str:
        """Return the name of a file; see `is_file_name`."""
        value = self.value(name)
        if not is_file_name(value):
            raise ValueError(
                f"{name} must be the name of a file, at most {MAX_FILE_NAME:,} characters long, "
                f"got {shown(value)}."
            )
        return str(value)

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return a copy of an array that must have this shape (-1: any length) and type."""
        array, wanted = self.value(name), np.dtype(dtype)
        fits = isinstance(array, np.ndarray) and len(array.shape) == len(shape)
        if not (
            fits
            and array.dtype == wanted
            and all(n in (-1, m) for n, m in zip(shape, array.shape, strict=True))
        ):
            is_array = isinstance(array, np.ndarray)
            found = (array.shape, str(array.dtype)) if is_array else shown(array)
            raise ValueError(f"{name} must be a {wanted} array of shape {shape}, got {found}.")
        return np.array(array, order="C")

    def random(self, name: str) -> np.random.Generator:
        """Return a generator that continues from the saved state of another."""
        value = self.value(name)
        random = np.random.Generator(np.random.PCG64(0))
        try:
            random.bit_generator.state = value
            is_taken = random.bit_generator.state == value
        except (TypeError, ValueError, KeyError, OverflowError):
            is_taken = False
        if not is_taken:
            raise ValueError(f"{name} must be the state of a random number generator.")
        return random


def shown(value: Any) -> str:
    """Return a value as a message shows it: in a few words, however large it is."""
    if type(value) is int and value.bit_length() > 200:
        return f"a number of about {int(value.bit_length() * math.log10(2)):,} digits"
    # A lone surrogate cannot be printed.
    return reprlib.repr(value).encode(errors="backslashreplace").decode()


def is_text(value: Any, most: int) -> bool:
    """Whether a value is a string of at most `most` characters that can be written as UTF-8."""
    if not isinstance(value, str) or len(value) > most:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_file_name(value: Any) -> bool:
    """Whether a value is a string that can be the name or the path of a file.

    Python reads each byte of a name that is not UTF-8 as a lone surrogate from U+DC80 to U+DCFF
    (PEP 383, "surrogateescape"). No other surrogate can be in a name.
    """
    if not isinstance(value, str) or len(value) > MAX_FILE_NAME:
        return False
    try:
        value.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def finite(name: str, value: Any) -> float:
    """Return `value` if it is a finite number.

    Raises
    ------
    ValueError
        If it is not; the message names it.
    """
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Compared, because math.isfinite fails for an integer that no float can hold.
    if not is_number or not abs(value) <= sys.float_info.max:
        raise ValueError(f"{name} must be a finite number, got {shown(value)}.")
    number: float = value
    return number


def dataclass_to_json(value: Any) -> dict[str, Any]:
    """Return a dataclass of numbers, strings and tuples as a JSON object."""
    return {
        name: list(entry) if isinstance(entry, tuple) else entry
        for name, entry in dataclasses.asdict(value).items()
    }


def dataclass_from_json(kind: type[Value], values: Any) -> Value:
    """Return the dataclass that a JSON object describes; missing fields have their defaults.

    Raises
    ------
    ValueError
        If a value is not of its default's type (None and numbers may stand for each other), or
        is not allowed; the message names it.
    """
    default: Any = kind()
    known = {field.name for field in dataclasses.fields(default)}
    if not isinstance(values, dict) or not known.issuperset(values):
        raise ValueError(f"{kind.__name__} must be given as {', '.join(sorted(known))}.")
    given = {}
    for name, value in values.items():
        given[name] = tuple(value) if isinstance(value, list) else value
        _check_like(name, given[name], getattr(default, name))
    try:
        return kind(**given)
    except TypeError:  # None where a number is needed
        raise ValueError(f"{kind.__name__} cannot be made from {shown(given)}.") from None


def _check_like(name: str, value: Any, default: Any) -> None:
    is_number = default is None or isinstance(default, float)
    fits = isinstance(value, int | float | None) if is_number else isinstance(value, type(default))
    if not fits or isinstance(value, bool) != isinstance(default, bool):
        raise ValueError(f"{name} must be like {default!r}, got {shown(value)}.")
    if isinstance(value, int | float) and not isinstance(value, bool):
        finite(name, value)
    elif isinstance(value, str | tuple) and len(value) > _MAX_SETTING:
        raise ValueError(f"{name} must be like {default!r}, got {shown(value)}.")
