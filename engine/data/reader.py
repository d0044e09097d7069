"""The one way in which data are read: from a source to names, a text or melodies.

A file goes through the steps of `engine.data.reading`: it is decoded, its characters are cleaned,
it is recognised as one of the layouts and taken apart, and lower-cased. Every step can be
overruled by `ReadingChoices`, and `ReadingReport` says what each did.
"""

import os
from typing import Literal, overload

from engine.data.corpus import MIN_DISTINCT_NAMES, Corpus
from engine.data.melodies import Melodies
from engine.data.parts.melodies_of_parts import melodies_of_parts
from engine.data.parts.names_of_parts import names_of_parts
from engine.data.parts.recognised_parts import kind_of_parts, recognised_parts
from engine.data.parts.text_of_parts import text_of_parts
from engine.data.reading.choices import AUTOMATIC, ReadingChoices
from engine.data.reading.registry import MelodyFiles
from engine.data.sources.data_source import DataSource
from engine.data.sources.false_midi import WithoutFalseMidi
from engine.data.sources.source_of import as_source
from engine.data.text import Text
from engine.data.training_data import DataKind, OnProgress, ignore_progress

TrainingData = Corpus | Text
"""What can be read."""


@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: Literal["names"],
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> Corpus: ...
@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: Literal["text"],
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> Text: ...
@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: Literal["melodies"],
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> Melodies: ...
@overload
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = ...,
    *,
    kind: DataKind | None = ...,
    on_progress: OnProgress = ...,
    for_training: bool = ...,
) -> TrainingData: ...
def read_data(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    *,
    kind: DataKind | None = None,
    on_progress: OnProgress = ignore_progress,
    for_training: bool = True,
) -> TrainingData:
    """Read data, in whichever layout they have.

    Parameters
    ----------
    source : path or DataSource
    choices : ReadingChoices
    kind : str, optional
        "names", "text" or "melodies", if the data must be that. If absent, the layout decides.
    on_progress : callable
        Called now and then with the share that is done, from 0 to 1. An exception that it raises
        stops the reading.
    for_training : bool
        False if the data are only measured. Then a single name is enough.

    Returns
    -------
    Corpus, Text or Melodies
        With a report of how it was read.

    Raises
    ------
    CorpusError
        If the source cannot be read, or holds no such data.
    """
    opened = source_to_read(source, choices)
    parts = recognised_parts(opened, choices, kind, on_progress)
    if kind_of_parts(parts) == "names":
        at_least = MIN_DISTINCT_NAMES if for_training else 1
        return names_of_parts(opened, choices, parts, on_progress, at_least)
    read = melodies_of_parts if kind_of_parts(parts) == "melodies" else text_of_parts
    return read(opened, choices, parts, on_progress, for_training=for_training)


def kind_of(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    kind: DataKind | None = None,
    *,
    on_progress: OnProgress = ignore_progress,
) -> DataKind:
    """Return the kind of data that `read_data` would read, by the beginnings of all parts.

    The parameters are those of `read_data`.

    Raises
    ------
    CorpusError
        If the source cannot be read.
    """
    opened = source_to_read(source, choices)
    return kind_of_parts(recognised_parts(opened, choices, kind, on_progress))


def layout_of(
    source: str | os.PathLike[str] | DataSource,
    choices: ReadingChoices = AUTOMATIC,
    kind: DataKind | None = None,
) -> str:
    """Return what `read_data` takes the data for: a key of `registry.LAYOUTS`.

    The parameters are those of `read_data`.

    Raises
    ------
    CorpusError
        If the source cannot be read.
    """
    parts = recognised_parts(source_to_read(source, choices), choices, kind, ignore_progress)
    return next(each.layout.name for each in parts if each.layout.kind == kind_of_parts(parts))


def source_to_read(
    source: str | os.PathLike[str] | DataSource, choices: ReadingChoices
) -> DataSource:
    """Return a source without what is only named as MIDI, unless a person says what all of it is.

    Raises
    ------
    CorpusError
        If no source can be made of it.
    """
    opened = as_source(source)
    is_recognised = choices.layout in (None, MelodyFiles.name)
    return WithoutFalseMidi(opened) if is_recognised else opened


def read_names(
    path: str | os.PathLike[str],
    *,
    lower_case: bool = True,
    on_progress: OnProgress = ignore_progress,
) -> Corpus:
    """Read a file of names, see `read_data`.

    Raises
    ------
    CorpusError
        If the file does not exist or cannot be read, or does not hold a list of names.
    """
    choices = ReadingChoices(lower_case=lower_case)
    return read_data(path, choices, kind="names", on_progress=on_progress)


def read_text(
    path: str | os.PathLike[str],
    *,
    lower_case: bool = False,
    on_progress: OnProgress = ignore_progress,
) -> Text:
    """Read a running text, see `read_data`.

    Raises
    ------
    CorpusError
        If the file does not exist or cannot be read, or there is nothing in it to learn.
    """
    choices = ReadingChoices(layout="text", lower_case=lower_case)
    return read_data(path, choices, kind="text", on_progress=on_progress)
