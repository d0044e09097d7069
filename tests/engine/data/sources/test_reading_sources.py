"""All parts of a source are read as one list or one text, each part in its own way."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.preview import preview
from engine.data.reader import kind_of, read_data
from engine.data.sources.pasted_source import PastedSource
from engine.data.sources.several_sources import SeveralSources
from engine.data.sources.source_of import source_of
from engine.data.training_data import CorpusError

PROSE = "Shall I compare thee to a summer's day? Thou art more lovely and more temperate.\n"
NAMES = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=9), min_size=1, max_size=20)


@pytest.fixture
def put(tmp_path):
    """Return a function that writes files into a folder, and returns the source for them."""

    def write(**files):
        folder = tmp_path / "names"
        folder.mkdir()
        for name, content in files.items():
            (folder / name.replace("_", ".")).write_bytes(content)
        return source_of([folder])

    return write


def test_every_part_has_an_encoding_and_a_layout_of_its_own(put):
    source = put(
        a_txt="Anna\nBob\n".encode("utf-16"),
        b_csv=b"id,name\n1,Clara\n2,Dora\n3,Emil\n",
        c_txt=b"Fred",
        d_txt=b"\n\nGreta\n",
    )
    assert read_data(source).names == ("anna", "bob", "clara", "dora", "emil", "fred", "greta")


def test_a_description_among_lists_does_not_make_a_text_of_them(put):
    source = put(LICENSE=PROSE.encode(), names_txt=b"Anna\nBob\nClara\n" * 40)
    assert kind_of(source) == "names"
    assert read_data(source).kind == "names"


def test_a_short_list_among_texts_does_not_make_names_of_them(put):
    source = put(characters_txt=b"Anna\nBob\n", play_txt=PROSE.encode() * 9)
    text = read_data(source)
    assert text.kind == "text" == kind_of(source)
    assert text.decode(text.symbols) == "Anna\nBob\n" + PROSE * 9


def test_texts_are_joined_with_a_newline_where_one_is_missing(put):
    text = read_data(put(a_txt=PROSE[:-1].encode(), b_txt=PROSE.encode()))
    assert text.decode(text.symbols) == PROSE * 2


@settings(max_examples=30)
@given(lists=st.lists(NAMES, min_size=2, max_size=4))
def test_lists_in_parts_are_read_as_one_list(lists):
    parts = SeveralSources(tuple(PastedSource("\n".join(names)) for names in lists))
    whole = PastedSource("\n".join(name for names in lists for name in names))
    read = [read_data(each, kind="names", for_training=False) for each in (parts, whole)]
    assert read[0].names == read[1].names
    assert read[0].fingerprint == read[1].fingerprint


def test_the_progress_never_falls_and_can_stop_the_reading(put):
    source = put(**{f"n{number}_txt": b"Anna\nBob\n" for number in range(9)})
    shares = []
    read_data(source, on_progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)

    def stop(share):
        raise InterruptedError

    for read in (read_data, kind_of):
        with pytest.raises(InterruptedError):
            read(source, on_progress=stop)


def test_what_is_left_out_is_reported_of_the_data_and_of_their_preview(put):
    source = put(a_txt=b"Anna\nBob\n", b_png=b"\0")
    note = "1 picture in “names” was left out: names/b.png."
    report = read_data(source).report
    assert report.left_out == (note,) == preview(source).report.left_out
    assert not report.is_plain
    assert note in report.sentence()
    assert note in report.lines()


def test_lists_that_are_too_large_together_are_refused_before_they_are_read(tmp_path):
    for name in "ab":
        with (tmp_path / name).open("wb") as file:
            file.write(b"Anna\n" * 20_000)
            file.truncate(30_000_000)  # takes no room on the disk
    with pytest.raises(CorpusError, match="“a and b” has 60 MB"):
        read_data(source_of([tmp_path / "a", tmp_path / "b"]), kind="names")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"Jos\xe9\nAnna\n" * 9, "names/b.txt"), (b"x" * 300 + b"\nBob\n" * 99, "names")],
    ids=["encoding", "length"],
)
def test_the_part_that_cannot_be_read_is_named(put, content, sentence):
    with pytest.raises(CorpusError, match=sentence):
        read_data(put(a_txt=b"Anna\nBob\n", b_txt=content), kind="names")
