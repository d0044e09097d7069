"""The layout of a JSON file: an array of strings or of records, alone or in an object."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.columns import HEAD_ROWS, NAME_WORDS, Columns, entries_of_rows
from engine.data.reading.kinds.json_kinds import (
    NO_STRING,
    could_be_by_kind,
    entries_of_kinds,
    text_of,
)
from engine.data.reading.kinds.json_kinds import QUESTION as EACH_KEY_A_KIND
from engine.data.reading.layout import Entries, Head
from engine.data.sources.kinds_of_file import listed
from engine.data.training_data import CorpusError, OnProgress, counted

_BEGINNING = re.compile(r'\s*(?:\[\s*["\[{]|\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*\]|\{\s*\})')
_SUFFIXES = (".json", ".jsonl", ".ndjson")
_MAX_DEPTH = 4
_MOST_DIGITS = 300
_LEAST_RECORDS = 3
"""An object of at least so many objects with a key in common is one record per key."""


class JsonValues:
    """A JSON file with names in it, or one with a record on each line."""

    name = "json"
    title = "JSON (an array of names or of records)"
    kind: Literal["names"] = "names"
    suffixes = _SUFFIXES

    def recognises(self, head: Head) -> bool:
        """Tell a JSON file by its beginning; less is asked of one that is named so."""
        is_named_so = head.suffix in _SUFFIXES and head.text.lstrip()[:1] in ("[", "{", '"', "/")
        return is_named_so or looks_like_json(head.text)

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Return the strings of the array; see `NamesLayout.entries`."""
        parsed = _parsed(text)
        if choices.kinds and choices.kind_column is None and isinstance(parsed, Mapping):
            return entries_of_kinds(parsed)
        keys, values = _longest_array(parsed, choices.column)
        where = f" in “{'.'.join(keys)}”" if keys else ""
        sorted_out = _SortedOut.of(values, choices)
        if sorted_out.records:
            entries = _entries_of_records(sorted_out, choices, where)
        elif sorted_out.rows:
            entries = _entries_of_lists(sorted_out.rows, choices, where)
        else:
            entries = _entries_of_strings(sorted_out.strings, parsed, choices, keys)
        return replace(
            entries,
            details=(*entries.details, *_other_arrays(parsed, keys)),
            dropped=(*entries.dropped, *sorted_out.others),
        )


@dataclass(frozen=True)
class _SortedOut:
    """The values of an array, by what they are: only the names of one kind of them are read.

    Attributes
    ----------
    records : list of mapping
        Objects with keys; and strings among them, if it is clear which key has the names.
    n_strings : int
        How many of the records are such strings.
    rows : list of list
        Arrays, that are not empty.
    strings : list of str
    others : tuple of (str, int)
        What is left out, and how much.
    """

    records: list[Mapping[str, Any]]
    n_strings: int
    rows: list[list[Any]]
    strings: list[str]
    others: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, values: Sequence[Any], choices: ReadingChoices) -> "_SortedOut":
        """Sort out the values of an array."""
        records = [value for value in values if isinstance(value, Mapping)]
        rows = [value for value in values if isinstance(value, list) and value]
        strings = [value for value in values if isinstance(value, str)]
        key = _key_of_names(records, choices) if records and strings else None
        n_strings = 0
        if key is not None:
            kept = (value for value in values if isinstance(value, Mapping | str))
            records = [value if isinstance(value, Mapping) else {key: value} for value in kept]
            n_strings, strings = len(strings), []
        found = {"record": len(records), "array": len(rows), "string": len(strings)}
        main = max(found, key=lambda kind: found[kind])
        found[NO_STRING] = len(values) - sum(found.values())
        return cls(
            records if main == "record" else [],
            n_strings,
            rows if main == "array" else [],
            strings if main == "string" else [],
            tuple((kind, count) for kind, count in found.items() if count and kind != main),
        )


def _key_of_names(records: Sequence[Mapping[str, Any]], choices: ReadingChoices) -> str | None:
    """Return the key that has the names of records, if that is clear."""
    keys = dict.fromkeys(key for record in records for key in record)
    if choices.column is not None:
        return next((key for key in keys if key.lower() == str(choices.column).lower()), None)
    return next((key for key in keys if key.strip().lower() in NAME_WORDS), None)


def _entries_of_records(sorted_out: _SortedOut, choices: ReadingChoices, where: str) -> Entries:
    records = sorted_out.records
    headers, rows = _rows_of_records(records, choices.kind_column)
    columns = Columns(headers, True, True, rows[:HEAD_ROWS], "")
    n_records = len(records) - sorted_out.n_strings
    taken_for = f"{counted(n_records, 'record')} of JSON{where}"
    if sorted_out.n_strings:
        strings = counted(sorted_out.n_strings, "string")
        taken_for = f"{counted(n_records, 'record')} and {strings} of JSON{where}"
    return entries_of_rows(columns, rows, choices, taken_for, "record")


def _entries_of_lists(lists: list[list[Any]], choices: ReadingChoices, where: str) -> Entries:
    rows = [[text_of(cell) for cell in value] for value in lists]
    columns = Columns.of_rows(rows, choices, "")
    below = rows[int(columns.has_header) :]
    return entries_of_rows(columns, below, choices, f"{len(rows):,} rows of JSON{where}")


