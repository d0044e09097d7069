"""A folder is read as its texts, and what else is in it is told."""

import os

import pytest

from engine.data.sources.folder_source import FolderSource
from engine.data.sources.kinds_of_file import OWN_FILES
from engine.data.training_data import CorpusError
from engine.racing.race_folder import RACE_FILE

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "names"
    made.mkdir()
    return made


def put(folder, name, content=b"ann\n"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def names(folder):
    return [part.name for part in FolderSource(folder).parts()]


def test_texts_are_in_natural_order_with_those_of_sub_folders(folder):
    for name in ("part 10.txt", "part 2.txt", "b/x.csv", "a.md", "b/y", "c.names"):
        put(folder, name)
    expected = ("a.md", "b/x.csv", "b/y", "c.names", "part 2.txt", "part 10.txt")
    assert names(folder) == [f"names/{name}" for name in expected]


def test_hidden_files_are_left_out_without_a_word_and_empty_ones_are_said(folder):
    for name in (".hidden.txt", ".git/config", "b/.DS_Store", "__MACOSX/a.txt", "a.txt"):
        put(folder, name)
    put(folder, "empty.txt", b"")
    source = FolderSource(folder)
    assert [part.name for part in source.parts()] == ["names/a.txt"]
    assert source.notes() == ("1 empty file in “names” was left out: names/empty.txt.",)


def test_texts_with_a_byte_order_mark_are_texts(folder):
    put(folder, "a.txt", "ann\n".encode("utf-16"))
    put(folder, "b.txt", "ann\n".encode("utf-32"))
    assert names(folder) == ["names/a.txt", "names/b.txt"]


def test_other_files_are_left_out_and_told(folder):
    put(folder, "a.txt")
    put(folder, "b.png", PNG)
    put(folder, "c.zip", b"PK\x03\x04")
    put(folder, "d.bin", PNG)
    put(folder, "e.bin", b"\1\2\3\4")
    source = FolderSource(folder)
    assert [part.name for part in source.parts()] == ["names/a.txt"]
    (note,) = source.notes()
    assert note == (
        "1 picture, 1 archive and 2 files of other kinds in “names” were left out: names/b.png, "
        "names/c.zip, names/d.bin and 1 other. To read what is inside of an archive, open it by "
        "itself."
    )
    assert len(list(source.parts())) == len(source.notes()) == 1, "the same when it is read again"


def test_a_folder_of_pictures_is_refused(folder):
    for number in range(12):
        put(folder, f"{number}.JPG", PNG)
    with pytest.raises(CorpusError) as refusal:
        names(folder)
    assert str(refusal.value) == (
        "“names” has no text files, only 12 pictures. Choose a folder with text files."
    )


def test_what_the_program_writes_beside_runs_is_no_data(folder):
    assert RACE_FILE in OWN_FILES
    put(folder, f"race/{RACE_FILE}", b'{"format": "race"}')
    with pytest.raises(CorpusError, match="only 1 file of another kind"):
        names(folder)


def test_a_damaged_run_in_a_folder_is_no_data(folder):
    put(folder, "a.txt", b"Anna\nBob\n")
    put(folder, "run.npz", b"PKgarbage")
    assert names(folder) == ["names/a.txt"]


def test_an_empty_folder_is_refused(folder):
    put(folder, ".hidden.txt")
    with pytest.raises(CorpusError, match="“names” has no files to read"):
        names(folder)


def test_a_file_that_cannot_be_read_is_named(folder):
    put(folder, "a.txt")
    (folder / "b.txt").symlink_to(folder / "nowhere.txt")
    with pytest.raises(CorpusError, match=r"There is no file “.*b\.txt”"):
        names(folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="may read everything")
def test_files_and_folders_without_permission_are_named(folder):
    put(folder, "a.txt")
    put(folder, "b/c.txt")
    for path in (folder / "a.txt", folder / "b"):
        path.chmod(0)
        with pytest.raises(CorpusError, match=f"permission to read “.*{path.name}”"):
            names(folder)
        path.chmod(0o700)


def test_links_that_lead_in_a_circle_are_not_followed(folder):
    put(folder, "a.txt")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert names(folder) == ["names/a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
def test_a_pipe_is_not_waited_for(folder):
    put(folder, "a.txt")
    os.mkfifo(folder / "pipe")
    source = FolderSource(folder)
    assert [part.name for part in source.parts()] == ["names/a.txt"]
    assert "names/pipe" in source.notes()[0]


def test_a_large_film_is_not_in_the_way(folder):
    put(folder, "a.txt")
    put(folder, "film.mp4", PNG)
    os.truncate(folder / "film.mp4", 700_000_000)  # takes no room on the disk
    assert names(folder) == ["names/a.txt"]


def test_too_many_files_are_refused_before_they_are_opened(folder, monkeypatch):
    monkeypatch.setattr("engine.data.sources.folder_source.MAX_PARTS", 3)
    for name in "abcd":
        put(folder, name)
    with pytest.raises(CorpusError, match="“names” has more than 3 files"):
        names(folder)
