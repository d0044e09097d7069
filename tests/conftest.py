"""Fixtures and hooks for every test. Imports no Qt: the engine's tests run without it."""

import dis
import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from engine.nn.fast.blas import limit_blas_threads
from engine.nn.fast.compiled.kernel_store import load_kernels
from engine.training.settings import Hyperparameters

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["DINOGUI_SOUND"] = "null"  # nobody is to hear the tests
os.environ["DINOGUI_COMPILE"] = "by-hand"
if "numpy" not in sys.modules:  # if a plugin has imported it, the limit comes too late
    limit_blas_threads()

pytest_plugins = ["pytester"]

# Derandomized, so that every run tests the same examples. No deadline: a slow machine is no fault.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("repeatable")

_ROOT = Path(__file__).resolve().parent.parent
_GRACE_SECONDS = 1.0

_KERNELS = "DINOGUI_TEST_KERNELS"
"""The environment variable with the folder of the kernels that tests compile."""

_OPERATIONS = {
    code
    for code, name in enumerate(dis.opname)
    if name.startswith(("CALL", "BINARY_", "STORE_SUBSCR", "STORE_SLICE", "UNARY_"))
    and not name.startswith("CALL_INTRINSIC")  # made by the compiler, not by our code
}

_FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <match target="pattern">
    <test qual="any" name="family" compare="contains"><string>sans</string></test>
    <edit name="family" mode="prepend_first" binding="strong"><string>{}</string></edit>
  </match>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
</fontconfig>
"""


def pytest_addoption(parser):
    """Add the option that chooses the font of the window's tests."""
    parser.addoption(
        "--interface-font",
        metavar="FAMILY",
        help="run the window's tests with this font, such as 'Noto Sans' (needs fontconfig)",
    )


def pytest_configure(config):
    """Prepare the environment, which processes that are started from here inherit."""
    _keep_kernels_apart(config)
    _choose_font(config)


def _keep_kernels_apart(config):
    """Let no test find compiled kernels, or compile any, unless it asks for `compiled_kernels`."""
    if _KERNELS not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="dinogui-kernels-")
        config.add_cleanup(folder.cleanup)
        os.environ[_KERNELS] = folder.name
        config.add_cleanup(lambda: os.environ.pop(_KERNELS))
    os.environ["DINOGUI_KERNELS"] = str(Path(os.environ[_KERNELS], "none"))


