"""A source whose parts are listed once."""

import itertools

import pytest

from engine.data.sources.folder_source import FolderSource
from engine.data.sources.listed_source import ListedSource
from engine.data.training_data import CorpusError


class CountedFolder(FolderSource):
    """A folder that counts how often its parts are listed."""

    listed = 0

    def parts(self):
        type(self).listed += 1
        return super().parts()


def folder_of(tmp_path, monkeypatch):
    monkeypatch.setattr(CountedFolder, "listed", 0)
    folder = tmp_path / "names"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text("rex\nmei\n", encoding="utf-8")
    (folder / "rex.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    return CountedFolder(folder)


def contents(source):
    return [(part.name, part.size, b"".join(part.chunks())) for part in source.parts()]


def test_the_parts_are_those_of_the_source_however_often_they_are_asked_for(tmp_path, monkeypatch):
    source = folder_of(tmp_path, monkeypatch)
    expected = contents(source)
    listed = ListedSource(source)
    assert [contents(listed) for _ in range(3)] == [expected] * 3
    assert CountedFolder.listed == 2, "once alone, and once for all three"
    assert (listed.title, listed.key, listed.places) == (source.title, source.key, source.places)
    assert listed.notes() == source.notes() != ()


def test_a_list_that_was_not_made_to_its_end_goes_on(tmp_path, monkeypatch):
    listed = ListedSource(folder_of(tmp_path, monkeypatch))
    assert [part.name for part in itertools.islice(listed.parts(), 1)] == ["names/a.txt"]
    one, other = listed.parts(), listed.parts()
    pairs = [(mine.name, yours.name) for mine, yours in zip(one, other, strict=True)]
    assert pairs == [(f"names/{name}.txt",) * 2 for name in "abc"]
    assert len(contents(listed)) == 3
    assert CountedFolder.listed == 1


def test_a_list_that_failed_is_made_again(tmp_path, monkeypatch):
    source = folder_of(tmp_path, monkeypatch)
    listed, path = ListedSource(source), source.path / "b.txt"
    shown = listed.parts()
    next(shown)
    path.unlink()
    with pytest.raises(CorpusError, match="There is no file"):
        list(shown)
    path.write_text("yi\nallo\n", encoding="utf-8")
    assert [part.name for part in listed.parts()] == [f"names/{name}.txt" for name in "abc"]
