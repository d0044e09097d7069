"""The first parts of a source, before the others are known."""

import pytest

from engine.data.preview import preview
from engine.data.sources.file_source import FileSource
from engine.data.sources.first_parts import FirstParts
from engine.data.sources.folder_source import FolderSource
from engine.data.sources.listed_source import ListedSource
from engine.data.training_data import CorpusError


def folder_of(tmp_path, count, content="rex\nmei\n"):
    folder = tmp_path / "names"
    folder.mkdir()
    for number in range(count):
        (folder / f"part {number}.txt").write_text(content, encoding="utf-8")
    return folder


def test_of_many_files_the_first_are_taken_and_the_list_goes_on_behind_them(tmp_path):
    source = ListedSource(FolderSource(folder_of(tmp_path, 60)))
    first = FirstParts(source)
    names = [part.name for part in first.parts()]
    assert not first.is_all
    assert names == [f"names/part {number}.txt" for number in range(40)]
    assert (first.title, first.key, first.places) == (source.title, source.key, source.places)
    assert len(list(source.parts())) == 60


def test_of_large_files_fewer_are_taken(tmp_path):
    folder = folder_of(tmp_path, 5, "rexmei\n" * 10_000)
    first = FirstParts(FolderSource(folder))
    assert len(list(first.parts())) == 2
    assert not first.is_all


def test_a_file_and_a_small_folder_are_taken_whole(tmp_path):
    folder = folder_of(tmp_path, 3)
    (folder / "rex.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    first = FirstParts(FolderSource(folder))
    assert first.is_all
    assert len(list(first.parts())) == 3
    assert "1 picture" in first.notes()[0]
    assert FirstParts(FileSource(folder / "part 1.txt")).is_all


def test_what_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="has no files to read"):
        FirstParts(FolderSource(folder_of(tmp_path, 0)))


def test_a_preview_of_the_first_parts_says_nothing_of_the_others(tmp_path):
    source = ListedSource(FolderSource(folder_of(tmp_path, 60)))
    shown = preview(FirstParts(source), goes_on=True)
    assert (shown.count, shown.is_exact, shown.goes_on) == (80, False, True)
    assert not shown.warnings, "the other files may have more names"
    whole = preview(source)
    assert (whole.count, whole.is_exact, whole.goes_on) == (120, True, False)
    assert "only 2 different names" in whole.warnings[0]
