"""Files that are empty, where each file is a kind: it is said which were left out."""

import zipfile

import pytest

from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices

FILES = {"Greek": "Anna\nIo\n", "Irish": "Bran\nDara\n"}


@pytest.fixture
def folder(tmp_path):
    """Return a folder with two kinds."""
    found = tmp_path / "people"
    found.mkdir()
    for title, text in FILES.items():
        (found / f"{title}.txt").write_text(text, encoding="utf-8")
    return found


def sentence_of(path):
    corpus = read_data(path, ReadingChoices(kinds=True), kind="names")
    assert corpus.kinds.titles == ("Greek", "Irish")
    return corpus.report.sentence()


def test_an_empty_file_of_a_folder(folder):
    assert "left out" not in sentence_of(folder)
    (folder / "Welsh.txt").touch()
    said = "1 empty file in “people” was left out: people/Welsh.txt."
    assert said in sentence_of(folder)
    (folder / "Zulu.txt").touch()
    said = "2 empty files in “people” were left out: people/Welsh.txt and people/Zulu.txt."
    assert said in sentence_of(folder)


def test_an_empty_file_of_an_archive(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "people.zip", "w") as archive:
        for title, text in FILES.items():
            archive.writestr(f"{title}.txt", text)
        archive.writestr("Welsh.txt", "")
    said = "1 empty file in “people.zip” was left out: people.zip/Welsh.txt."
    assert said in sentence_of(tmp_path / "people.zip")


def test_a_file_of_blank_lines(folder):
    (folder / "Welsh.txt").write_text("\n  \n\n", encoding="utf-8")
    assert "1 file without a name is no kind: people/Welsh.txt." in sentence_of(folder)
