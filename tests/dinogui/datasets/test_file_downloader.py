"""Downloads from a local server: successful ones, and every kind of failure."""

import os
import shutil
import ssl
import subprocess

import pytest
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkAccessManager

from dinogui.datasets.data_folder import DataFolder, FileState
from dinogui.datasets.file_downloader import FileDownloader

OLD = b"the previous file\n"


class Listener(QObject):
    """Records the signals of a downloader."""

    def __init__(self, downloader):
        super().__init__()
        self.said = []
        self.counts = []
        downloader.advanced.connect(self.counts.append)
        downloader.downloaded.connect(lambda: self.said.append("downloaded"))
        downloader.cancelled.connect(lambda: self.said.append("cancelled"))
        downloader.failed.connect(self.said.append)


@pytest.fixture
def network(qapp):
    return QNetworkAccessManager()


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "data")


@pytest.fixture
def download(qtbot, network, folder, data_set_at):
    """Return a function that downloads from an address and returns the recorded signals."""

    def download(address, **limits):
        downloader = FileDownloader(data_set_at(address).files[0], folder, network, **limits)
        listener = Listener(downloader)
        downloader.fetch()
        qtbot.waitUntil(lambda: bool(listener.said), timeout=10_000)
        qtbot.wait(20)  # no further signal may follow
        assert not downloader.is_busy
        assert len(listener.said) == 1
        return listener

    return download


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.path.iterdir()}


@pytest.mark.parametrize("path", ["/good", "/redirect", "/gzip"])
def test_a_good_file_is_saved_and_its_progress_reported(server, download, folder, content, path):
    listener = download(server.address(path))
    assert listener.said == ["downloaded"]
    assert files_in(folder) == {"people.txt": content}
    assert listener.counts == sorted(listener.counts)
    assert listener.counts[-1] == len(content)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/wrong", "its SHA-256 differs"),
        ("/long", "it is longer than 300,000 bytes"),
        ("/short", "Only 150,000 of 300,000 bytes were received from 127.0.0.1"),
        ("/dropped", "The connection to 127.0.0.1 was lost"),
        ("/missing", "no longer at its address on 127.0.0.1 (status 404)"),
        ("/broken", "127.0.0.1 does not send the file (status 500)"),
        ("/loop", "127.0.0.1 keeps redirecting to other addresses"),
        ("/to-a-local-file", "cannot be downloaded from"),
    ],
)
@pytest.mark.parametrize("before", [None, OLD])
def test_every_failure_is_reported_and_leaves_the_folder_unchanged(
    server, download, folder, path, says, before
):
    folder.path.mkdir()
    if before is not None:
        (folder.path / "people.txt").write_bytes(before)
    (message,) = download(server.address(path)).said
    assert says in message
    assert message.endswith((".", ")."))
    assert files_in(folder) == ({} if before is None else {"people.txt": before})


def test_a_refused_connection_is_reported(server, download, folder):
    address = server.address("/good")
    server.close()
    (message,) = download(address).said
    assert message.startswith("127.0.0.1 refuses the connection.")
    assert files_in(folder) == {}


def test_an_unknown_host_is_reported(download, folder):
    (message,) = download("http://nowhere.invalid/people.txt").said
    assert message.startswith("nowhere.invalid was not found: is this computer offline?")
    assert files_in(folder) == {}


@pytest.mark.parametrize("path", ["/stalled", "/silent"])
def test_a_stalled_download_times_out(server, download, folder, path):
    (message,) = download(server.address(path), stall_milliseconds=150).said
    assert message.startswith("127.0.0.1 has sent nothing for too long.")
    assert files_in(folder) == {}


def test_an_endless_download_times_out(server, download, folder):
    (message,) = download(server.address("/trickle"), total_milliseconds=300).said
    assert message.startswith("127.0.0.1 takes too long")
    assert files_in(folder) == {}


