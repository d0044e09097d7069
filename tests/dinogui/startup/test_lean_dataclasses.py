"""Each test runs in its own process, because classes are made only once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.nn.fast.switches import VARIABLE

ROOT = Path(__file__).resolve().parents[3]

CLASSES = """
from dinogui.startup.lean_dataclasses import compile_no_methods
compile_no_methods()
from dataclasses import FrozenInstanceError, dataclass, field, replace
import copy, inspect, pickle, sys

__name__ = "engine.shapes"
sys.modules[__name__] = sys.modules["__main__"]

@dataclass(frozen=True)
class Pair:
    one: int
    other: "str | Pair" = "x"
    unseen: int = field(default=7, repr=False, compare=False)

@dataclass(frozen=True)
class Single:
    one: object

@dataclass(frozen=True)
class Empty:
    pass

@dataclass(frozen=True)
class Longer(Pair):
    more: float = 0.5

@dataclass(frozen=True, slots=True)
class Slotted:
    one: int = 1

@dataclass(order=True)
class Ordered:
    one: int = 1
    other: int = 2

class Unusual(Single):
    pass

def tell(do):
    try:
        return do()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

loop = Ordered()
loop.other = loop
examples = [Pair(1), Pair(1, Pair(2)), Single((1,)), Single(1), Single([]), Empty(), Longer(1),
            Slotted(), Ordered(), Unusual(1), loop]
"""

EVERYTHING = """
for one in examples:
    kind = type(one)
    print(repr(one), kind.__eq__.__qualname__, kind.__repr__.__qualname__, inspect.signature(kind))
    print(tell(lambda: hash(one) == hash(copy.copy(one))), tell(lambda: hash(one) == 0))
    print([tell(lambda: one == other) for other in examples if one is not loop], one != 3)
    print(tell(lambda: setattr(one, "one", 3)), tell(lambda: delattr(one, "other")))
    print(tell(lambda: setattr(one, "another", 3)), tell(lambda: pickle.loads(pickle.dumps(one))))
print(Single(1) == Single(1), Pair(1, unseen=1) == Pair(1, unseen=2), Pair(1) == Longer(1))
print(hash(Single(1)) == hash((1,)), hash(Empty()) == hash(()), Ordered(1) < Ordered(2))
"""

only_where_it_acts = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="this Python makes its methods in another way"
)


def run(code, without=""):
    """Run code, and return what it prints."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), VARIABLE: without}
    command = [sys.executable, "-W", "error", "-c", code]
    ended = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", timeout=120, check=True
    )
    return ended.stdout


def test_classes_are_the_same_as_usual():
    found = run(CLASSES + EVERYTHING)
    assert "cannot assign to field 'one'" in found
    assert found == run(CLASSES + EVERYTHING, "lean-dataclasses")


@only_where_it_acts
def test_methods_of_ours_are_not_compiled():
    code = CLASSES + "print(*(getattr(Pair, f'__{name}__').__code__.co_filename for name in NAMES))"
    names = "('eq', 'hash', 'setattr', 'delattr')"
    assert run(code.replace("NAMES", names)).count("lean_dataclasses.py") == 4
    assert run(code.replace("NAMES", names), "lean-dataclasses").split() == ["<string>"] * 4


def test_classes_of_others_are_made_as_usual():
    code = (
        CLASSES.replace('"engine.shapes"', '"shapes"') + "print(Pair.__eq__.__code__.co_filename)"
    )
    assert run(code) == "<string>\n"


@only_where_it_acts
def test_a_start_makes_its_classes_so():
    found = run("""
from dinogui.__main__ import prepare
prepare(for_screenshot=True)
from engine.training.settings import Hyperparameters
print(Hyperparameters.__eq__.__code__.co_filename)
""")
    assert found.endswith("lean_dataclasses.py\n")
