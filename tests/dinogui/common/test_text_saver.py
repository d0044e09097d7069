import errno
import os

import pytest

from dinogui.common.text_saver import SavingError, save_text
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.runs.saved_network import SavedNetwork, save_network


def test_a_text_is_written_in_utf_8_and_replaces_the_file(tmp_path):
    path = tmp_path / "poem.txt"
    for text in ("Shall I compare thee\n", "Ägäis\n", ""):
        save_text(str(path), text)
        assert path.read_bytes() == text.encode()
    assert os.listdir(tmp_path) == ["poem.txt"]


def test_a_folder_that_does_not_exist_is_reported(tmp_path):
    path = tmp_path / "none" / "poem.txt"
    with pytest.raises(SavingError) as refused:
        save_text(str(path), "text")
    reason = os.strerror(errno.ENOENT)
    assert str(refused.value) == f"“{path}” cannot be written: {reason}. Choose another place."


def test_a_full_disk_leaves_the_old_file(tmp_path):
    # With the system's limit on file sizes, a write fails as it does on a full disk.
    resource = pytest.importorskip("resource")
    path = tmp_path / "poem.txt"
    path.write_text("the old text")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(SavingError, match="cannot be written"):
            save_text(str(path), "x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "the old text"
    assert os.listdir(tmp_path) == ["poem.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_and_a_folder_are_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, reason in (("pipe", "it is not a regular file"), ("folder", "it is a folder")):
        with pytest.raises(SavingError) as refused:
            save_text(str(tmp_path / name), "text")
        expected = f"“{tmp_path / name}” cannot be written: {reason}. Choose another place."
        assert str(refused.value) == expected
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(os.listdir(tmp_path)) == ["folder", "pipe"]


def test_a_text_does_not_replace_a_run(tmp_path):
    path = tmp_path / "run.npz"
    vocabulary = Vocabulary.from_names(["ab"])
    save_network(path, SavedNetwork(Parameters(Architecture(3, widths=(4,))), vocabulary))
    before = path.read_bytes()
    with pytest.raises(SavingError, match=r"is a saved run\. A text does not replace it"):
        save_text(str(path), "text")
    assert path.read_bytes() == before
