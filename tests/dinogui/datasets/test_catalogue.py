"""The dataset catalogue is complete and describes the original files."""

import hashlib
import re
from urllib.parse import urlsplit

import pytest

from dinogui.datasets.catalogue import CATALOGUE

EACH = pytest.mark.parametrize("data_set", CATALOGUE, ids=lambda data_set: data_set.file_name)
FILES = [file for data_set in CATALOGUE for file in data_set.files]
_RECORDED = {
    "jazz/Weimar Jazz Database.zip": "jazz/wjazzd-solos.zip",
    "jazz/Weimar Jazz Database.csv": "jazz/wjazzd-solos.csv",
}
"""What the record calls files that have another name in the data folder."""

EACH_FILE = pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)


def _path_of_record(file):
    return _RECORDED.get(file.path, file.path)


def test_seven_data_sets_have_distinct_names_and_addresses():
    names = [data_set.file_name for data_set in CATALOGUE]
    assert sorted(names) == [
        *["abc", "dinos.txt", "jazz", "names-by-language", "names.txt", "shakespeare.txt"],
        "tinyshakespeare.txt",
    ]
    assert len({file.address for file in FILES}) == len({file.path for file in FILES}) == 26


@EACH
def test_each_is_described(data_set):
    assert data_set.title
    assert data_set.description.endswith(".")
    assert data_set.kind in ("names", "text", "melodies")
    paths = [file.path for file in data_set.files]
    if len(paths) == 1:
        assert paths == [data_set.file_name]
        assert not data_set.has_kinds
    else:
        assert all(path.startswith(f"{data_set.file_name}/") for path in paths)
        assert data_set.has_kinds == (data_set.kind == "names")


@EACH_FILE
def test_each_address_names_a_version(file):
    parts = urlsplit(file.address)
    assert parts.scheme == "https"
    assert re.search(r"/[0-9a-f]{40}/", parts.path), "a commit, not a branch, which can change"
    assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)


@EACH_FILE
def test_size_and_hash_match_the_file(file, shared_file):
    content = shared_file(f"data/{_path_of_record(file)}").read_bytes()
    assert len(content) == file.size
    assert hashlib.sha256(content).hexdigest() == file.sha256


@EACH_FILE
def test_address_and_hash_match_the_record(file, shared_file):
    record = shared_file("data/README.md").read_text(encoding="utf-8")
    folder, _, name = file.path.rpartition("/")
    if folder in ("jazz", "abc"):
        (row,) = [line for line in record.splitlines() if file.sha256 in line]
        inside = file.address.partition("/wjazzd_v_1_2/")[2]
        written = (file.address, file.address.replace(name, "jigs.abc"), f"wjazzd_v_1_2/{inside}")
        assert any(f"`{each}`" in row for each in written)
        return
    if folder:
        assert f"- `{file.sha256}` {name}" in record
        first = file.address.replace(name, "Arabic.txt")
        assert f"`{first}` and so on" in record
        return
    (row,) = [line for line in record.splitlines() if line.startswith(f"| `{name}`")]
    assert file.sha256 in row
    if name == "shakespeare.txt":
        assert "the same folder, `shakespeare.txt`" in row
    else:
        assert f"`{file.address}`" in row


def test_the_project_contains_none_of_the_files(root):
    hashes = {}
    for file in FILES:
        hashes.setdefault(file.size, set()).add(file.sha256)
    for path in root.rglob("*.txt"):
        found = hashes.get(path.stat().st_size, set())
        if found and ".venv" not in path.parts:
            assert hashlib.sha256(path.read_bytes()).hexdigest() not in found, path
