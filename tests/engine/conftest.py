"""Builders that the engine's tests share."""

import dataclasses
import itertools
import json
import os
import string
import subprocess
import sys

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names, names_from_bytes
from engine.data.text import text_of_pieces
from engine.data.vocabulary import DOCUMENT_END, EncodedNames, Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.reference.dinosaurus import rnn_backward, rnn_forward
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

THREAD_COUNTS = {
    "OPENBLAS_NUM_THREADS",
    "OPENBLAS_DEFAULT_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
}
"""What says how many threads a BLAS takes. A fresh Python is run without, so that it decides."""

SETTINGS = {field.name for field in dataclasses.fields(RunSettings)}

_FIRST = ("allo", "ba", "cera", "dino", "eu", "mega", "ptero", "tri", "xu")
_MIDDLE = ("bra", "cera", "do", "lo", "nycho", "rapto", "to", "")
_LAST = ("don", "mimus", "pteryx", "raptor", "saurus", "tops", "venator")


@pytest.fixture(scope="session")
def course(shared_file):
    """Return the course's published figures."""
    return json.loads(shared_file("expected/course.json").read_text(encoding="utf-8"))


@pytest.fixture
def write(tmp_path):
    """Return a function that writes bytes, or text, into a file."""

    def put(content, name="text.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.fixture(scope="session")
def letters():
    """Return the dinosaurs' vocabulary: the newline, then a to z."""
    return Vocabulary.from_names(string.ascii_lowercase)


@pytest.fixture(scope="session")
def make_corpus():
    """Return a function that makes a corpus of names."""

    def make(names):
        return names_from_bytes("\n".join(names).encode(), "names.txt")

    return make


@pytest.fixture(scope="session")
def corpus(make_corpus):
    """Return a corpus of 200 made-up names with endings that can be learned."""
    random = np.random.default_rng(1)
    names = sorted({"".join(parts) for parts in itertools.product(_FIRST, _MIDDLE, _LAST)})
    return make_corpus([names[i] for i in random.permutation(len(names))[:200]])


@pytest.fixture(scope="session")
def make_kind_corpus():
    """Return a function from names by the title of their kind to a corpus."""

    def make(by_kind, source="kinds", **attributes):
        pairs = [(name, kind) for kind, names in by_kind.items() for name in names]
        names, kinds = zip(*pairs, strict=True)
        attributes = {"lower_case": True} | attributes
        return corpus_of_names(names, source, 0, kinds=kinds, **attributes)

    return make


@pytest.fixture(scope="session")
def kind_names():
    """Return made-up names by kind: 40, 20 and 10, told apart by their endings; one is in two."""
    roots = ["".join(parts) for parts in itertools.product(_FIRST, _MIDDLE)]
    return {
        "Saurian": [f"{root}saurus" for root in roots[:40]],
        "Raptor": [f"{root}raptor" for root in roots[20:40]],
        "Old Bird": [*(f"{root}pteryx" for root in roots[31:40]), f"{roots[35]}raptor"],
    }


@pytest.fixture(scope="session")
def kind_corpus(make_kind_corpus, kind_names):
    """Return a corpus of `kind_names`."""
    return make_kind_corpus(kind_names)


@pytest.fixture(scope="session")
def train_kinds(kind_corpus):
    """Return a function that trains on `kind_corpus`."""
    return training_on(kind_corpus)


@pytest.fixture
def kind_folder(tmp_path, kind_names):
    """Return a folder with a file for each kind of `kind_names`."""
    folder = tmp_path / "kinds"
    folder.mkdir()
    for title, names in kind_names.items():
        (folder / f"{title}.txt").write_text("\n".join(names), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def make_documents():
    """Return a function that makes a text of documents."""

    def make(documents, **attributes):
        pieces = [f"{document}{DOCUMENT_END}" for document in documents]
        attributes = {"lower_case": False, "document_break": "\n<|end|>\n"} | attributes
        return text_of_pieces(pieces, "recipes.txt", **attributes)

    return make


@pytest.fixture(scope="session")
def documents(make_documents):
    """Return 40 made-up recipes of 44 to 60 symbols, most of which can be predicted."""
    random = np.random.default_rng(4)
    roots = [f"{first}{last}" for first in _FIRST for last in _LAST]
    chosen = random.permutation(len(roots))[:40]
    return make_documents(f"{roots[i]} soup\n- 2 {roots[i]}\nBoil for 10 minutes." for i in chosen)


@pytest.fixture
def names_path(tmp_path, corpus):
    """Return a file with the names of the corpus."""
    path = tmp_path / "names.txt"
    path.write_text("\n".join(corpus.names), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def lengths_corpus(make_corpus):
    """Return a corpus of 30 names, each of a length of its own, which tells it from the others."""
    random = np.random.default_rng(2)
    return make_corpus(["".join(random.choice(list("abcd"), n)) for n in range(1, 31)])


@pytest.fixture(scope="session")
def name_of_length(lengths_corpus):
    """Return a function from a length, the end included, to the name of `lengths_corpus`."""
    by_length = {len(name) + 1: name for name in lengths_corpus.names}
    return lambda characters: lengths_corpus.vocabulary.encode(by_length[int(characters)] + "\n")


@pytest.fixture(scope="session")
def make_parameters():
    """Return a function that draws parameters, biases too; widths may be one number or several."""

    def make(n_symbols, widths, seed, scale=0.5, **architecture):
        widths = (widths,) if isinstance(widths, int) else tuple(widths)
        parameters = Parameters(Architecture(n_symbols, widths=widths, **architecture))
        random = np.random.default_rng(seed)
        parameters.flat[:] = random.normal(scale=scale, size=len(parameters.flat))
        return parameters

    return make


@pytest.fixture(scope="session")
def to_course():
    """Return a function that copies parameters into the reference's dictionary."""

    def convert(parameters):
        named = parameters.named
        return {
            "Wax": named["Wax"].copy(),
            "Waa": named["Waa"].copy(),
            "Wya": named["Wya"].copy(),
            "b": named["ba"].reshape(-1, 1).copy(),
            "by": named["by"].reshape(-1, 1).copy(),
        }

    return convert


@pytest.fixture(scope="session")
def course_example():
    """Return a function from a name's indices, the end included, to the course's X and Y."""
    return lambda Y: ([None, *map(int, Y[:-1])], [int(index) for index in Y])


@pytest.fixture(scope="session")
def by_the_reference(to_course, course_example):
    """Return a function that gives loss, gradients by name and states, as the course has them."""

    def compute(parameters, Y, a0=None):
        a0 = np.zeros(parameters.layers[0].n_a) if a0 is None else a0
        course, (X, targets) = to_course(parameters), course_example(Y)
        loss, cache = rnn_forward(X, targets, a0.reshape(-1, 1), course)
        d, a = rnn_backward(X, targets, course, cache)
        gradients = {"Wax": d["dWax"], "Waa": d["dWaa"], "Wya": d["dWya"]}
        gradients |= {"ba": d["db"].ravel(), "by": d["dby"].ravel()}
        return loss, gradients, np.array([a[t].ravel() for t in range(len(Y))])

    return compute


@pytest.fixture(scope="session")
def random_name():
    """Return a function that draws a name; its symbols may be anything."""

    def draw(n_symbols, length, seed):
        return np.random.default_rng((seed, length)).integers(0, n_symbols, size=length)

    return draw


@pytest.fixture(scope="session")
def random_names(random_name):
    """Return a function that draws names of mixed lengths; their symbols may be anything."""

    def draw(n_symbols, lengths, seed):
        chosen = [random_name(n_symbols, length, seed + i) for i, length in enumerate(lengths)]
        return EncodedNames(np.concatenate(chosen), np.cumsum([0, *lengths]))

    return draw


@pytest.fixture(scope="session")
def train(corpus):
    """Return a function that trains on `corpus`."""
    return training_on(corpus)


@pytest.fixture(scope="session", name="advance")
def advance_fixture():
    """Return a function that makes so many steps and returns what `run` returned on the way."""
    return advance


def advance(trainer, steps, at_a_time=10**9):
    chunks = []
    end = trainer.step + steps
    while trainer.step < end:
        chunks.append(trainer.run(min(at_a_time, end - trainer.step)))
        assert trainer.divergence is None, f"diverged at step {trainer.step}"
    return chunks


def training_on(corpus):
    """Return a function that trains; a run that was asked for before is restored."""
    states = {}

    def run(steps, recipe=DEFAULT, **arguments):
        chosen = {name: arguments.pop(name) for name in SETTINGS & arguments.keys()}
        run = Hyperparameters(**arguments), recipe, RunSettings(**chosen)
        if (steps, *run) in states:
            return Trainer.restored(corpus, states[steps, *run])
        trainer = Trainer(corpus, *run)
        advance(trainer, steps)
        states[steps, *run] = trainer.state()
        return trainer

    return run


@pytest.fixture(scope="session")
def run_python(root):
    """Return a function that runs a fresh Python in the repository and returns its end."""

    def run(*arguments, environment=None, timeout=60):
        clean = {name: value for name, value in os.environ.items() if name not in THREAD_COUNTS}
        clean["PYTHONIOENCODING"] = "utf-8"
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=root,
            env=clean | (environment or {}),
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run