def _entries_of_strings(
    strings: list[str], parsed: Any, choices: ReadingChoices, keys: tuple[str, ...]
) -> Entries:
    names = list(map(text_of, strings))
    if not any(names):
        raise CorpusError("The JSON file has no array of strings or of records in it.")
    asks = choices.kinds is None and choices.column is None and could_be_by_kind(parsed)
    where = f" in “{'.'.join(keys)}”" if keys else ""
    return Entries(
        names,
        taken_for=f"an array of strings in JSON{where}",
        options=("layout", *(("column",) if keys else ()), *(("kinds",) if asks else ())),
        offers=(EACH_KEY_A_KIND,) if asks else (),
    )


def _other_arrays(value: Any, taken: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sentence on the arrays of strings or records that are not read, if there are any."""
    found = []
    waiting: list[tuple[tuple[str, ...], Any]] = [((), value)]
    while waiting:
        keys, each = waiting.pop()
        if isinstance(each, Mapping) and len(keys) < _MAX_DEPTH and keys != taken:
            waiting += [((*keys, key), inner) for key, inner in reversed([*each.items()])]
        elif isinstance(each, list) and keys != taken:
            n_names = sum(isinstance(inner, str | Mapping) for inner in each)
            if n_names:
                found.append(f"“{'.'.join(keys)}” ({counted(n_names, 'value')})")
    return (f"Not read: {listed(found)}.",) if found else ()


def looks_like_json(text: str) -> bool:
    """Tell whether a text begins like an array or object."""
    return _BEGINNING.match(text) is not None


def complete_beginning(text: str) -> str:
    """Return the complete elements at the beginning of a text that has been cut, as JSON."""
    closing: list[str] = []
    end, rest = 0, "[]"
    is_inside = is_escaped = False
    for place, character in enumerate(text):
        if is_inside:
            is_inside = is_escaped or character != '"'
            is_escaped = character == "\\" and not is_escaped
        elif character == '"':
            is_inside = True
        elif character in "[{":
            closing.append("]" if character == "[" else "}")
        elif character in "]}" and closing:
            closing.pop()
        elif character == "," and closing:
            end, rest = place, "".join(reversed(closing))
    return text[:end] + rest if closing else text


def _parsed(text: str) -> Any:
    """Return what a file of JSON holds; of one with a value on each line, an array of them."""
    import json

    try:
        return json.loads(text, parse_int=_whole_number)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        whole = error
    values: list[Any] = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            if line.strip():
                values.append(json.loads(line, parse_int=_whole_number))
        except RecursionError:
            raise _too_deep() from None
        except json.JSONDecodeError as error:
            # If a line before is complete by itself, this one should be, too.
            found, at = (error, number) if values else (whole, whole.lineno)
            raise CorpusError(
                f"The file begins like JSON, but is not: {found.msg} in line {at:,}, column "
                f"{found.colno:,}. Correct it, or choose another layout."
            ) from error
    return values


def _too_deep() -> CorpusError:
    return CorpusError("The JSON file has too many levels. Choose another file.")


def _whole_number(digits: str) -> int | float:
    """Return a number of JSON; one of very many digits is not read to the last of them."""
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _longest_array(
    value: Any, column: str | int | None, keys: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], Sequence[Any]]:
    """Return the longest array in a JSON value, and the keys that lead to it.

    A person may have chosen the key of the array. An object of numbers is taken for an array of
    records, “{"Anna": 12}”, and so is one of records, “{"Anna": {"born": 1990}, …}”.
    """
    if isinstance(value, list):
        return keys, value
    if not isinstance(value, Mapping) or len(keys) >= _MAX_DEPTH:
        return keys, ()
    if column in value and isinstance(value[column], list):
        return (*keys, str(column)), value[column]
    is_number = [type(each) in (int, float) for each in value.values()]
    if is_number and all(is_number):
        return keys, [{"name": name, "count": count} for name, count in value.items()]
    records = _records_by_key(value)
    if records:
        return keys, records
    found = [_longest_array(each, column, (*keys, key)) for key, each in value.items()]
    return max(found, key=lambda pair: len(pair[1]), default=(keys, ()))


def _records_by_key(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return an object of records as an array of them, each with its key; empty if it is none."""
    records = list(value.values())
    if len(records) < _LEAST_RECORDS or not all(isinstance(each, Mapping) for each in records):
        return []
    if not set(records[0]).intersection(*records):
        return []
    key_title = "key" if any("name" in record for record in records) else "name"
    return [{key_title: key, **record} for key, record in value.items()]


def _flat(record: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a record with those inside of it: “{"a": {"b": 1}}” has the key “a.b”."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and depth < _MAX_DEPTH:
            found |= _flat(value, f"{before}{key}.", depth + 1)
        else:
            found[f"{before}{key}"] = value
    return found


def _rows_of_records(
    nested: Sequence[Mapping[str, Any]], kind_column: str | int | None
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the keys of all records, and a row of cells for each record."""
    records = list(map(_flat, nested))
    headers = tuple(dict.fromkeys(key for record in records for key in record))
    rows = [[text_of(record.get(key)) for key in headers] for record in records]
    for place, key in enumerate(headers):
        if kind_column is None or str(kind_column).lower() not in (key.lower(), str(place + 1)):
            continue
        for row, record in zip(rows, records, strict=True):
            value = record.get(key)
            if isinstance(value, list):  # of several kinds
                row[place] = ";".join(map(text_of, value))
    return headers, rows
