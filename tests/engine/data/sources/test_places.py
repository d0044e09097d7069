"""Several paths are kept as one text, which may come from any file."""

import pytest

from engine.data.sources.places import are_there, key_of_places, places_of_key


@pytest.mark.parametrize("places", [("/a.txt",), ("/a [1].txt", "/b \u201c.txt"), ('/["a"]',)])
def test_paths_come_back(places):
    assert places_of_key(key_of_places(places)) == places


@pytest.mark.parametrize(
    "key",
    [
        *("", "[]", "[", "[1]", '["a", null]', '[""]', '["a\\u0000"]', "a\0"),
        *("[" * 100_000, "a" * 99_999, "[" + ",".join(['"a"'] * 1_001) + "]"),
    ],
    ids=range(11),
)
def test_other_texts_are_refused(key):
    with pytest.raises(ValueError, match="no path"):
        places_of_key(key)
    assert not are_there(key)


def test_all_places_must_still_be_there(tmp_path):
    file, folder = tmp_path / "a.txt", tmp_path / "b"
    file.touch()
    folder.mkdir()
    assert are_there(key_of_places([str(file), str(folder)]))
    assert are_there(str(folder))
    folder.rmdir()
    assert are_there(str(file))
    assert not are_there(key_of_places([str(file), str(folder)]))
