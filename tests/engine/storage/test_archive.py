"""JSON in archives: which of the characters that UTF-8 cannot encode are read and written."""

import json
import re

import numpy as np
import pytest

from engine.storage.archive import CheckpointError, open_archive, write_archive

BYTES_OF_NAMES = (0xDC80, 0xDCA9, 0xDCFF)
OTHERS = (0xD800, 0xD8FF, 0xDBFF, 0xDC00, 0xDC7F, 0xDD00, 0xDFFF)


def read(path, **how):
    with open_archive(path) as archive:
        return archive.json("value", **how)


def write_text(path, text):
    """Write JSON as it stands, as any program could have written it."""
    np.savez(path, value=np.frombuffer(text, np.uint8))


def forms(value):
    """Return a value as JSON with escapes in lower and in upper case."""
    text = json.dumps(value)
    yield text.encode()
    yield re.sub(r"(?<!\\)\\u\w{4}", lambda found: "\\u" + found[0][2:].upper(), text).encode()


@pytest.mark.parametrize("point", OTHERS, ids=hex)
@pytest.mark.parametrize("place", ["value", "key", "deep", "beside a pair"])
def test_half_a_character_is_refused(tmp_path, point, place):
    odd = f"a{chr(point)}b"
    value = {
        "value": odd,
        "key": {odd: 1},
        "deep": [1, {"names": [["rex", odd]]}],
        "beside a pair": f"{chr(point)}x\U0001f995",
    }[place]
    for text in forms(value):
        write_text(tmp_path / "x.npz", text)
        for may_name_files in (False, True):
            with pytest.raises(CheckpointError) as refused:
                read(tmp_path / "x.npz", may_name_files=may_name_files)
            assert str(refused.value) == (
                "“x.npz” is damaged: value holds a character that UTF-8 cannot encode."
            )


def test_the_bytes_of_a_file_name_are_read_only_where_names_of_files_stand(tmp_path):
    for point in BYTES_OF_NAMES:
        value = {"path": f"/data/caf{chr(point)}.txt", "\U0001f995": "\\ud800"}
        for text in forms(value):
            write_text(tmp_path / "x.npz", text)
            assert read(tmp_path / "x.npz", may_name_files=True) == value
            with pytest.raises(CheckpointError, match="value holds a character that UTF-8"):
                read(tmp_path / "x.npz")


def test_whole_characters_are_read_in_every_form(tmp_path):
    value = {"\U0001f995": "rex \U0010ffff", "é": "\\ud800 \\uD800"}
    for text in (*forms(value), json.dumps(value, ensure_ascii=False).encode()):
        write_text(tmp_path / "x.npz", text)
        assert read(tmp_path / "x.npz") == value


@pytest.mark.parametrize("text", [b'"\xed\xa0\x80"', b'"\xff"', '"rex"'.encode("utf-16")], ids=len)
def test_what_is_not_utf_8_is_refused(tmp_path, text):
    write_text(tmp_path / "x.npz", text)
    with pytest.raises(CheckpointError, match=r"x\.npz"):
        read(tmp_path / "x.npz", may_name_files=True)


def test_what_is_written_can_be_read_again(tmp_path):
    for point in (*BYTES_OF_NAMES, *OTHERS):
        name = f"\U0001f995 é{chr(point)}.txt"
        write_archive(tmp_path / "x.npz", {"value": {"path": name}})
        expected = name if point in BYTES_OF_NAMES else name.replace(chr(point), "\ufffd")
        assert read(tmp_path / "x.npz", may_name_files=True) == {"path": expected}
