"""A zip archive is read as a folder, and none does any harm."""

import io
import struct
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from engine.data.sources.archive_source import ArchiveSource
from engine.data.training_data import CorpusError

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "names.zip"


def make(path, files, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def contents(path):
    return {part.name: b"".join(part.chunks()) for part in ArchiveSource(path).parts()}


def refusal(path):
    with pytest.raises(CorpusError) as error:
        contents(path)
    return str(error.value)


@pytest.mark.parametrize(
    "compression",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_texts_are_read_as_those_of_a_folder(path, compression):
    files = {"part 10.txt": "bob", "part 2.txt": "ann", "b/c": "cid", "b/": "", "empty.txt": ""}
    hidden = {"__MACOSX/a.txt": "no", ".DS_Store": "no", "b/.hidden": "no"}
    make(path, files | hidden, compression)
    assert list(contents(path).items()) == [
        ("names.zip/b/c", b"cid"),
        ("names.zip/part 2.txt", b"ann"),
        ("names.zip/part 10.txt", b"bob"),
    ]


def test_long_texts_come_in_pieces(path):
    long = np.random.default_rng(1).integers(97, 123, 2_500_000, dtype=np.uint8).tobytes()
    make(path, {"a.txt": long})
    (part,) = ArchiveSource(path).parts()
    pieces = list(part.chunks())
    assert b"".join(pieces) == long
    assert part.size == len(long)
    assert max(map(len, pieces)) <= 1 << 20


def test_nested_archives_and_pictures_are_left_out_and_told(path):
    make(path, {"a.txt": "ann", "b.png": PNG, "inner.zip": b"PK\x03\x04"})
    source = ArchiveSource(path)
    assert [part.name for part in source.parts()] == ["names.zip/a.txt"]
    assert source.notes() == (
        "1 picture and 1 archive in “names.zip” were left out: names.zip/b.png and "
        "names.zip/inner.zip. To read what is inside of an archive, open it by itself.",
    )


def test_links_inside_are_left_out(path):
    link = zipfile.ZipInfo("passwords.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "ann")
        archive.writestr(link, "/etc/passwd")
    assert list(contents(path)) == ["names.zip/a.txt"]


def test_paths_with_backslashes_are_those_of_folders(path):
    make(path, {"b\\c.txt": "cid", "b\\.hidden": "no"})
    assert list(contents(path)) == ["names.zip/b/c.txt"]


@pytest.mark.parametrize(
    "name", ["../a.txt", "b/../../a.txt", "/etc/a.txt", "C:/a.txt", "..\\a.txt", "\\\\host\\a.txt"]
)
def test_paths_that_lead_out_are_refused(path, name):
    make(path, {"fine.txt": "ann", name: "bob"})
    assert "“names.zip” is not safe to read: the path “" in refusal(path)
    assert "leads out of the archive. Choose another file." in refusal(path)


def test_encrypted_archives_are_refused(path):
    make(path, {"a.txt": "ann"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[content.index(b"PK\x03\x04") + 6] |= 1
    path.write_bytes(content)
    assert refusal(path) == "“names.zip” is encrypted. Extract it, and open the folder."


def test_what_unpacks_to_a_hundred_times_its_size_is_refused(path):
    make(path, {"a.txt": b"a" * 1_000_000})
    assert "more than 100 times as large as the archive" in refusal(path)


def test_much_text_is_refused_before_it_is_unpacked(path):
    make(path, {"a.txt": np.random.default_rng(1).integers(97, 123, 3_000_000, np.uint8).tobytes()})
    content = path.read_bytes()
    size = struct.pack("<L", 3_000_000)
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<L", 200_000_001)))
    assert "“names.zip” holds 200 MB of text." in refusal(path)


def test_a_large_archive_is_refused_before_it_is_opened(path):
    make(path, {"a.txt": "ann"})
    with path.open("r+b") as file:
        file.truncate(200_000_001)  # takes no room on the disk
    assert "Files of up to 200 MB can be opened here." in refusal(path)


def test_more_than_an_entry_says_it_has_is_not_read(path):
    make(path, {"a.txt": b"ann\n" * 100})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 400), struct.pack("<L", 40)))
    assert "“names.zip” is damaged" in refusal(path)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_archive_is_read_or_refused(path, seed):
    random = np.random.default_rng(seed)
    make(path, {"a.txt": "ann\n", "b/c.txt": "cid\n" * 9, "d.png": PNG}, zipfile.ZIP_DEFLATED)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    for _ in range(random.integers(1, 4)):
        content[random.integers(len(content))] = random.integers(256)
    path.write_bytes(content[: random.integers(len(content) // 2, len(content) + 1)].tobytes())
    with suppress(CorpusError):
        contents(path)


def test_a_long_table_of_contents_is_refused_before_it_is_read(path):
    make(path, {"a.txt": "ann"})
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, len(content) - 10, 9_000_000)
    path.write_bytes(content)
    assert "too long a table of contents" in refusal(path)


def test_a_zip64_archive_is_refused(path):
    make(path, {"a.txt": "ann"})
    content = path.read_bytes()
    end = content.index(b"PK\x05\x06")
    path.write_bytes(content[:end] + b"PK\x06\x07" + bytes(16) + content[end:])
    assert "too long a table of contents" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"ann\nbob\n", b"PK\x05\x06"])
def test_what_is_no_archive_is_refused(path, content):
    path.write_bytes(content)
    assert refusal(path) == (
        "“names.zip” is damaged: it cannot be read as a zip archive. Get it again, or choose "
        "another file."
    )


def test_an_empty_archive_is_refused(path):
    make(path, {})
    assert refusal(path) == ("“names.zip” has no files to read. Choose an archive with text files.")


def test_a_document_of_an_office_program_is_refused(path):
    make(path, {"[Content_Types].xml": "<xml>", "word/document.xml": "<xml>"})
    assert "is a document of an office program" in refusal(path)


def test_an_archive_of_an_archive_is_refused_in_a_sentence(path):
    inner = io.BytesIO()
    make(inner, {"a.txt": "ann"})
    make(path, {"inner.zip": inner.getvalue()})
    assert refusal(path) == (
        "“names.zip” has no text files, only 1 archive. Choose an archive with text files."
    )
