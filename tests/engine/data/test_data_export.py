"""Exported data give the same data when they are read again."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import corpus_of_names
from engine.data.data_export import DATA_FORMATS, data_format_of
from engine.data.melodies import melodies_of
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.pasted_source import PastedSource
from engine.data.vocabulary import DOCUMENT_END
from engine.melody.grid import GRIDS, on_grid
from engine.melody.note import Melody, Note
from engine.melody.played import PlayedMelody

LETTERS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
FORMULAS = st.sampled_from(
    [
        "=1+1",
        "-x",
        "+a",
        "@b",
        "'=c",
        "# no",
        "1. One",
        "- item",
        "a,b",
        "a;b",
        '"q"',
        "a\tb",
        "name",
    ]
)


def again(data, form):
    """Return the data that come of an export."""
    return read_data(PastedSource(form.to_text(data)), form.choices(data), for_training=False)


@given(st.lists(LETTERS | FORMULAS, min_size=1, max_size=20), st.booleans(), st.booleans())
def test_names_come_back_the_same(found, lower_case, clean):
    choices = ReadingChoices(layout="names", lower_case=lower_case, clean=clean)
    source = PastedSource("\n".join([*found, "a name at least"]))
    names = read_data(source, choices, for_training=False)
    for form in DATA_FORMATS["names"]:
        read = again(names, form)
        assert read.names == names.names, form.title
        assert read.vocabulary == names.vocabulary


PARTS = st.sampled_from(["<|end|>", "\n", "\n\n", "a", " b", "<|end2|>", "X:1", "\t", "é"])


@given(st.lists(st.lists(PARTS, min_size=1, max_size=8), min_size=2, max_size=8))
def test_documents_come_back_the_same(found):
    texts = [f"Name: {number}\n{''.join(parts)}" for number, parts in enumerate(found)]
    source = PastedSource("\n=====\n".join([*texts, "to be or not to be " * 4]))
    documents = read_data(source, ReadingChoices(separator="====="), for_training=False)
    (form,) = DATA_FORMATS["text"]
    assert DOCUMENT_END not in form.to_text(documents)
    read = again(documents, form)
    assert read.decode(read.symbols) == documents.decode(documents.symbols)
    assert len(read.documents) == len(found) + 1
    assert read.fingerprint == documents.fingerprint


@given(LETTERS, st.booleans())
def test_a_text_comes_back_the_same(found, lower_case):
    choices = ReadingChoices(layout="text", lower_case=lower_case)
    text = read_data(PastedSource(f"{found}\n" + "To be, or not to be.\n" * 4), choices)
    (form,) = DATA_FORMATS["text"]
    read = again(text, form)
    assert read.decode(read.symbols) == text.decode(text.symbols)
    assert read.fingerprint == text.fingerprint


def test_a_byte_order_mark_that_is_a_part_of_the_data_stays():
    names = corpus_of_names(["\ufeffanna", "bob"], "x", 0, lower_case=True)
    for form in DATA_FORMATS["names"]:
        assert again(names, form).names == names.names


def test_weights_are_exported_with_their_names():
    table = "name,count\nAnna,3\nBob,1\nAnna,4\n=Eve,2\n"
    names = read_data(PastedSource(table), ReadingChoices(layout="table", weights="count"))
    form = data_format_of(names, "people.txt")
    assert form.suffix == ".csv", "lines do not hold weights"
    assert form.to_text(names) == "name,count\nanna,7\nbob,1\n'=eve,2\n"
    read = again(names, form)
    assert (read.distinct, read.weights) == (names.distinct, names.weights)
    assert read.fingerprint == names.fingerprint, "a run on one goes on with the other"


def test_a_table_holds_no_formula():
    names = corpus_of_names(["=1+1", "anna", "@b"], "x", 0, lower_case=True)
    (table,) = (each for each in DATA_FORMATS["names"] if each.suffix == ".csv")
    assert table.to_text(names) == "name\n'=1+1\nanna\n'@b\n"


@pytest.mark.parametrize(("path", "suffix"), [("a.CSV", ".csv"), ("a.txt", ".txt"), ("a", ".txt")])
def test_the_suffix_decides_on_the_format(path, suffix):
    names = corpus_of_names(["anna", "bob"], "x", 0, lower_case=True)
    assert data_format_of(names, path).suffix == suffix


@pytest.mark.parametrize("weights", [None, (3, 1, 2, 9, 4)])
def test_kinds_come_back_the_same(weights):
    names, kinds = ["ann", "bo", "ann", "=1", "cy"], ["Greek", "Irish", "Irish", "=x, y", "Greek"]
    if weights is None:
        names, kinds = [*names, "ann"], [*kinds, "Greek"]
    corpus = corpus_of_names(names, "x", 0, lower_case=True, kinds=kinds, weights=weights)
    form = data_format_of(corpus, "x.txt")
    assert form.title == "Table"
    assert "ann,Irish" in form.to_text(corpus)
    read = again(corpus, form)
    assert (read.names, read.kinds, read.weights) == (corpus.names, corpus.kinds, weights)
    assert read.fingerprint == corpus.fingerprint
    assert again(corpus, DATA_FORMATS["names"][0]).kinds is None


@pytest.mark.parametrize("has_bars", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_melodies_come_back_the_same(seed, has_bars):
    random = np.random.default_rng(seed)
    tunes = [made_up(random, f"Tune {number}", has_bars) for number in range(3)]
    melodies = melodies_of(
        [on_grid(as_played(tune)).melody for tune in tunes], "tunes", grid="swing"
    )
    (form,) = DATA_FORMATS["melodies"]
    lines = form.to_text(melodies).splitlines()
    assert [line for line in lines if line.startswith("X:")] == ["X:1", "X:2", "X:3"]
    read = again(melodies, form)
    assert read.fingerprint == melodies.fingerprint
    for number in range(3):
        assert read.melody(number) == melodies.melody(number)


def made_up(random, title, has_bars):
    """Return a melody of notes and rests of all durations of the grid."""
    durations = GRIDS["swing"]
    notes = [
        Note(
            None if random.random() < 0.2 else int(random.integers(55, 80)),
            durations[random.integers(len(durations))],
        )
        for _ in range(30)
    ]
    return Melody((Note(60, Fraction(1)), *notes, Note(62, Fraction(1))), title, has_bars=has_bars)


def as_played(melody):
    """Return a melody as if somebody had played it: rests that are short vanish."""
    ends = np.cumsum([float(note.beats) for note in melody.notes])
    begins = ends - [float(note.beats) for note in melody.notes]
    sounds = [note.pitch is not None for note in melody.notes]
    return PlayedMelody(
        np.array([note.pitch for note in melody.notes if note.pitch is not None]),
        begins[sounds],
        (ends - begins)[sounds],
        title=melody.title,
        has_bars=melody.has_bars,
    )
