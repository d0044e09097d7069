"""What bench_engine.py measures, row by row. Each function returns a row of figures.

A row that compares ways has their rates and the ratios of the rounds; one that has a limit of
its own has that figure. All have the goals of the project beside them.
"""

import random
import string
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from bare_products import BareProducts
from course_networks import CourseGated, CourseRNN, named_copy
from machine import has_jax, has_kernels, has_torch
from rounds import interleave, rates, ratio, spread, verdict

from engine.data.corpus import corpus_of_names, names_from_bytes
from engine.data.reader import read_names
from engine.reference.dinosaurus import sample
from engine.sampling.names import sample_names
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

IN_ORDER = replace(DEFAULT, name="in order", reshuffles=False, holds_out=False)
"""The default recipe without the held-out loss and the shuffling, which the others do not do."""

SAMPLED = 1_000
LOADED = 300_000
KINDS = 18


class Engine:
    """The trainer as the programs use it."""

    def __init__(self, corpus, recipe, settings=None, threads=1, **hyperparameters):
        in_force = Hyperparameters(**hyperparameters)
        helper = ThreadPoolExecutor(1) if threads > 1 else None
        self.trainer = Trainer(corpus, in_force, recipe, settings or RunSettings(), helper=helper)

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        end = self.trainer.step + steps
        while self.trainer.step < end:
            chunk = self.trainer.run(end - self.trainer.step)
        return float(chunk.loss[-1])


def single_rnn(options, width, goals, goals_compiled):
    """Compare the course's own recipe at a width."""
    corpus = read_names(options.names)
    engine = Engine(corpus, NOTEBOOK, widths=(width,))
    names = list(corpus.names)
    np.random.RandomState(0).shuffle(names)
    encoded = [corpus.vocabulary.encode(name).tolist() for name in names]
    parameters = engine.trainer.parameters
    learners = {"engine": engine, "course": CourseRNN(encoded, parameters)}
    if has_kernels():
        learners["compiled"] = Engine(corpus, NOTEBOOK, widths=(width,), backend="compiled")
    if has_torch():
        from torch_networks import TorchSingle

        learners["torch"] = TorchSingle(encoded, parameters, carries_state=True)
    if has_jax():
        from jax_networks import JaxRNN

        learners["jax"] = JaxRNN(encoded, parameters)
    return compare(learners, options, options.steps, goals, tuple(learners), goals_compiled)


def single_gated(options, cell, goals, goals_compiled):
    """Compare a gated cell of 50 units, one name per step."""
    corpus = read_names(options.names)
    engine = Engine(corpus, IN_ORDER, RunSettings(cell=cell))
    encoded = [corpus.vocabulary.encode(name).tolist() for name in corpus.names]
    parameters = engine.trainer.parameters
    learners = {"engine": engine, "course": CourseGated(cell, encoded, parameters)}
    if has_kernels():
        settings = RunSettings(cell=cell)
        learners["compiled"] = Engine(corpus, IN_ORDER, settings, backend="compiled")
    if has_torch():
        from torch_networks import TorchSingle

        learners["torch"] = TorchSingle(encoded, parameters)
    same = tuple(way for way in learners if (cell, way) != ("gru", "torch"))
    return compare(learners, options, options.steps, goals, same, goals_compiled)


def batch_lstm(options, goals, goals_compiled):
    """Compare two layers of 128 units on 128 names of 40 characters (with the end of the name)."""
    writer = random.Random(0)
    names = ["".join(writer.choices(string.ascii_lowercase, k=39)) for _ in range(512)]
    corpus = names_from_bytes("\n".join(names).encode(), "generated")
    settings = RunSettings(cell="lstm", dtype="float32")
    arguments = corpus, IN_ORDER, settings, options.threads
    learners = _engines(*arguments, widths=(128, 128), batch=128)
    parameters = learners["engine"].trainer.parameters
    learners["products"] = BareProducts(parameters, 128, 40, options.threads)
    same = ("engine", "compiled", "padded", "packed")
    return _compare_batches(corpus, learners, options, goals, goals_compiled, same)


def batch_gru(options, goals, goals_compiled):
    """Compare a GRU of 128 units on batches of 32 names."""
    corpus = read_names(options.names)
    settings = RunSettings(cell="gru", dtype="float32")
    learners = _engines(corpus, IN_ORDER, settings, options.threads, widths=(128,), batch=32)
    same = ("engine", "compiled")
    return _compare_batches(corpus, learners, options, goals, goals_compiled, same)


