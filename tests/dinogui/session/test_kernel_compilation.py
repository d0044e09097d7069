"""The faster step is compiled in a process of its own while the window is used."""

import os
import sys

import pytest

from dinogui.session.kernel_compilation import KernelCompilation
from dinogui.workers.service import Threads
from engine.nn.fast.compiled.kernel_store import kernel_state, load_kernels

BEGINS = "Compiling a faster step, once for this machine…"
IS_READY = "The faster step is ready: new runs take it."
IS_NOT_READY = "The faster step could not be compiled."
LATER = "Runs are trained with NumPy, and the next start of DinoGUI tries again."

# Programs in place of the compiler, which would take a minute.
REFUSE = "import sys\nprint('Trying…', file=sys.stderr)\nsys.exit('There is no room on the disk.')"
CRASH = "import os\nos.abort()"
BREAK = """
from engine.nn.fast.compiled import store_folder, store_key
store_folder.write_failure(
    store_folder.writable_folder(), store_key.store_key(), "The faster step cannot be compiled."
)
"""
HANG = "import os, sys, time\nopen(sys.argv[1], 'w').write(str(os.getpid()))\ntime.sleep(600)"
LOOK = "import os, sys\nopen(sys.argv[1], 'w').write(os.environ['PYTHONPATH'])"


@pytest.fixture
def threads(qapp):
    threads = Threads()
    yield threads
    threads.close()


@pytest.fixture
def start_command(threads):
    """Return a function that starts a command instead of the compiler, and lists what is said."""

    def run(command):
        said = []
        compilation = KernelCompilation(threads, threads, command)
        for signal in (compilation.said, compilation.failed):
            signal.connect(said.append)
        compilation.working.connect(lambda word, _: said.append(word))
        compilation.became_ready.connect(lambda: said.append("ready"))
        compilation.start()
        return said

    return run


@pytest.fixture
def start(start_command):
    """Return a function that does the same with a program in Python, and its arguments."""
    return lambda program, *arguments: start_command(
        [sys.executable, "-c", program, *map(str, arguments)]
    )


def test_it_says_when_it_begins_and_when_new_runs_can_take_it(start_command, quick_compiler, qtbot):
    said = start_command(quick_compiler)
    assert said == ["compiling…", BEGINS]
    qtbot.waitUntil(lambda: len(said) == 5, timeout=30_000)
    assert said[2:] == ["", IS_READY, "ready"]
    assert kernel_state().status == "ready"
    load_kernels()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (REFUSE, f"There is no room on the disk. {LATER}"),
        (CRASH, f"The faster step could not be compiled: the compiler has crashed. {LATER}"),
        ("import sys; sys.exit(3)", f"The compiler ended with 3. {LATER}"),
        ("pass", "The faster step is not compiled yet."),
    ],
)
def test_it_says_why_not(start, empty_store, program, sentence, qtbot):
    said = start(program)
    qtbot.waitUntil(lambda: len(said) == 5, timeout=30_000)
    assert said[2:4] == ["", IS_NOT_READY]
    assert said[4].startswith(sentence)


def test_what_cannot_be_compiled_is_tried_again_only_by_hand(start, empty_store, qtbot):
    said = start(BREAK)
    qtbot.waitUntil(lambda: len(said) == 5, timeout=30_000)
    assert said[4] == (
        "The faster step cannot be compiled. Runs are trained with NumPy. To try again, use: "
        "python -m engine compile"
    )
    assert start("pass") == []


def test_another_process_may_have_been_quicker(start, quick_compiler, qtbot):
    *_, copy, folder, store = quick_compiler
    said = start(f"{copy}\nimport os\nos.abort()", folder, store)
    qtbot.waitUntil(lambda: said[-1] == "ready", timeout=30_000)
    assert IS_READY in said


def test_a_program_that_is_not_there(threads, empty_store, tmp_path, qtbot):
    said = []
    compilation = KernelCompilation(threads, threads, [str(tmp_path / "python")])
    compilation.failed.connect(said.append)
    compilation.start()
    qtbot.waitUntil(lambda: len(said) == 1, timeout=30_000)
    assert said[0].startswith("The faster step could not be compiled: ")


@pytest.mark.skipif(os.name == "nt", reason="looks for a process as on POSIX")
def test_closing_ends_the_process(start, threads, empty_store, tmp_path, qtbot):
    file = tmp_path / "process"
    said = start(HANG, file)
    qtbot.waitUntil(lambda: file.exists() and file.read_text() != "", timeout=30_000)
    threads.close()
    assert threads.have_ended
    assert said == ["compiling…", BEGINS]
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_the_process_imports_the_engine_of_the_window(start, empty_store, root, tmp_path, qtbot):
    file = tmp_path / "path"
    said = start(LOOK, file)
    qtbot.waitUntil(lambda: len(said) == 5, timeout=30_000)
    assert file.read_text().split(os.pathsep)[0] == str(root)


def test_nothing_is_compiled_without_a_compiler(start, monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)  # as where it is not installed
    assert start("pass") == []


def test_nothing_is_compiled_twice(start, compiled_kernels):
    assert start("pass") == []


def test_tests_and_people_can_turn_it_off(threads, empty_store, monkeypatch, qtbot):
    compilation = KernelCompilation(threads, threads, [sys.executable, "-c", "pass"])
    monkeypatch.setattr("dinogui.session.kernel_compilation._SECONDS", 0)
    with qtbot.assertNotEmitted(compilation.said, wait=50):
        compilation.start_later()
    monkeypatch.delenv("DINOGUI_COMPILE")
    with qtbot.waitSignals([compilation.said, compilation.failed], timeout=30_000):
        compilation.start_later()


@pytest.mark.long
def test_the_window_compiles_all_kernels(threads, empty_store, qtbot):
    compilation = KernelCompilation(threads, threads)
    said = []
    compilation.said.connect(said.append)
    compilation.start()
    qtbot.waitUntil(lambda: len(said) == 2, timeout=600_000)
    assert said == [BEGINS, IS_READY]
    assert kernel_state().status == "ready"
