"""The dataset catalogue is complete and describes the original files."""

import hashlib
import re
from urllib.parse import urlsplit

import pytest

from dinogui.datasets.catalogue import CATALOGUE

EACH = pytest.mark.parametrize("data_set", CATALOGUE, ids=lambda data_set: data_set.file_name)


def test_four_data_sets_have_distinct_names_and_addresses():
    names = [data_set.file_name for data_set in CATALOGUE]
    assert sorted(names) == ["dinos.txt", "names.txt", "shakespeare.txt", "tinyshakespeare.txt"]
    assert len({data_set.address for data_set in CATALOGUE}) == len(CATALOGUE)


@EACH
def test_each_is_described_and_its_address_names_a_version(data_set):
    assert data_set.title
    assert data_set.description.endswith(".")
    assert data_set.kind in ("names", "text")
    parts = urlsplit(data_set.address)
    assert parts.scheme == "https"
    assert re.search(r"/[0-9a-f]{40}/", parts.path), "a commit, not a branch, which can change"
    assert re.fullmatch(r"[0-9a-f]{64}", data_set.sha256)


@EACH
def test_size_and_hash_match_the_file(data_set, shared_file):
    content = shared_file(f"data/{data_set.file_name}").read_bytes()
    assert len(content) == data_set.size
    assert hashlib.sha256(content).hexdigest() == data_set.sha256


@EACH
def test_address_and_hash_match_the_record(data_set, shared_file):
    record = shared_file("data/README.md").read_text(encoding="utf-8")
    (row,) = [line for line in record.splitlines() if line.startswith(f"| `{data_set.file_name}`")]
    assert data_set.sha256 in row
    if data_set.file_name == "shakespeare.txt":
        assert "the same folder, `shakespeare.txt`" in row
    else:
        assert f"`{data_set.address}`" in row


def test_the_project_contains_none_of_the_files(root):
    sizes = {data_set.size: data_set for data_set in CATALOGUE}
    for path in root.rglob("*.txt"):
        data_set = sizes.get(path.stat().st_size)
        if data_set is not None and ".venv" not in path.parts:
            assert hashlib.sha256(path.read_bytes()).hexdigest() != data_set.sha256, path
