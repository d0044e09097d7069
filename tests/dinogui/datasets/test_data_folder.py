import pytest

from dinogui.datasets.data_folder import DataFolder, FileState, users_data_folder


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path)


def test_checking_an_absent_file_creates_no_folder(tmp_path, data_set_at):
    folder = DataFolder(tmp_path / "not" / "there")
    assert folder.state_of(data_set_at("http://localhost/")) is FileState.ABSENT
    assert list(tmp_path.iterdir()) == []


def test_an_unchanged_file_is_intact(folder, data_set_at, content):
    data_set = data_set_at("http://localhost/")
    folder.path_of(data_set).write_bytes(content)
    assert folder.state_of(data_set) is FileState.INTACT


@pytest.mark.parametrize("damage", ["shorter", "longer", "a bit", "empty"])
def test_any_damage_is_detected(folder, data_set_at, content, damage):
    data_set = data_set_at("http://localhost/")
    flipped = bytes([content[0] ^ 1]) + content[1:]
    damaged = {"shorter": content[:-1], "longer": content + b"\n", "a bit": flipped, "empty": b""}
    folder.path_of(data_set).write_bytes(damaged[damage])
    assert folder.state_of(data_set) is FileState.DAMAGED


def test_a_folder_in_place_of_the_file_counts_as_damaged(folder, data_set_at):
    data_set = data_set_at("http://localhost/")
    folder.path_of(data_set).mkdir()
    assert folder.state_of(data_set) is FileState.DAMAGED


def test_the_users_folder_belongs_to_the_application(qapp):
    folder = users_data_folder()
    assert folder.is_absolute()
    assert folder.name == "data"
    assert folder.parent.name == qapp.applicationName()


def test_several_files_are_intact_if_all_are(tmp_path, kinds_at, content):
    folder = DataFolder(tmp_path)
    data_set = kinds_at(a="http://localhost/", b="http://localhost/")
    a, b = data_set.files
    assert folder.state_of(data_set) is FileState.ABSENT
    folder.path_of(data_set).mkdir()
    assert folder.state_of(data_set) is FileState.ABSENT
    folder.path_of(a).write_bytes(content)
    assert folder.state_of(data_set) is FileState.INCOMPLETE
    assert folder.missing(data_set) == (b,)
    folder.path_of(b).write_bytes(content)
    assert folder.state_of(data_set) is FileState.INTACT
    assert folder.missing(data_set) == ()
    folder.path_of(a).write_bytes(content[:-1])
    assert folder.state_of(data_set) is FileState.DAMAGED
    assert folder.missing(data_set) == (a,)
