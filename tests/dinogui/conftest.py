"""Fixtures of the window's tests. Without PySide6, none of these tests is collected."""

import contextlib
import ctypes
import gc
import gzip
import hashlib
import os
import socket
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

HAS_QT = find_spec("PySide6") is not None

_USUAL_SIZE = 10_000
"""More parameters than the network has that a window begins with."""

_MEASURED_NAMES = 100
"""Names of any other network, of which it is counted how many are new."""

if not HAS_QT:
    collect_ignore_glob = ["*.py", "*/*.py"]
else:
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QStandardPaths, QThread
    from PySide6.QtGui import QFontInfo

    from dinogui.app import compile_kernels, make_window
    from dinogui.common.motion import reduce_motion
    from dinogui.datasets.data_set import DataFile, DataSet
    from dinogui.session.run import RunState
    from dinogui.session.session import Session
    from dinogui.workers import name_sampler
    from engine.data.corpus import corpus_of_names
    from engine.sampling.candidates import find_candidates
    from engine.sampling.constraints import Constraints
    from engine.sampling.known_names import count_fresh_names
    from engine.training.presets import TEXT_PRESETS

    def _classes_under(base):
        return {each for kind in base.__subclasses__() for each in (kind, *_classes_under(kind))}

    @pytest.fixture(scope="session", autouse=True)
    def interface_font(qapp, pytestconfig):
        """Return the font's family; fail if the command line requested another one."""
        family = QFontInfo(qapp.font()).family()
        assert family == (pytestconfig.getoption("--interface-font") or family)
        return family

    @pytest.fixture(scope="session")
    def usual_font(qapp):
        """Return the font of the application as it was before the first test."""
        return qapp.font()

    @pytest.fixture(autouse=True)
    def text_of_usual_size(qapp, usual_font):
        """Undo changes of the size of text, which is the application's.

        A window that is deleted late may change it between two tests.
        """
        if qapp.font() != usual_font:
            qapp.setFont(usual_font)
        yield
        if qapp.font() != usual_font:
            qapp.setFont(usual_font)

    @pytest.fixture(autouse=True)
    def motion_is_off(qapp):
        """Let nothing move unless a test asks for it, and not after that test."""
        reduce_motion(True)
        yield
        reduce_motion(True)

    @pytest.fixture(autouse=True)
    def no_qt_thread_survives():
        """Fail a test that leaves a QThread running."""
        yield
        kinds = {QThread, *_classes_under(QThread)}
        # isinstance would take ten times as long for all the objects there are.
        running = [
            thread
            for thread in gc.get_objects()
            if type(thread) in kinds and shiboken6.isValid(thread) and thread.isRunning()
        ]
        names = [thread.objectName() for thread in running if thread is not QThread.currentThread()]
        for thread in running:
            thread.quit()
            thread.wait()
        assert not names, f"Still running: {names}"

    @pytest.fixture(autouse=True)
    def nobodys_settings(tmp_path, monkeypatch):
        """Keep the tests away from the settings, data and logs of the person who runs them."""
        folder = tmp_path / "of nobody"
        # On Linux the variables below decide, which also holds for processes that a test starts.
        QStandardPaths.setTestModeEnabled(sys.platform != "linux")
        QSettings.setPath(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "config")
        )
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        return folder

    @pytest.fixture
    def session(qtbot):
        """Return a session without a run."""
        session = Session(seed=0)
        yield session
        session.close()

    @pytest.fixture
    def window(qapp, qtbot):
        """Return a visible window with the dinosaurs loaded."""
        window = make_window(qapp)
        qtbot.addWidget(window)
        window.resize(1100, 700)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(lambda: window.session.progress is not None)
        qtbot.waitUntil(lambda: window.session.has_network)
        yield window
        window.close()

    @pytest.fixture
    def open_window(qapp, qtbot):
        """Return a function that opens another window, as a new start of the program does.

        Its argument is a function that is called with the window before the window is shown.
        """
        windows = []

        def make(prepare=lambda window: None):
            window = make_window(qapp)
            qtbot.addWidget(window)
            windows.append(window)
            prepare(window)
            window.show()
            qtbot.waitUntil(lambda: window.session.progress is not None)
            return window

        yield make
        for window in windows:
            window.close()

    @pytest.fixture(autouse=True)
    def usual_text(qapp):
        """Write text in its usual size again. The next window would take this for the system's."""
        before = qapp.font()
        yield
        if qapp.font() != before:
            qapp.setFont(before)

    @pytest.fixture(autouse=True)
    def no_widget_is_left(qapp):
        """Destroy a test's widgets.

        The widgets of an earlier test would be styled, laid out and told of changes again.
        """
        yield
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol():
        """Collect a test's garbage in this thread, and exclude what is left from collection.

        Modules and reports outlive the test. Only now does pytest let go of the fixtures, so
        collecting earlier would look at all parts of a window in vain.
        """
        result = yield
        gc.collect()
        gc.freeze()
        return result

    @pytest.fixture(scope="session", autouse=True)
    def first_networks_write_once():
        """Measure and search the names of equal networks without a step once.

        Every window begins with the same network, counts a thousand of its names, and writes some.
        Names of a large network, or of one that has made steps, are counted as well, but fewer.
        """
        counted, searched = {}, {}

        def key_of(parameters, vocabulary, known, *more):
            weights = hashlib.sha256(parameters.flat.tobytes()).digest()
            names = (known.training, frozenset(known._statuses.items()))
            return hash((weights, parameters.architecture, vocabulary, names, *more))

        def count(parameters, vocabulary, known, *, seed, count, on_progress, **options):
            if seed or parameters.flat.size > _USUAL_SIZE:  # the seed is the step
                return count_fresh_names(
                    *(parameters, vocabulary, known),
                    seed=seed,
                    count=min(count, _MEASURED_NAMES),
                    on_progress=on_progress,
                    **options,
                )
            key = key_of(parameters, vocabulary, known, count, *options.items())
            if key not in counted:  # counted to its end, even if the window closes
                counted[key] = count_fresh_names(
                    parameters, vocabulary, known, seed=seed, count=count, **options
                )
            on_progress(1.0)
            return counted[key]

        def search(parameters, vocabulary, constraints, known, *, step):
            found = find_candidates(parameters, vocabulary, constraints, known, step=step)
            if step:
                return found
            key = key_of(parameters, vocabulary, known, constraints)
            return iter(searched[key]) if key in searched else remember(found, key)

        def remember(found, key):
            results = []
            for result in found:
                results.append(result)
                yield result
            searched[key] = results

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(name_sampler, "count_fresh_names", count)
            patch.setattr(name_sampler, "find_candidates", search)
            yield

    @pytest.fixture
    def plot(qtbot):
        """Return a plot of 420 × 300 pixels that keeps its range."""
        import pyqtgraph as pg

        widget = pg.PlotWidget()
        widget.getViewBox().disableAutoRange()
        widget.resize(420, 300)
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    @pytest.fixture
    def train_until(qtbot):
        """Return a function that trains a session up to a step and waits for the end."""

        def train(session, step):
            session.train(step)
            qtbot.waitUntil(lambda: session.state is not RunState.TRAINING, timeout=60_000)

        return train

    @pytest.fixture
    def compile_meanwhile(quick_compiler, qtbot):
        """Return a function that lets a window compile the step, and waits until that has ended."""

        def run(window, command=quick_compiler):
            compilation = compile_kernels(window, command)
            compilation.start()
            assert window.status.background_message == "compiling…"
            qtbot.waitUntil(lambda: not window.status.background_message, timeout=30_000)

        return run

    @pytest.fixture
    def write_names(qtbot):
        """Return a function that samples names from a session's latest network."""

        def write(session, count, **constraints):
            with qtbot.waitSignal(session.names_written, timeout=30_000) as written:
                session.name_generation.find_candidates(Constraints(count, **constraints))
            return written.args[0]

        return write

    @pytest.fixture
    def resident_bytes():
        """Return a function that collects garbage and returns the process's memory in bytes.

        Memory that is free, but kept by `malloc`, is given back first: it differs by 50 MB from one
        moment to the next.
        """
        pages = Path("/proc/self/statm")
        if not pages.is_file():
            pytest.skip("the system has no /proc/self/statm")
        give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if give_back is None:
            pytest.skip("the system's C library has no malloc_trim")

        def measure():
            gc.collect()
            give_back(0)
            return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")

        return measure

    @pytest.fixture
    def names_file(tmp_path):
        """Return a function that writes a names file and returns its path."""

        def write(text="Anna\nBob\nClara\nDavid\n\nBob\n", name="people.txt"):
            path = tmp_path / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return path

        return write

    @pytest.fixture(scope="session")
    def make_corpus_of_kinds():
        """Return a function that makes a list of some eight names of each kind."""

        def make(titles):
            endings = {"Greek": "is", "Irish": "an", "Norse": "ulf"}
            pairs = [
                (f"{letter}or{endings.get(title, title.lower())}", title)
                for title in titles
                for letter in ("bcdfghkls" if title == "Norse" else "bcdfghkl")
            ]
            names, kinds = zip(*pairs, strict=True)
            return corpus_of_names(names, "kinds", 0, lower_case=True, kinds=kinds)

        return make

    @pytest.fixture(scope="session")
    def corpus_of_kinds(make_corpus_of_kinds):
        """Return names of three kinds: Greek, Irish and Norse."""
        return make_corpus_of_kinds(("Greek", "Irish", "Norse"))

    @pytest.fixture(scope="session")
    def names_corpus():
        """Return a short list of names without kinds."""
        names = ["anna", "bob", "clara", "david", "eve", "fred", "gina", "hugo", "ida", "jan"]
        return corpus_of_names(names, "ten", 0, lower_case=True)

    @pytest.fixture(scope="session")
    def verse():
        """Return a made-up text in lines, about 20,000 symbols long."""
        random = np.random.default_rng(3)
        words = [
            "Rose",
            "thou",
            "art",
            "of",
            "my",
            "the",
            "summer's",
            "day,",
            "sweet",
            "and",
            "eyes.",
        ]
        lines = [" ".join(random.choice(words, 7)) for _ in range(600)]
        return "\n".join(lines) + "\n"

    @pytest.fixture(scope="session")
    def small_text():
        """Return the preset of texts with a small network."""
        usual = next(preset for preset in TEXT_PRESETS if preset.name == "Sonnets, good")
        small = replace(usual.hyperparameters, widths=(16,), batch=8, dropout=0.0)
        return replace(usual, hyperparameters=small)

    @pytest.fixture
    def text_window(window, qtbot, names_file, verse, small_text):
        """Return the window with a small network on that text."""
        with qtbot.waitSignal(window.session.run_begun):
            window.opening.open_file(str(names_file(verse, "verse.txt")), preset=small_text)
        qtbot.waitUntil(lambda: window.session.progress is not None, timeout=30_000)
        return window

    @pytest.fixture(scope="session")
    def content():
        """Return the bytes of a made-up names file, larger than one network buffer."""
        letters = np.random.default_rng(7).integers(97, 123, (30_000, 10), dtype=np.uint8)
        letters[:, -1] = 10
        return letters.tobytes()

    @pytest.fixture
    def data_set_at(content):
        """Return a function that describes that file as a data set at an address."""

        def offer(address, file_name="people.txt", kind="names"):
            digest = hashlib.sha256(content).hexdigest()
            file = DataFile(file_name, address, digest, len(content))
            return DataSet(file_name, "People", "Made up.", kind, (file,))

        return offer

    @pytest.fixture
    def kinds_at(content):
        """Return a function that describes files at some addresses as kinds of names."""

        def offer(**addresses):
            digest = hashlib.sha256(content).hexdigest()
            files = tuple(
                DataFile(f"peoples/{title}.txt", address, digest, len(content))
                for title, address in addresses.items()
            )
            return DataSet("peoples", "Peoples", "Made up.", "names", files, has_kinds=True)

        return offer

    @pytest.fixture
    def server_class():
        """Return the class of the test servers."""
        return FileServer

    @pytest.fixture
    def server(content, monkeypatch):
        """Return a server on this machine with the file and with every fault."""
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)
        server = FileServer(content)
        yield server
        server.close()


