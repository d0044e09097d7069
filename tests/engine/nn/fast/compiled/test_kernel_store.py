"""The store of compiled kernels: what it says of itself, and that nothing broken is ever loaded.

The kernels here are small ones. That all kernels are compiled and loaded, `compiled_kernels` shows.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.nn.fast.compiled import kernel_store, store_key
from engine.nn.fast.compiled.kernel_store import (
    KernelCompilationError,
    KernelsNotReadyError,
    compile_kernels,
    kernel_state,
    load_kernels,
)

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")

SMALL = """
from numba import njit
import numpy as np
from engine.nn.fast.compiled.kernels import entries

@njit
def double(x):
    for i in range(len(x)):
        x[i] *= 2.0

entries.entries = lambda: (entries.KernelEntry(double, [(np.empty(0),)]),)
from engine.nn.fast.compiled.kernel_store import compile_kernels
"""
"""The beginning of a program whose only kernel is a small one."""


def double(x):
    for i in range(len(x)):
        x[i] *= 2.0


def halve(x):
    for i in range(len(x)):
        x[i] /= 2.0


def add_a_word(x):
    x[0] = x[0] + "word"


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """Return the folder of an empty store, and forget what this process has looked up."""
    folder = tmp_path / "store"
    monkeypatch.setenv("DINOGUI_KERNELS", str(folder))
    store_key.store_key.cache_clear()
    load_kernels.cache_clear()
    yield folder
    store_key.store_key.cache_clear()
    load_kernels.cache_clear()


@pytest.fixture
def have(monkeypatch):
    """Return a function that makes kernels of functions, which are then all there are."""
    numba = pytest.importorskip("numba")
    from engine.nn.fast.compiled.kernels import entries

    def put(*functions):
        kernels = [numba.njit(function) for function in functions]
        found = tuple(entries.KernelEntry(kernel, [(np.empty(0),)]) for kernel in kernels)
        monkeypatch.setattr(entries, "entries", lambda: found)
        return kernels[-1]

    return put


@pytest.fixture
def program(tmp_path):
    """Return a function that writes a program, which begins as `SMALL`, and returns its path."""
    pytest.importorskip("numba")

    def write(lines):
        path = tmp_path / "program.py"
        path.write_text(f"{SMALL}\n{lines}\n")
        return path

    return write


def kernel_file(place):
    return next(place.glob("*.nbc"))


def paths():
    """Return what lets a program in another folder import the engine that is tested."""
    return {"PYTHONPATH": str(Path(kernel_store.__file__).parents[4])}


def without(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)  # as where it is not installed


# States


def test_without_numba_it_says_how_to_install_it(monkeypatch):
    without("numba", monkeypatch)
    state = kernel_state()
    assert (state.status, state.place) == ("not installed", None)
    assert "pip install 'dinogui[fast]'" in state.reason
    for act, error in (
        (load_kernels, KernelsNotReadyError),
        (compile_kernels, KernelCompilationError),
    ):
        with pytest.raises(error, match="pip install"):
            act()


@needs_numba
def test_a_part_of_numba_is_missing(monkeypatch):
    without("llvmlite", monkeypatch)
    state = kernel_state()
    assert (state.status, state.reason) == (
        "broken",
        "The faster step cannot be compiled: llvmlite is not installed.",
    )


@needs_numba
def test_a_switch_of_numba_turns_it_off(monkeypatch, store):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert kernel_state().status == "broken"
    with pytest.raises(KernelCompilationError, match="NUMBA_DISABLE_JIT"):
        compile_kernels()
    assert not store.exists()
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    store_key.store_key.cache_clear()
    assert kernel_state().status == "not compiled"


def test_the_state_is_told_without_numpy_and_numba(run_python):
    ended = run_python(
        "-c",
        "import sys\n"
        "from engine.nn.fast.compiled.kernel_store import kernel_state\n"
        "kernel_state()\n"
        "print(sorted({'numpy', 'numba', 'llvmlite'} & set(sys.modules)))",
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


# Compiling and loading


def test_kernels_are_compiled_once_and_loaded(have, store):
    have(double)
    assert kernel_state().status == "not compiled"
    with pytest.raises(KernelsNotReadyError, match="python -m engine compile"):
        load_kernels()
    told = []
    place = compile_kernels(lambda *progress: told.append(progress))
    assert compile_kernels(lambda *progress: told.append(progress)) == place
    assert told == [(1, 1)]
    assert (kernel_state().status, kernel_state().place) == ("ready", place)

    kernel = have(double)  # as in another process, which has compiled nothing
    kernels = load_kernels()
    assert kernels.__name__ == "engine.nn.fast.compiled.kernels"
    assert sum(kernel.stats.cache_hits.values()) == 1
    assert not kernel.stats.cache_misses
    load_kernels.cache_clear()
    assert load_kernels() is kernels  # nothing is left to load
    x = np.array([1.0, 2.0])
    kernel(x)
    np.testing.assert_array_equal(x, [2.0, 4.0])


def test_nothing_is_compiled_while_something_waits(have):
    have(double)
    compile_kernels()
    kernel = have(double)
    load_kernels()
    with pytest.raises(TypeError, match="No matching definition"):
        kernel(np.ones(2, np.float32))


def test_numbas_own_settings_stay_as_they_were(have):
    from numba.core import config

    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES
    have(double)
    compile_kernels()
    load_kernels()
    assert before == (config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES)


def test_a_store_that_cannot_be_written_to_is_read(have, store):
    have(double)
    place = compile_kernels()
    for path in (*place.iterdir(), place, store):
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        kernel = have(double)
        load_kernels()
        assert sum(kernel.stats.cache_hits.values()) == 1
    finally:
        for path in (store, place):
            path.chmod(0o700)


# What may have happened to the files


@pytest.mark.parametrize("name", ["*.nbc", "*.nbi", "manifest.json"])
@pytest.mark.parametrize("damage", ["removed", "cut"])
def test_a_store_without_all_of_its_files_is_not_ready(have, name, damage):
    have(double)
    place = compile_kernels()
    path = next(place.glob(name))
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-5])
    assert kernel_state().status == "not compiled"
    assert compile_kernels() == place
    assert kernel_state().status == "ready"


@pytest.mark.parametrize(
    "manifest", ["[]", "{}", '{"a": 1}', '{"../../x": [1, "a"]}', '{"a": ["1", 2]}', "\ud800"]
)
def test_a_strange_manifest_is_not_believed(have, manifest):
    have(double)
    place = compile_kernels()
    (place / "manifest.json").write_bytes(manifest.encode(errors="surrogatepass"))
    assert kernel_state().status == "not compiled"


def test_damaged_code_is_never_loaded(have):
    have(double)
    place = compile_kernels()
    path = kernel_file(place)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(KernelsNotReadyError, match=r"damaged.*python -m engine compile"):
        load_kernels()
    assert kernel_state().status == "not compiled"
    compile_kernels()
    load_kernels()


def test_a_kernel_that_is_missing_is_not_compiled_when_loading(have):
    have(double)
    compile_kernels()
    kernel = have(double, halve)
    with pytest.raises(KernelsNotReadyError, match="halve is not there for this processor"):
        load_kernels()
    assert kernel.signatures == []
    assert kernel_state().status == "not compiled"


# The key


@pytest.fixture
def key():
    """Return a function that returns the key as another process would compute it."""
    pytest.importorskip("numba")

    def compute():
        store_key.store_key.cache_clear()
        return store_key.store_key()

    return compute


def test_a_flag_has_kernels_of_its_own(have, key, monkeypatch):
    have(double)
    compile_kernels()
    before = key()
    monkeypatch.setenv("NUMBA_OPT", "1")
    assert key() != before
    assert kernel_state().status == "not compiled"
    monkeypatch.delenv("NUMBA_OPT")
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")  # changes no code
    assert key() == before


def test_numbas_settings_in_the_current_folder_count(key, monkeypatch, tmp_path):
    before = key()
    monkeypatch.chdir(tmp_path)
    assert key() == before
    (tmp_path / ".numba_config.yaml").write_text("opt: 1\n")
    assert key() != before


def test_a_changed_source_has_another_key(key, monkeypatch, tmp_path):
    before = key()
    copy = tmp_path / "kernels"
    shutil.copytree(store_key.KERNELS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store_key, "KERNELS", copy)
    assert key() == before  # where the source lies does not matter, and neither does its date
    with (copy / "jit.py").open("a") as file:
        file.write("\n")
    assert key() != before


def test_a_changed_constant_of_another_module_has_another_key(key, monkeypatch, tmp_path):
    kernels = tmp_path / "kernels"
    kernels.mkdir()
    (kernels / "rule.py").write_text("from engine.constants import BETA\n")
    (tmp_path / "engine").mkdir()
    constants = tmp_path / "engine" / "constants.py"
    constants.write_text("BETA = 0.9\n")
    monkeypatch.setattr(store_key, "KERNELS", kernels)
    monkeypatch.setattr(store_key, "_ROOT", tmp_path)
    before = key()
    constants.write_text("BETA = 0.8\n")
    assert key() != before
    (kernels / "rule.py").write_text("from engine import constants\n")
    before = key()
    constants.write_text("BETA = 0.7\n")
    assert key() != before


def test_another_version_or_processor_has_another_key(key, monkeypatch, tmp_path):
    before = key()
    with monkeypatch.context() as patch:
        patch.setattr(store_key, "_version", lambda package: b"99")
        assert key() != before
    cpuinfo = tmp_path / "cpuinfo"
    monkeypatch.setattr(store_key, "_CPUINFO", cpuinfo)
    keys = {key()}  # there is no such file, as on other systems
    for flags in ("fpu avx2", "fpu avx2 avx512f"):
        cpuinfo.write_text(f"processor : 0\nmodel name : A\ncpu MHz : 1\nflags : {flags}\n\n")
        keys.add(key())
    cpuinfo.write_text("processor : 0\nmodel name : A\ncpu MHz : 2\nflags : fpu avx2\n\n")
    keys.add(key())  # what changes from one moment to the next does not count
    assert len(keys) == 3


# What may go wrong while compiling


def test_a_kernel_that_does_not_compile_is_reported_and_not_tried_by_itself(have, store):
    have(add_a_word)
    with pytest.raises(KernelCompilationError, match=r"cannot be compiled \(TypingError"):
        compile_kernels()
    state = kernel_state()
    assert state.status == "broken"
    assert state.reason.startswith("The faster step cannot be compiled (TypingError")
    have(double)
    compile_kernels()  # by hand it is tried again
    assert kernel_state().status == "ready"
    assert not list(store.glob("*.failed"))


@needs_numba
def test_numba_that_cannot_be_imported_is_reported(monkeypatch):
    name = "engine.nn.fast.compiled.kernels.entries"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(KernelCompilationError, match="ModuleNotFoundError"):
        compile_kernels()
    assert kernel_state().status == "broken"


needs_sigkill = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
KILLED = "import os\ncompile_kernels(lambda *_: os.kill(os.getpid(), 9))"
HANGS = "import time\ncompile_kernels(lambda *_: (print('compiles', flush=True), time.sleep(600)))"


def parts(store):
    return list(store.glob("*.part"))


@needs_sigkill
def test_what_a_killed_compiler_leaves_is_not_loaded_and_swept(run_python, program, have, store):
    path = program(KILLED)
    assert run_python(path, environment=paths()).returncode == -9
    assert kernel_state().status == "not compiled"
    assert len(parts(store)) == 1
    of_another_machine, lost = store / "young.part", store / "old.part"
    for folder in (of_another_machine, lost):
        folder.mkdir()
    old = time.time() - 100_000
    os.utime(lost, (old, old))
    assert run_python(path, environment=paths()).returncode == -9
    assert len(parts(store)) == 2, "the killed one has swept what the one before it left"
    have(double)
    compile_kernels()
    assert parts(store) == [of_another_machine]


@pytest.fixture
def hanging(program):
    """Return a process that has compiled a kernel, and does not end by itself."""
    with subprocess.Popen(
        [sys.executable, str(program(HANGS))],
        env=os.environ | paths() | {"NUMBA_OPT": "1"},  # so its kernels have a key of their own
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout.readline() == "compiles\n"
        yield process
        process.kill()


def test_the_folder_of_a_living_compiler_is_swept_by_nobody(have, hanging, store, monkeypatch):
    have(double)
    (part,) = parts(store)
    monkeypatch.setenv("DINOGUI_KERNELS", str(store.with_name("other")))
    place = compile_kernels()
    shutil.copytree(place, store / place.name)
    monkeypatch.setenv("DINOGUI_KERNELS", str(store))
    load_kernels()
    assert any(part.iterdir())
    hanging.kill()
    hanging.wait()
    load_kernels.cache_clear()
    load_kernels()
    assert parts(store) == []


@needs_sigkill
def test_who_waited_for_a_compiler_that_is_killed_sweeps_and_compiles(hanging, program, store):
    with subprocess.Popen(
        [sys.executable, str(program("print('waits', flush=True)\ncompile_kernels()"))],
        env=os.environ | paths(),
        stdout=subprocess.PIPE,
    ) as waiting:
        assert waiting.stdout.readline() == b"waits\n"
        assert len(parts(store)) == 1
        hanging.kill()
        assert waiting.wait(120) == 0
    assert parts(store) == []
    assert kernel_state().status == "ready"


@needs_sigkill
def test_on_a_disk_that_cannot_lock_only_old_leftovers_are_swept(
    run_python, program, have, store, monkeypatch
):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError("no locks available")

    assert run_python(program(KILLED), environment=paths()).returncode == -9
    monkeypatch.setattr(fcntl, "flock", refuse)
    (left,) = parts(store)
    have(double)
    compile_kernels()
    load_kernels()
    assert parts(store) == [left]


def test_of_two_processes_one_compiles(root, program, store):
    path = program("told = []\ncompile_kernels(lambda *_: told.append(1))\nprint(len(told))")
    processes = [
        subprocess.Popen(
            [sys.executable, str(path)],
            env=os.environ | paths(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=120) for process in processes]
    assert sorted(ends) == [("0\n", ""), ("1\n", "")]


def test_while_they_are_compiled_the_state_says_so(have, monkeypatch):
    have(double)
    from engine.nn.fast.compiled.kernels import entries

    compile_entries, during = entries.compile_entries, []

    def look_and_compile(*args):
        during.append(kernel_state())
        compile_entries(*args)

    monkeypatch.setattr(entries, "compile_entries", look_and_compile)
    assert "so does: python -m engine compile" in kernel_state().reason
    compile_kernels()
    (state,) = during
    assert state.status == "not compiled"
    assert state.reason.startswith("The faster step is being compiled.")
    assert kernel_state().status == "ready"


def test_a_disk_that_is_full_is_reported_and_tried_again(run_python, program, have, store):
    pytest.importorskip("resource")
    path = program(
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "compile_kernels()"
    )
    ended = run_python(path, environment=paths())
    assert "KernelCompilationError: The faster step cannot be written" in ended.stderr
    assert "DINOGUI_KERNELS" in ended.stderr
    assert not list(store.glob("*.part"))
    have(double)
    assert kernel_state().status == "not compiled"
    compile_kernels()
    assert kernel_state().status == "ready"


def test_where_the_home_is_read_only_the_kernels_are_kept_elsewhere(have, monkeypatch, tmp_path):
    have(double)
    (tmp_path / "file").touch()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.delenv("DINOGUI_KERNELS")
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):  # in a file there can be no folder
        monkeypatch.setenv(name, str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    place = compile_kernels()
    assert place.is_relative_to(temporary)
    assert kernel_state().place == place
    load_kernels()
    if os.name != "nt":
        place.parent.chmod(0o777)  # others could put code into it
        assert kernel_state().status == "not compiled"
        with pytest.raises(KernelCompilationError, match="set the environment variable"):
            compile_kernels()


def test_kernels_that_nobody_uses_are_swept(have, store):
    have(double)
    store.mkdir()
    for name, days in (("old", 100), ("used", 50)):
        (store / name).mkdir()
        manifest = store / name / "manifest.json"
        manifest.touch()
        then = time.time() - days * 86_400
        os.utime(manifest, (then, then))
    failure = store / "old.failed"
    failure.touch()
    os.utime(failure, (then - 50 * 86_400,) * 2)
    place = compile_kernels()
    assert sorted(path.name for path in store.iterdir()) == sorted([place.name, "lock", "used"])
    then = time.time() - 50 * 86_400
    os.utime(place / "manifest.json", (then, then))
    load_kernels()
    assert time.time() - (place / "manifest.json").stat().st_mtime < 86_400


# All kernels


LOAD = """
from engine.nn.fast.compiled.kernel_store import load_kernels
from engine.nn.fast.compiled.kernels.entries import entries
load_kernels()
for entry in entries():
    stats, options = entry.function.stats, entry.function.targetoptions
    not_hit = len(entry.examples) - sum(stats.cache_hits.values())
    missed = sum(stats.cache_misses.values())
    print(entry.function.__name__, not_hit, missed, options.get("cache"))
"""


def test_all_kernels_are_loaded_from_the_disk(compiled_kernels, run_python):
    from engine.nn.fast.compiled.kernels.entries import entries

    ended = run_python("-W", "error", "-c", LOAD)
    assert ended.stderr == ""
    # What is kept, and where, is for the store to say, and not for a decorator.
    expected = [f"{entry.function.__name__} 0 0 None" for entry in entries()]
    assert ended.stdout.splitlines() == expected


LOAD_IN_THREADS = """
from concurrent.futures import ThreadPoolExecutor
from engine.nn.fast.compiled.kernel_store import kernel_state, load_kernels

with ThreadPoolExecutor(4) as threads:
    found = {id(each) for each in threads.map(lambda _: load_kernels(), range(4))}
print(len(found), kernel_state().status)
"""


def test_threads_that_need_the_kernels_at_once_take_turns(compiled_kernels, run_python):
    ended = run_python("-W", "error", "-c", LOAD_IN_THREADS)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["1", "ready"]
