"""What a person types, drops or chooses is the right source, under a name and a key of its own."""

import io
import sys
import zipfile

import pytest

from engine.data.sources.pasted_source import PastedSource
from engine.data.sources.source_of import source_of
from engine.data.training_data import CorpusError


def contents(source):
    return {part.name: b"".join(part.chunks()) for part in source.parts()}


@pytest.fixture
def lists(tmp_path):
    (tmp_path / "b.txt").write_bytes(b"bob\n")
    (tmp_path / "a.txt").write_bytes(b"ann\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "c.txt").write_bytes(b"cid\n")
    return tmp_path


def test_a_file_is_its_own_only_part(lists):
    source = source_of([str(lists / "a.txt")])
    assert contents(source) == {"a.txt": b"ann\n"}
    assert (source.title, source.key) == ("a.txt", str(lists / "a.txt"))
    assert source.places == (str(lists / "a.txt"),)
    assert source.notes() == ()


def test_a_key_does_not_depend_on_the_current_folder(lists, monkeypatch):
    monkeypatch.chdir(lists)
    assert source_of(["a.txt"]).key == source_of([lists / "a.txt"]).key
    assert source_of(["."]).title == lists.name


def test_several_files_follow_each_other_as_given(lists):
    words = [lists / "b.txt", lists / "a.txt", lists / "more"]
    source = source_of(words)
    assert list(contents(source)) == ["b.txt", "a.txt", "more/c.txt"]
    assert source.title == "b.txt and 2 more"
    assert source.places == tuple(map(str, words))
    assert source_of(words[:2]).title == "b.txt and a.txt"
    assert source_of(words).key == source.key != source_of(words[::-1]).key


def test_an_archive_is_known_by_its_beginning(lists):
    with zipfile.ZipFile(lists / "hidden.txt", "w") as archive:
        archive.writestr("d.txt", "dora\n")
    assert contents(source_of([lists / "hidden.txt"])) == {"hidden.txt/d.txt": b"dora\n"}


def test_the_file_of_a_run_is_not_taken_for_an_archive_of_texts(lists):
    with zipfile.ZipFile(lists / "run.npz", "w") as archive:
        archive.writestr("d.txt", "dora\n")
    assert list(contents(source_of([lists / "run.npz"]))) == ["run.npz"]


def test_the_standard_input_is_read_once_and_kept(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ann\nbob\n")))
    source = source_of(["-"])
    assert contents(source) == {"standard input": b"ann\nbob\n"} == contents(source)
    assert (source.title, source.places) == ("standard input", ())


def test_a_missing_standard_input_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CorpusError, match="There is no standard input"):
        list(source_of(["-"]).parts())


def test_what_cannot_be_read_again_has_no_places(lists):
    assert source_of([lists / "a.txt", "-"]).places == ()


def test_pasted_text_is_a_source():
    source = PastedSource("ann\nJos\u00e9\n")
    assert contents(source) == {"Pasted text": "ann\nJosé\n".encode()}
    assert source.places == ()
    assert source.key == PastedSource("ann\nJos\u00e9\n").key != PastedSource("ann\n").key
    assert contents(PastedSource("a\ud800b")) == {"Pasted text": b"a?b"}
    assert contents(PastedSource("")) == {"Pasted text": b""}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "There is nothing to read. Choose a file or a folder."),
        (["-", "-"], "can be read only once"),
        (["a.txt"] * 1_001, "1,001 files were chosen. Choose up to 1,000"),
    ],
)
def test_what_no_source_can_be_made_of_is_refused(words, sentence):
    with pytest.raises(CorpusError, match=sentence):
        source_of(words)


@pytest.mark.parametrize("name", ["none.txt", "none", "none.zip", "a\0b"])
def test_a_file_that_is_not_there_is_refused_when_it_is_read(tmp_path, name):
    source = source_of([str(tmp_path / name)])
    with pytest.raises(CorpusError, match=r"There is no file|cannot be read"):
        list(source.parts())


def test_parts_that_are_too_large_together_are_refused(tmp_path):
    for name in "ab":
        with (tmp_path / f"{name}.txt").open("wb") as file:
            file.write(b"ann\n")
            file.truncate(300_000_000)  # takes no room on the disk
    words = [tmp_path / "a.txt", tmp_path / "b.txt"]
    with pytest.raises(
        CorpusError, match=r"from “a\.txt and b\.txt” has more than 500 MB together"
    ):
        list(source_of(words).parts())
    with (tmp_path / "c.txt").open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(CorpusError, match=r"“c\.txt” has 2,000 MB\. Files of up to 500 MB"):
        list(source_of([tmp_path / "c.txt"]).parts())
