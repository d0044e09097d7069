"""What the window's tests share. Where PySide6 is not installed, none of them is collected."""

import gc
from importlib.util import find_spec

import pytest

HAS_QT = find_spec("PySide6") is not None

if not HAS_QT:
    collect_ignore_glob = ["*.py", "*/*.py"]
else:
    import shiboken6
    from PySide6.QtCore import QThread

    from dinogui.app import make_window
    from dinogui.session import RunState, Session

    @pytest.fixture(autouse=True)
    def no_qt_thread_survives():
        """Fail a test that leaves a QThread running."""
        yield
        running = [
            thread
            for thread in gc.get_objects()
            if isinstance(thread, QThread) and shiboken6.isValid(thread) and thread.isRunning()
        ]
        names = [thread.objectName() for thread in running if thread is not QThread.currentThread()]
        for thread in running:
            thread.quit()
            thread.wait()
        assert not names, f"Still running: {names}"

    @pytest.fixture
    def session(qtbot):
        """Return a session without a run."""
        session = Session(seed=0)
        yield session
        session.close()

    @pytest.fixture
    def window(qapp, qtbot):
        """Return the window as it opens: shown, the dinosaurs loaded."""
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
    def train_until(qtbot):
        """Return a function that trains a session up to a step and waits for it."""

        def train(session, step):
            session.train(step)
            qtbot.waitUntil(lambda: session.state is not RunState.TRAINING, timeout=60_000)

        return train

    @pytest.fixture
    def names_file(tmp_path):
        """Return a function that writes a names file and returns its path."""

        def write(text="Anna\nBob\nClara\nDavid\n\nBob\n", name="people.txt"):
            path = tmp_path / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            return path

        return write