def _choose_font(config):
    """Let Qt find the font that was asked for."""
    family = config.getoption("--interface-font")
    if family is None or hasattr(config, "workerinput"):
        return
    folder = tempfile.TemporaryDirectory(prefix="dinogui-fonts-")
    config.add_cleanup(folder.cleanup)
    path = Path(folder.name, "fonts.conf")
    path.write_text(_FONT_CONFIGURATION.format(family), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(path)


def pytest_report_header(config):
    """Name the font that was asked for."""
    family = config.getoption("--interface-font")
    return None if family is None else f"interface font: {family}"


def pytest_collection_finish():
    """Exclude everything that exists by now from garbage collection.

    The window's tests collect garbage after every test. Without the modules and the collected
    tests, a collection takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable():
    """Escape lone surrogates in a report.

    pytest-xdist sends reports as UTF-8. The name of a file that is not UTF-8 has lone surrogates,
    and in a log record or a failure it would end the process that runs the test.
    """
    return _escape((yield))


def _escape(value):
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_escape(key): _escape(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_escape(each) for each in value)
    return value


@pytest.fixture(scope="session")
def root():
    """Return the folder of the repository."""
    return _ROOT


@pytest.fixture(scope="session")
def shared_file():
    """Return a function that returns the path of a file in ../shared, or skips the test."""

    def find(place):
        path = _ROOT.parent / "shared" / place
        if not path.is_file():
            pytest.skip(f"{path} is absent")
        return path

    return find


@pytest.fixture(scope="session")
def dinos_path(shared_file):
    """Return the path of the course's list of dinosaurs."""
    return shared_file("data/dinos.txt")


@pytest.fixture(scope="session")
def kernel_folder():
    """Return a folder with all kernels; skip the test if Numba is not installed.

    They are compiled once for all processes that run tests, which takes up to a minute.
    """
    if find_spec("numba") is None:
        pytest.skip("Numba is not installed")
    folder = Path(os.environ[_KERNELS])
    ended = subprocess.run(
        [sys.executable, "-m", "engine", "compile"],
        cwd=_ROOT,
        env=os.environ | {"DINOGUI_KERNELS": str(folder)},
        capture_output=True,
        encoding="utf-8",
        timeout=540,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.fixture
def compiled_kernels(kernel_folder, monkeypatch):
    """Return the loaded kernels, and let the programs that the test runs find them."""
    monkeypatch.setenv("DINOGUI_KERNELS", str(kernel_folder))
    yield load_kernels()
    load_kernels.cache_clear()  # names are sampled with kernels that the process has loaded


@pytest.fixture
def empty_store(tmp_path, monkeypatch):
    """Return the folder in which kernels are looked for, and which is not there yet."""
    if find_spec("numba") is None:
        pytest.skip("Numba is not installed")
    folder = tmp_path / "store"
    monkeypatch.setenv("DINOGUI_KERNELS", str(folder))
    yield folder
    load_kernels.cache_clear()


@pytest.fixture
def quick_compiler(kernel_folder, empty_store):
    """Return a command that copies compiled kernels into the store, as compiling takes long."""
    copy = "import shutil, sys\nshutil.copytree(sys.argv[1], sys.argv[2])"
    return [sys.executable, "-c", copy, str(kernel_folder), str(empty_store)]


@pytest.fixture(params=["numpy", "compiled"])
def backend(request):
    """Return each backend in turn; the compiled one is ready, or its test is skipped."""
    if request.param == "compiled":
        request.getfixturevalue("compiled_kernels")
    return request.param


@pytest.fixture
def each_backend(backend, monkeypatch):
    """Let the runs that the test begins take each backend in turn, unless it names one for them."""
    monkeypatch.setattr(Hyperparameters, "backend", backend)
    defaults = {field.name: field.default for field in fields(Hyperparameters)}
    monkeypatch.setattr(
        Hyperparameters.__init__, "__defaults__", tuple((defaults | {"backend": backend}).values())
    )
    return backend


@pytest.fixture
def unload_kernels(monkeypatch):
    """Return a function after which this process finds no compiled kernels any more."""

    def unload():
        monkeypatch.setenv("DINOGUI_KERNELS", str(Path(os.environ[_KERNELS], "none")))
        load_kernels.cache_clear()

    return unload


@pytest.fixture(scope="session")
def count_operations():
    """Return a function that counts the calls and operators executed by the code in a folder.

    An operator counts like a call, because on an array it is a call to NumPy. Python's profiler
    does not see calls to ufuncs, so bytecodes are traced. The count is the same on every machine.
    """

    def count(run, folder):
        inside = str(_ROOT / folder) + os.sep
        found = 0

        def enter(frame, _event, _argument):
            if not frame.f_code.co_filename.startswith(inside):
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
            code = frame.f_code.co_code

            def step(frame, event, _argument):
                nonlocal found
                found += event == "opcode" and code[frame.f_lasti] in _OPERATIONS
                return step

            return step

        before = sys.gettrace()
        sys.settrace(enter)
        try:
            run()
        finally:
            sys.settrace(before)
        return found

    return count


@pytest.fixture(autouse=True)
def no_thread_outlives_a_test():
    """Fail a test that leaves a Python thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    for thread in _started_since(before):
        thread.join(max(deadline - time.monotonic(), 0.0))
    left = sorted(thread.name for thread in _started_since(before))
    if left:
        pytest.fail(f"Threads outlive the test: {', '.join(left)}")


def _started_since(before):
    # A dummy stands for a foreign thread that once ran Python. Up to Python 3.11 it stays in the
    # list after that thread has ended, so it proves nothing.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