def test_a_cancelled_download_leaves_nothing_and_can_be_restarted(
    server, qtbot, network, folder, data_set_at, content
):
    folder.path.mkdir()
    (folder.path / "people.txt").write_bytes(OLD)
    downloader = FileDownloader(data_set_at(server.address("/stalled")).files[0], folder, network)
    listener = Listener(downloader)
    downloader.fetch()
    downloader.fetch()  # a second press during the download
    qtbot.waitUntil(lambda: listener.counts[-1:] == [len(content) // 2])
    assert files_in(folder)["people.txt"] == OLD, "the old file stays until the new one is complete"
    downloader.cancel()
    downloader.cancel()
    assert listener.said == ["cancelled"]
    assert files_in(folder) == {"people.txt": OLD}
    assert server.requests == ["/stalled"]
    server.released.set()
    downloader.fetch()
    qtbot.waitUntil(lambda: len(listener.said) == 2)
    assert listener.said == ["cancelled", "downloaded"]
    assert files_in(folder) == {"people.txt": content}


def test_a_downloader_can_succeed_after_a_failure(
    server, qtbot, network, folder, data_set_at, content
):
    address = server.address("/good")
    data_set = data_set_at(address)
    folder.path.write_bytes(b"a file where the folder should be")
    downloader = FileDownloader(data_set.files[0], folder, network)
    listener = Listener(downloader)
    downloader.fetch()
    assert "cannot be saved in" in listener.said[0]
    folder.path.unlink()
    downloader.fetch()
    qtbot.waitUntil(lambda: len(listener.said) == 2)
    assert listener.said[1] == "downloaded"
    assert folder.state_of(data_set) is FileState.INTACT


def test_a_full_disk_is_reported_and_leaves_nothing(server, download, folder, content):
    # With the system's limit on file sizes, a write fails as it does on a full disk.
    resource = pytest.importorskip("resource")
    folder.path.mkdir()
    (folder.path / "people.txt").write_bytes(OLD)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, limits[1]))
    try:
        (message,) = download(server.address("/good")).said
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert f"cannot be saved in “{folder.path}” (File too large)" in message
    assert "Free some disk space" in message
    assert files_in(folder) == {"people.txt": OLD}


def test_an_unwritable_folder_is_reported_before_anything_is_requested(server, download, folder):
    folder.path.mkdir()
    folder.path.chmod(0o500)
    try:
        (folder.path / "probe").touch()
    except PermissionError:
        (message,) = download(server.address("/good")).said
    else:
        pytest.skip("This user may write anywhere.")
    finally:
        folder.path.chmod(0o700)
    assert "cannot be saved in" in message
    assert "check that you may write there" in message
    assert server.requests == []
    assert files_in(folder) == {}


def test_a_file_in_place_of_the_folder_is_reported_and_kept(server, download, folder):
    folder.path.write_bytes(OLD)
    (message,) = download(server.address("/good")).said
    assert f"cannot be saved in “{folder.path}”" in message
    assert server.requests == []
    assert folder.path.read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders")
def test_a_pipe_in_place_of_the_file_is_reported_and_kept(server, download, folder):
    folder.path.mkdir()
    os.mkfifo(folder.path / "people.txt")
    (message,) = download(server.address("/good")).said
    assert (
        f"cannot be saved in “{folder.path}” (“people.txt” is not a regular file there)" in message
    )
    assert server.requests == []
    assert (folder.path / "people.txt").is_fifo()


def test_a_folder_in_place_of_the_file_is_reported_and_kept(server, download, folder):
    (folder.path / "people.txt").mkdir(parents=True)
    (message,) = download(server.address("/good")).said
    assert "cannot be saved in" in message
    assert [path.name for path in folder.path.iterdir()] == ["people.txt"]
    assert (folder.path / "people.txt").is_dir()


@pytest.fixture
def https_server(server_class, content, tmp_path):
    """Return an https server with a self-signed certificate."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is needed to make a certificate.")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    how = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    subprocess.run(
        ["openssl", *how.split(), "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = server_class(content, context)
    yield server
    server.close()


def test_an_untrusted_certificate_is_refused(https_server, download, folder):
    (message,) = download(https_server.address("/good")).said
    assert message.startswith("No secure connection to 127.0.0.1 could be made")
    assert https_server.requests == []
    assert files_in(folder) == {}


def test_a_redirect_from_https_to_http_is_not_followed(https_server, download, folder, network):
    network.sslErrors.connect(lambda reply, _: reply.ignoreSslErrors())
    assert download(https_server.address("/good")).said == ["downloaded"]
    kept = files_in(folder)
    (message,) = download(https_server.address("/to-plain-http")).said
    assert "without encryption, which was not followed" in message
    assert files_in(folder) == kept
