"""The cost of a step must not grow. Operations are counted, so the speed does not matter."""

import tracemalloc

import numpy as np
import pytest

from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

STEPS = 20
"""Few enough that nothing is measured or kept on the way."""

# Calls and operators per step in engine/, as they are now. Lower them when a step gets cheaper.
MOST_OPERATIONS = {
    ("rnn", 1): 147,
    ("gru", 1): 307,
    ("lstm", 1): 249,
    ("rnn", 32): 409,
    ("gru", 32): 851,
    ("lstm", 32): 832,
}
MOST_OPERATIONS_OF_NOTEBOOK = 143
MOST_OPERATIONS_OF_COMPILED = {"default": 14, "notebook": 9}  # the smoothing of the loss
MOST_OPERATIONS_OF_COMPILED_BATCH = {"rnn": 265, "gru": 293, "lstm": 275}
MOST_OPERATIONS_A_CHARACTER = 3  # of the longest name, to pack a batch


@pytest.fixture(scope="module")
def even_corpus(make_corpus):
    """Return a corpus of names of nine letters, so that all steps cost the same."""
    random = np.random.default_rng(3)
    return make_corpus(["".join(random.choice(list("abcdefgh"), 9)) for _ in range(800)])


def warm(corpus, recipe=DEFAULT, cell="rnn", steps=STEPS, **hyperparameters):
    """Return a trainer early in its first epoch that has done what it does only once."""
    in_force = Hyperparameters(**hyperparameters)
    trainer = Trainer(corpus, in_force, recipe, RunSettings(cell=cell))
    while trainer.step < steps:
        trainer.run(steps - trainer.step)
    return trainer


def test_operations_are_counted(count_operations):
    def run():
        in_force = Hyperparameters()
        return -in_force.batch + in_force.batch

    assert count_operations(run, "tests") == 3
    assert count_operations(run, "dinogui") == 0


@pytest.mark.parametrize(("cell", "batch"), MOST_OPERATIONS)
def test_a_step_needs_no_more_operations_than_recorded(even_corpus, count_operations, cell, batch):
    trainer = warm(even_corpus, cell=cell, batch=batch, steps=4 if batch > 1 else STEPS)
    steps = 10 if batch > 1 else STEPS  # within the epoch
    operations = count_operations(lambda: trainer.run(steps), "engine") / steps
    assert operations <= MOST_OPERATIONS[cell, batch]


def test_a_step_of_the_notebook_recipe_needs_no_more_operations_than_recorded(
    even_corpus, count_operations
):
    trainer = warm(even_corpus, recipe=NOTEBOOK)
    operations = count_operations(lambda: trainer.run(STEPS), "engine") / STEPS
    assert operations <= MOST_OPERATIONS_OF_NOTEBOOK


@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
def test_a_compiled_step_needs_no_more_operations_than_recorded(
    compiled_kernels, even_corpus, count_operations, recipe
):
    trainer = warm(even_corpus, recipe=recipe, backend="compiled")
    steps = 249 - STEPS  # up to what is measured and kept
    operations = count_operations(lambda: trainer.run(steps), "engine") / steps
    assert trainer.step == 249
    assert operations <= MOST_OPERATIONS_OF_COMPILED[recipe.name]


def test_a_compiled_run_leaves_its_kernel_no_more_often_than_recorded(
    compiled_kernels, even_corpus, count_operations
):
    trainer = warm(even_corpus, steps=2_000, backend="compiled")

    def run():
        while trainer.step < 4_000:
            trainer.run(4_000 - trainer.step)

    # With all that is measured and kept on the way.
    operations = count_operations(run, "engine") / 2_000
    assert operations <= MOST_OPERATIONS_OF_COMPILED["default"]


@pytest.mark.parametrize("cell", MOST_OPERATIONS_OF_COMPILED_BATCH)
def test_a_compiled_batch_needs_no_more_operations_for_longer_names(
    compiled_kernels, make_corpus, even_corpus, count_operations, cell
):
    longer = make_corpus([3 * name for name in even_corpus.names])
    found = []
    for corpus in (even_corpus, longer):
        trainer = warm(corpus, cell=cell, steps=4, batch=32, backend="compiled")
        found.append(count_operations(lambda run=trainer.run: run(10), "engine") / 10)
    assert found[0] <= MOST_OPERATIONS_OF_COMPILED_BATCH[cell]
    assert found[1] - found[0] <= MOST_OPERATIONS_A_CHARACTER * 18


def test_a_step_on_one_name_allocates_no_array_as_large_as_the_parameters(even_corpus):
    trainer = warm(even_corpus, widths=(200,))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        trainer.run(STEPS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < trainer.parameters.flat.nbytes / 8
