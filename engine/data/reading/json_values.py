"""The layout of a JSON file: an array of strings or of records, alone or in an object."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from engine.data.reading.choices import ReadingChoices
from engine.data.reading.columns import Columns, entries_of_rows
from engine.data.reading.kinds.json_kinds import (
    NO_STRING,
    could_be_by_kind,
    entries_of_kinds,
    text_of,
)
from engine.data.reading.kinds.json_kinds import QUESTION as EACH_KEY_A_KIND
from engine.data.reading.layout import Entries, Head
from engine.data.training_data import CorpusError, OnProgress

_BEGINNING = re.compile(r'\s*(?:\[\s*["\[{]|\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*\]|\{\s*\})')
_SUFFIXES = (".json", ".jsonl", ".ndjson")
_MAX_DEPTH = 4


class JsonValues:
    """A JSON file with names in it, or one with a record on each line."""

    name = "json"
    title = "JSON (an array of names or of records)"
    kind: Literal["names"] = "names"
    suffixes = _SUFFIXES

    def recognises(self, head: Head) -> bool:
        """Tell a JSON file by its beginning."""
        return looks_like_json(head.text)

    def entries(self, text: str, choices: ReadingChoices, on_progress: OnProgress) -> Entries:
        """Return the strings of the array; see `NamesLayout.entries`."""
        parsed = _parsed(text)
        if choices.kinds and choices.kind_column is None and isinstance(parsed, Mapping):
            return entries_of_kinds(parsed)
        keys, values = _longest_array(parsed, choices.column)
        where = f" in “{'.'.join(keys)}”" if keys else ""
        if values and all(isinstance(value, Mapping) for value in values):
            columns = _columns_of_records(values, choices.kind_column)
            taken_for = f"{len(values):,} records of JSON{where}"
            return entries_of_rows(columns, columns.head, choices, taken_for)
        if values and all(isinstance(value, list) for value in values):
            rows = [[text_of(cell) for cell in value] for value in values if value]
            if rows:
                columns = Columns.of_rows(rows, choices, "")
                return entries_of_rows(
                    columns,
                    rows[int(columns.has_header) :],
                    choices,
                    f"{len(values):,} rows of JSON{where}",
                )
        names = [text_of(value) for value in values if isinstance(value, str)]
        if not any(names):
            raise CorpusError("The JSON file has no array of strings or of records in it.")
        others = len(values) - len(names)
        asks = choices.kinds is None and choices.column is None and could_be_by_kind(parsed)
        return Entries(
            names,
            taken_for=f"an array of strings in JSON{where}",
            options=("layout", *(("column",) if keys else ()), *(("kinds",) if asks else ())),
            dropped=((NO_STRING, others),) if others else (),
            offers=(EACH_KEY_A_KIND,) if asks else (),
        )


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
    import json

    try:
        return json.loads(text)
    except RecursionError:
        raise CorpusError("The JSON file has too many levels. Choose another file.") from None
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        try:
            return [json.loads(line) for line in lines] if len(lines) > 1 else _refuse(error)
        except (ValueError, RecursionError):
            return _refuse(error)


def _refuse(error: ValueError) -> Any:
    raise CorpusError(
        f"The file begins like JSON, but is not: {error}. Correct it, or choose another layout."
    ) from error


def _longest_array(
    value: Any, column: str | int | None, keys: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], Sequence[Any]]:
    """Return the longest array in a JSON value, and the keys that lead to it.

    A person may have chosen the key of the array. An object of numbers is taken for an array of
    records: “{"Anna": 12}”.
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
    found = [_longest_array(each, column, (*keys, key)) for key, each in value.items()]
    return max(found, key=lambda pair: len(pair[1]), default=(keys, ()))


def _columns_of_records(
    records: Sequence[Mapping[str, Any]], kind_column: str | int | None
) -> Columns:
    headers = tuple(dict.fromkeys(key for record in records for key in record))
    rows = [[text_of(record.get(key)) for key in headers] for record in records]
    for place, key in enumerate(headers):
        if kind_column is None or str(kind_column).lower() not in (key.lower(), str(place + 1)):
            continue
        for row, record in zip(rows, records, strict=True):
            value = record.get(key)
            if isinstance(value, list):  # of several kinds
                row[place] = ";".join(map(text_of, value))
    return Columns(headers, has_header=True, is_sure=True, head=rows, delimiter="")