TRICKLE_SECONDS = 0.02


class FileServer:
    """Sends a file correctly, or in one of many faulty ways, until it is closed.

    Parameters
    ----------
    content : bytes
        The file at ``/good``.
    context : ssl.SSLContext, optional
        Serves https instead of http.
    """

    def __init__(self, content, context=None):
        self.content = content
        self.requests = []
        self.connections = []
        self.released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = (
            False  # so that closing waits for threads that are still sending
        )
        self._server.owner = self
        self._scheme = "http"
        if context is not None:
            self._scheme = "https"
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def address(self, path):
        """Return the address of a path."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{path}"

    def close(self):
        """Stop the server: from now on, connections are refused."""
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        # Qt also opens connections without a request, and their threads would wait forever.
        for connection in self.connections:
            with contextlib.suppress(OSError):  # it may already be closed
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    owner: FileServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self):
        super().setup()
        self.server.owner.connections.append(self.connection)

    def do_GET(self):
        self.server.owner.requests.append(self.path)
        # In some tests the client disconnects.
        with contextlib.suppress(OSError):
            self._answer(self.server.owner)

    def _answer(self, owner):
        content, whole = owner.content, len(owner.content)
        half = content[: whole // 2]
        answers = {
            "/good": lambda: self._send(content),
            "/gzip": lambda: self._send(gzip.compress(content), encoding="gzip"),
            "/wrong": lambda: self._send(content[:-1] + b"?"),
            "/long": lambda: self._send(content + b"more"),
            "/short": lambda: self._send(half),
            "/dropped": lambda: self._send(half, length=whole),
            "/stalled": lambda: self._stall(content, owner.released),
            "/silent": owner.released.wait,
            "/trickle": lambda: self._trickle(content, owner.released),
            "/redirect": lambda: self._redirect("/good"),
            "/loop": lambda: self._redirect("/loop"),
            "/to-plain-http": lambda: self._redirect(
                owner.address("/good").replace("https:", "http:")
            ),
            "/to-a-local-file": lambda: self._redirect("file:///etc/hostname"),
            "/broken": lambda: self._send(b"We are sorry. " * whole, status=500),
            "/missing": lambda: self._send(b"No such page. " * whole, status=404),
        }
        answers[self.path]()

    def _send(self, body, *, status=200, length=None, encoding=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if encoding is not None:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def _stall(self, content, released):
        half = len(content) // 2
        self._send(content[:half], length=len(content))
        released.wait()
        self.wfile.write(content[half:])

    def _trickle(self, content, released):
        self._send(b"", length=len(content))
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            if released.wait(TRICKLE_SECONDS):
                return

    def _redirect(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def log_message(self, *_):
        """Log nothing."""
