"""Data sets of several files from a local server: got one after the other, and again if need be."""

import pytest
from PySide6.QtNetwork import QNetworkAccessManager

from dinogui.datasets.data_folder import DataFolder, FileState
from dinogui.datasets.downloader import Downloader


@pytest.fixture
def network(qapp):
    return QNetworkAccessManager()


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "data")


@pytest.fixture
def fetch(qtbot, network, folder):
    """Return a function that gets a data set: what was said at the end, and the progress."""

    def fetch(data_set):
        downloader, said, counts = Downloader(data_set, folder, network), [], []
        downloader.advanced.connect(counts.append)
        downloader.downloaded.connect(lambda: said.append("downloaded"))
        downloader.failed.connect(said.append)
        downloader.fetch()
        downloader.fetch()  # a second press
        qtbot.waitUntil(lambda: bool(said), timeout=20_000)
        qtbot.wait(20)  # no further signal may follow
        assert not downloader.is_busy
        (end,) = said
        return end, counts

    return fetch


def files_in(folder):
    return sorted(path.name for path in folder.path.rglob("*") if path.is_file())


def test_all_files_are_got_with_one_progress(server, fetch, folder, kinds_at, content):
    data_set = kinds_at(
        a=server.address("/good"), b=server.address("/redirect"), c=server.address("/gzip")
    )
    end, counts = fetch(data_set)
    assert end == "downloaded"
    assert folder.state_of(data_set) is FileState.INTACT
    assert files_in(folder) == ["a.txt", "b.txt", "c.txt"]
    assert counts == sorted(counts)
    assert counts[-1] == data_set.size == 3 * len(content)


def test_after_a_failure_only_the_rest_is_got(server, fetch, folder, kinds_at, content):
    good, wrong = server.address("/good"), server.address("/wrong")
    end, _ = fetch(kinds_at(a=good, b=wrong, c=good))
    assert "SHA-256 differs" in end
    assert files_in(folder) == ["a.txt"]
    data_set = kinds_at(a=good, b=good, c=good)
    assert folder.state_of(data_set) is FileState.INCOMPLETE
    server.requests.clear()
    end, counts = fetch(data_set)
    assert end == "downloaded"
    assert server.requests == ["/good", "/good"]
    assert counts[0] > len(content), "what is there counts as progress"
    assert folder.state_of(data_set) is FileState.INTACT


def test_a_cancelled_download_keeps_complete_files_only(
    server, qtbot, network, folder, kinds_at, content
):
    data_set = kinds_at(a=server.address("/good"), b=server.address("/stalled"))
    downloader, said, counts = Downloader(data_set, folder, network), [], []
    downloader.advanced.connect(counts.append)
    downloader.cancelled.connect(lambda: said.append("cancelled"))
    downloader.fetch()
    qtbot.waitUntil(lambda: counts[-1:] == [3 * len(content) // 2], timeout=20_000)
    downloader.cancel()
    downloader.cancel()
    assert said == ["cancelled"]
    assert files_in(folder) == ["a.txt"]
    assert not downloader.is_busy
