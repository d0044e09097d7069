"""The faster step is compiled in a process of its own while the window is used."""

import os
import sys

import pytest

from dinogui.app import compile_kernels
from dinogui.session.kernel_compilation import KernelCompilation
from dinogui.workers.service import Threads
from engine.nn.fast.compiled.kernel_store import kernel_state, load_kernels

BEGINS = "Compiling a faster step, once for this machine…"
IS_READY = "The faster step is ready: new runs take it."

# Programs in place of the compiler, which would take a minute.
COPY = "import shutil, sys\nshutil.copytree(sys.argv[1], sys.argv[2])"
REFUSE = "import sys\nprint('Trying…', file=sys.stderr)\nsys.exit('There is no room on the disk.')"
CRASH = "import os\nos.abort()"
HANG = "import os, sys, time\nopen(sys.argv[1], 'w').write(str(os.getpid()))\ntime.sleep(600)"
LOOK = "import os, sys\nopen(sys.argv[1], 'w').write(os.environ['PYTHONPATH'])"


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Return the folder of an empty store."""
    pytest.importorskip("numba")
    folder = tmp_path / "store"
    monkeypatch.setenv("DINOGUI_KERNELS", str(folder))
    assert kernel_state().status == "not compiled"
    return folder


@pytest.fixture
def start(threads, qtbot):
    """Return a function that starts a program instead of the compiler, and lists what is said."""

    def run(program, *arguments):
        said = []
        command = [sys.executable, "-c", program, *map(str, arguments)]
        compilation = KernelCompilation(threads, threads, command)
        compilation.said.connect(said.append)
        compilation.working.connect(lambda word, _: said.append(word))
        compilation.start()
        return said

    return run


def test_it_says_when_it_begins_and_when_new_runs_can_take_it(start, store, kernel_folder, qtbot):
    said = start(COPY, kernel_folder, store)
    assert said == ["compiling…", BEGINS]
    qtbot.waitUntil(lambda: len(said) == 4, timeout=30_000)
    assert said[2:] == ["", IS_READY]
    assert kernel_state().status == "ready"
    load_kernels()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (REFUSE, "There is no room on the disk."),
        (CRASH, "The faster step could not be compiled: the compiler has crashed."),
        ("import sys; sys.exit(3)", "The compiler ended with 3."),
        ("pass", "The faster step is not compiled yet."),
    ],
)
def test_it_says_why_not(start, store, program, sentence, qtbot):
    said = start(program)
    qtbot.waitUntil(lambda: len(said) == 4, timeout=30_000)
    assert said[2] == ""
    assert said[3].startswith(sentence)


def test_a_program_that_is_not_there(threads, store, tmp_path, qtbot):
    said = []
    compilation = KernelCompilation(threads, threads, [str(tmp_path / "python")])
    compilation.said.connect(said.append)
    compilation.start()
    qtbot.waitUntil(lambda: len(said) == 2, timeout=30_000)
    assert said[1].startswith("The faster step could not be compiled: ")


@pytest.mark.skipif(os.name == "nt", reason="looks for a process as on POSIX")
def test_closing_ends_the_process(start, threads, store, tmp_path, qtbot):
    file = tmp_path / "process"
    said = start(HANG, file)
    qtbot.waitUntil(lambda: file.exists() and file.read_text() != "", timeout=30_000)
    threads.close()
    assert threads.have_ended
    assert said == ["compiling…", BEGINS]
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_the_process_imports_the_engine_of_the_window(start, store, root, tmp_path, qtbot):
    file = tmp_path / "path"
    said = start(LOOK, file)
    qtbot.waitUntil(lambda: len(said) == 4, timeout=30_000)
    assert file.read_text().split(os.pathsep)[0] == str(root)


def test_nothing_is_compiled_without_a_compiler(start, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)  # as where it is not installed
    assert start("pass") == []


def test_nothing_is_compiled_twice(start, compiled_kernels):
    assert start("pass") == []


def test_tests_and_people_can_turn_it_off(threads, store, monkeypatch, qtbot):
    compilation = KernelCompilation(threads, threads, [sys.executable, "-c", "pass"])
    monkeypatch.setattr("dinogui.session.kernel_compilation._SECONDS", 0)
    with qtbot.assertNotEmitted(compilation.said, wait=50):
        compilation.start_later()
    monkeypatch.delenv("DINOGUI_COMPILE")
    with qtbot.waitSignals([compilation.said] * 2, timeout=30_000):
        compilation.start_later()


def test_the_status_line_tells_of_it(window, store, qtbot):
    compilation = compile_kernels(window, [sys.executable, "-c", REFUSE])
    compilation.start()
    assert window.status.message == BEGINS
    assert window.status.background_message == "compiling…"
    qtbot.waitUntil(lambda: window.status.background_message == "", timeout=30_000)
    assert window.status.message == "There is no room on the disk."


@pytest.mark.long
def test_the_window_compiles_all_kernels(threads, store, qtbot):
    compilation = KernelCompilation(threads, threads)
    said = []
    compilation.said.connect(said.append)
    compilation.start()
    qtbot.waitUntil(lambda: len(said) == 2, timeout=600_000)
    assert said == [BEGINS, IS_READY]
    assert kernel_state().status == "ready"
