"""An object of JSON whose keys are kinds: {"Greek": ["Anna", "Io"], "Irish": ["Bran"]}."""

from collections.abc import Mapping
from typing import Any

from engine.data.name_kinds import MAX_KINDS
from engine.data.reading.characters import clean_characters
from engine.data.reading.layout import Entries
from engine.data.training_data import CorpusError, counted

QUESTION = "Is each key of the object a kind of names?"

NO_STRING = "value of another type"
"""What is dropped from an array of names."""


def could_be_by_kind(value: Any) -> bool:
    """Tell whether to ask if the keys are kinds: there are several, each of an array of strings."""
    return (
        isinstance(value, Mapping)
        and 2 <= len(value) <= MAX_KINDS
        and all(isinstance(each, list) and each for each in value.values())
        and all(isinstance(name, str) for each in value.values() for name in each)
    )


def entries_of_kinds(value: Mapping[str, Any]) -> Entries:
    """Return the strings of all arrays in an object, with their keys as their kinds.

    Raises
    ------
    CorpusError
        If something else than an array of strings belongs to a key, or no array has a string.
    """
    names: list[str] = []
    kinds: list[str] = []
    n_others = 0
    empty = []
    for key, values in value.items():
        if not isinstance(values, list) or any(isinstance(each, list | dict) for each in values):
            raise CorpusError(
                f"The value of “{text_of(key):.100}” in the JSON file is no array of names. Each "
                'key must be a kind with its names, such as {"Greek": ["Anna", "Io"]}.'
            )
        found = [text_of(each) for each in values if isinstance(each, str)]
        n_others += len(values) - len(found)
        names += found
        kinds += [text_of(key)] * len(found)
        if not any(found):
            empty.append(f"“{text_of(key):.100}”")
    if not any(names):
        raise CorpusError("The JSON file has no names in it: its arrays have no strings.")
    details = ["Each key is a kind."]
    if empty:
        have = "has" if len(empty) == 1 else "have"
        details.append(f"{counted(len(empty), 'key')} without a name {have} no kind: {empty[0]}.")
    return Entries(
        names,
        taken_for=f"an object of {counted(len(value), 'key')} in JSON",
        details=tuple(details),
        options=("layout", "kinds"),
        dropped=((NO_STRING, n_others),) if n_others else (),
        kinds=kinds,
    )


def text_of(value: Any) -> str:
    """Return a value as a cell: escapes in a string may stand for characters of any kind."""
    if value is None or isinstance(value, list | Mapping):
        return ""
    if not isinstance(value, str):
        return str(value)
    if value.isascii() and value.isprintable():
        return value
    return " ".join(clean_characters(value)[0].split())
