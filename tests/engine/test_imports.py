from importlib.util import find_spec

IMPORT_ALL = """
import sys
sys.modules["PySide6"] = None  # importing it now fails, as where it is not installed
import importlib, pkgutil, engine
names = [module.name for module in pkgutil.walk_packages(engine.__path__, "engine.")]
for name in names:
    if sys.argv[2] == "with Numba" or not name.startswith("engine.nn.fast.compiled.kernels."):
        importlib.import_module(name)
with open(sys.argv[1], "w") as file:
    file.write(str(len(names)))
"""


def test_every_module_imports_silently_and_without_qt(run_python, root, tmp_path):
    count = tmp_path / "count"
    has_numba = find_spec("numba") is not None
    ended = run_python(
        "-W", "error", "-c", IMPORT_ALL, count, f"with{'' if has_numba else 'out'} Numba"
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    sources = list((root / "engine").rglob("*.py"))
    assert int(count.read_text()) == len(sources) - 1  # all but engine/__init__.py itself