def tell_gru(options, goals, goals_compiled, *, both_directions=False):
    """Compare a GRU of 128 units that tells the kinds of 64 names a step, with Adam."""
    read = read_names(options.names)
    kinds = [f"kind {place % KINDS}" for place in range(len(read.names))]
    corpus = corpus_of_names(read.names, "kinds", 0, lower_case=True, kinds=kinds)
    settings = RunSettings(
        cell="gru", dtype="float32", task="tell", both_directions=both_directions
    )
    # Recipes that hold nothing out keep repeats, and are not for kinds.
    recipe = replace(IN_ORDER, holds_out=True)
    learners = _engines(
        corpus, recipe, settings, options.threads, widths=(128,), batch=64, optimizer="adam"
    )
    same = tuple(learners)
    encoded = [corpus.vocabulary.encode(name).tolist() for name in corpus.distinct]
    examples = list(zip(encoded, corpus.kinds.of_distinct, strict=True))
    steps = max(options.steps // 25, 1)
    count = min(options.rounds * steps + steps, 200)
    batches = [
        [examples[(place * 64 + i) % len(examples)] for i in range(64)] for place in range(count)
    ]
    if has_torch():
        from torch_networks import TorchTeller

        parameters = learners["engine"].trainer.parameters
        learners["padded"] = TorchTeller(batches, parameters, packs=False)
        learners["packed"] = TorchTeller(batches, parameters, packs=True)
    return _with_faster(compare(learners, options, steps, {}, same), goals, goals_compiled)


def tell_gru_both(options, goals, goals_compiled):
    """Compare the same in both directions."""
    return tell_gru(options, goals, goals_compiled, both_directions=True)


def _engines(*arguments, **hyperparameters):
    """Return the engine by NumPy alone and, where they are ready, with the compiled kernels."""
    learners = {"engine": Engine(*arguments, **hyperparameters)}
    if has_kernels():
        learners["compiled"] = Engine(*arguments, backend="compiled", **hyperparameters)
    return learners


def _compare_batches(corpus, learners, options, goals, goals_compiled, same):
    """Compare with padded and packed batches. The ratio to PyTorch is that of the faster way."""
    engine = learners["engine"]
    encoded = [corpus.vocabulary.encode(name).tolist() for name in corpus.names]
    size = engine.trainer.hyperparameters.batch
    steps = max(options.steps // 25, 1)
    # Batches in the trainer's order, which continues across the end of an epoch.
    count = min(options.rounds * steps + steps, 200)
    batches = [
        [encoded[(place * size + i) % len(encoded)] for i in range(size)] for place in range(count)
    ]
    if has_torch():
        from torch_networks import TorchPacked, TorchPadded

        parameters = engine.trainer.parameters
        learners["padded"] = TorchPadded(batches, parameters)
        learners["packed"] = TorchPacked(batches, parameters)
    same = tuple(way for way in same if way in learners)
    return _with_faster(compare(learners, options, steps, {}, same), goals, goals_compiled)


def _with_faster(row, goals, goals_compiled):
    """Return a row with the goals, and the ratios to the faster of PyTorch's ways as "torch".

    Where the products have a goal as well, it is enough to reach one of the two.
    """
    if has_torch():
        row["torch_way"] = max(("padded", "packed"), key=lambda way: row["rates"][way]["median"])
    for key, wanted in (("ratios", goals), ("compiled_ratios", goals_compiled)):
        ratios = row.get(key, {})
        if "torch_way" in row and ratios:
            ratios["torch"] = ratios.pop(row["torch_way"])
            if "products" in wanted:
                medians = {way: row["rates"][way]["median"] for way in row["rates"]}
                share = medians["products"] / medians[row["torch_way"]]
                wanted = wanted | {"torch": min(wanted["torch"], wanted["products"] * share)}
        ratios |= {way: verdict(ratios[way], wanted[way]) for way in wanted if way in ratios}
    return row


def compare(learners, options, steps, goals, same, goals_compiled=None):
    """Check that the `same` ways reach the same loss, then time all of them in turns."""
    losses = {way: learner.run(steps) for way, learner in learners.items()}
    first = losses["engine"]
    tolerance = 1e-3 if learners["engine"].trainer.settings.dtype == "float32" else 1e-6
    if not all(np.isclose(losses[way], first, rtol=tolerance) for way in same):
        raise RuntimeError(f"The ways do not compute the same: the losses are {losses}.")
    ways = {way: lambda run=learner.run: run(steps) for way, learner in learners.items()}
    seconds = interleave(ways, options.rounds)
    others = [way for way in learners if way not in ("engine", "compiled")]
    row = {
        "unit": "steps/s",
        "work": steps,
        "rates": {way: rates(seconds[way], steps) for way in learners},
        "ratios": _ratios(seconds, "engine", others, goals),
    }
    if "compiled" in learners:
        row["compiled_ratios"] = _ratios(
            seconds, "compiled", ["engine", *others], goals_compiled or {}
        )
    return row


def _ratios(seconds, ours, others, goals):
    """Return how many times as fast one way is as each of the others, beside the goals."""
    found = {way: ratio(seconds[ours], seconds[way]) for way in others}
    return found | {way: verdict(found[way], goals[way]) for way in goals if way in found}


def sampling(options, goals, goals_compiled):
    """Compare 1,000 names at once with the course's `sample`, called 1,000 times."""
    corpus = read_names(options.names)
    engine = Engine(corpus, NOTEBOOK)
    engine.run(4 * options.steps)
    parameters, vocabulary = engine.trainer.parameters, corpus.vocabulary
    of_course = named_copy(parameters)
    of_course["b"] = of_course.pop("ba")
    lengths = {}

    def at_once(way, backend):
        seed = len(lengths.setdefault(way, []))
        names = sample_names(parameters, vocabulary, SAMPLED, seed=seed, backend=backend)
        lengths[way].append(np.mean([len(name) for name in names]))

    def one_by_one():
        names = [sample(of_course, vocabulary.index_of, seed) for seed in range(SAMPLED)]
        lengths.setdefault("course", []).append(np.mean([len(name) - 1 for name in names]))

    ways = {"engine": partial(at_once, "engine", "numpy"), "course": one_by_one}
    if has_kernels():
        ways["compiled"] = partial(at_once, "compiled", "compiled")
        ways["compiled"]()  # loads them
    seconds = interleave(ways, max(options.rounds // 3, 1))
    row = {
        "unit": "names/s",
        "work": SAMPLED,
        "rates": {way: rates(each, SAMPLED) for way, each in seconds.items()},
        "ratios": _ratios(seconds, "engine", ["course"], goals),
        "mean_length": {way: float(np.mean(each)) for way, each in lengths.items()},
    }
    if "compiled" in ways:
        others = ["engine", "course"]
        row["compiled_ratios"] = _ratios(seconds, "compiled", others, goals_compiled)
    return row


def loading(options, goals):
    """Time reading 300,000 names from a file, alone and with making a trainer for them."""
    writer = random.Random(0)
    letters = string.ascii_lowercase
    names = ["".join(writer.choices(letters, k=writer.randint(4, 14))) for _ in range(LOADED)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        path.write_text("\n".join(names) + "\n", encoding="utf-8")
        ways = {"read": lambda: read_names(path), "read, begin": lambda: Trainer(read_names(path))}
        seconds = interleave(ways, max(options.rounds // 3, 1))
    return {
        "unit": "s",
        "figures": {
            way: verdict(spread(each), goals[way], at_least=False) for way, each in seconds.items()
        },
    }


def resizing(options, goals):
    """Time widening from 50 to 200 units with the first step after it, in milliseconds."""
    corpus = read_names(options.names)
    seconds = {}
    for cell in goals:
        trainers = [Engine(corpus, DEFAULT, RunSettings(cell=cell)) for _ in range(options.rounds)]
        for engine in trainers:
            engine.run(20)
        seconds |= interleave({cell: partial(_widen, iter(trainers))}, options.rounds)
    milliseconds = {cell: spread([1e3 * s for s in each]) for cell, each in seconds.items()}
    return {
        "unit": "ms",
        "figures": {
            cell: verdict(each, goals[cell], at_least=False) for cell, each in milliseconds.items()
        },
    }


def _widen(engines):
    """Widen the next engine to 200 units and make a step."""
    trainer = next(engines).trainer
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(200,)))
    trainer.run(1)
