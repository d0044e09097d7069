"""What ``from engine import ...`` offers, and what it costs."""

import importlib
import re

import pytest

import engine

EXAMPLE = """
from engine import Hyperparameters, RunSettings, Trainer
from engine import load_run, read_names, sample_names, save_run

names = read_names("resources/names/dinosaurs.txt")
hyperparameters = Hyperparameters(learning_rate=0.005, optimizer="adam", batch=32)
trainer = Trainer(names, hyperparameters, settings=RunSettings(cell="gru"))
while trainer.step < 20:
    trainer.run(20 - trainer.step)  # returns early at each log entry
print(*sample_names(trainer.parameters, trainer.vocabulary, 5, seed=0, prefix="tyr"))
save_run(PATH, names, trainer.state())
trainer = load_run(PATH).resume()
print(trainer.step, round(trainer.smoothed_loss))
"""

LOADED = """
import sys
import engine
import engine.storage.files
{}
print(*sorted(name for name in sys.modules if name.split(".")[0] in ("engine", "numpy")))
"""


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_there_and_is_the_one_of_its_module(name):
    value = getattr(engine, name)
    home = importlib.import_module(f"engine.{engine._MODULES[name]}")
    assert value is getattr(home, name)
    assert name in dir(engine)


def test_the_names_are_those_that_are_typed():
    assert sorted(engine._MODULES) == sorted(engine.__all__)
    typed = re.search(r"if TYPE_CHECKING:\n((?:    .*\n)+)", _source()).group(1)
    imported = re.findall(r"from engine\.([\w.]+) import (.+)", typed)
    homes = {name: module for module, names in imported for name in names.split(", ")}
    assert homes == engine._MODULES


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'engine' has no attribute 'nothing'"):
        _ = engine.nothing


def test_importing_the_package_loads_nothing_else(run_python):
    ended = run_python("-c", LOADED.format(""))
    assert ended.stdout.split() == ["engine", "engine.storage", "engine.storage.files"]
    ended = run_python("-c", LOADED.format("engine.RECIPES"))
    loaded = ended.stdout.split()
    assert "engine.training.recipes" in loaded
    assert "engine.training.trainer" not in loaded


def test_the_example_runs(run_python, tmp_path):
    ended = run_python("-c", f"PATH = {str(tmp_path / 'run.npz')!r}\n{EXAMPLE}")
    assert ended.returncode == 0, ended.stderr
    names, figures = ended.stdout.splitlines()
    assert all(name.startswith("tyr") for name in names.split())
    assert figures.startswith("20 ")


def test_both_packages_say_that_they_are_typed(root):
    assert (root / "engine" / "py.typed").is_file()
    assert (root / "dinogui" / "py.typed").is_file()


def _source():
    with open(engine.__file__, encoding="utf-8") as file:
        return file.read()
