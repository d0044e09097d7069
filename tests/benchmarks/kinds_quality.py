"""How well networks tell the kinds of names, and write names of a kind, beside n-gram models."""

import time
from dataclasses import replace

import numpy as np

from engine.evaluation.kind_baselines import NGramBayes, largest_kind_loss
from engine.evaluation.kind_n_grams import KindNGrams
from engine.evaluation.kinds_report import KindsReport
from engine.evaluation.loss_by_kind import loss_by_kind
from engine.nn.kinds import of_blend
from engine.sampling.names import sample_names
from engine.training.presets import PRESETS_BY_KEY
from engine.training.trainer import Trainer

TEMPERATURE = 0.8
NAMES_A_KIND = 100
BALANCE = 0.5


def parts_of(corpus, seed):
    """Return the names to train on and those held out, a tenth of each kind, as a run has them."""
    return tuple(corpus.encoded_at(places) for places in corpus.split_places(seed))


def trained(corpus, key, seed, steps, balance=None):
    """Train a preset and return its best network, by held-out loss, with the processor's seconds.

    It ends as the preset says, or after the steps if that is sooner.
    """
    preset = PRESETS_BY_KEY[key]
    settings, hyperparameters = replace(preset.settings, seed=seed), preset.hyperparameters
    if balance is not None:
        hyperparameters = replace(hyperparameters, balance=balance)
    begin = time.process_time()
    trainer = Trainer(
        corpus,
        hyperparameters,
        preset.recipe,
        settings,
        until=replace(preset.until, steps=steps),
    )
    while trainer.ended is None and trainer.divergence is None:
        trainer.run(500)
    return trainer.best.parameters, trainer.best.step, time.process_time() - begin


def telling(corpus, seed, steps):
    """Return the rows of telling, by title, and the network of the preset."""
    training, held_out = parts_of(corpus, seed)
    titles, n_kinds = corpus.kinds.titles, corpus.n_kinds
    largest = largest_kind_loss(training, held_out, n_kinds)
    rows = {"always the largest kind": _row(largest.accuracy, 1 / n_kinds, largest.nats_per_name)}
    begin = time.process_time()
    found = NGramBayes(training, len(corpus.vocabulary), n_kinds).log_probabilities(held_out)
    seconds = time.process_time() - begin
    for order, log_probabilities in enumerate(found, start=1):
        report = KindsReport.of(log_probabilities, held_out.kinds, titles)
        rows[f"{order}-grams by Bayes' rule"] = _row_of(report, seconds)
    parameters = None
    for title, balance in (("preset tell", None), (f"the same, balance {BALANCE}", BALANCE)):
        network, step, seconds = trained(corpus, "tell", seed, steps, balance)
        parameters = network if balance is None else parameters
        report = KindsReport.of_names(network, held_out, titles)
        rows[title] = _row_of(report, seconds, step)
    return rows, parameters


def writing(corpus, seed, steps, classifier):
    """Return the figures of writing by kind; the classifier is trained apart, on the same split."""
    training, held_out = parts_of(corpus, seed)
    n_kinds = corpus.n_kinds
    network, step, seconds = trained(corpus, "kinds", seed, steps)
    own = loss_by_kind(network, held_out)
    n_grams = KindNGrams(training, n_kinds, len(corpus.vocabulary)).losses(held_out).of_each_kind
    gains = {
        title: min(losses.of_kinds[kind].nats_per_character for losses in n_grams)
        - own.of_kinds[kind].nats_per_character
        for kind, title in enumerate(corpus.kinds.titles)
        if own.of_kinds[kind] is not None
    }
    written = [_written(network, corpus.vocabulary, kind, seed) for kind in range(n_kinds)]
    told = np.array([_told(classifier, corpus, names, k) for k, names in enumerate(written)])
    sizes = np.bincount(training.kinds, minlength=n_kinds)
    real = KindsReport.of_names(classifier, held_out, corpus.kinds.titles)
    return {
        "best at step": step,
        "seconds": seconds,
        "nats per character": own.in_all.nats_per_character,
        "of the best n-grams of each kind": min(n.in_all.nats_per_character for n in n_grams),
        "kinds below their n-grams": sum(gain > 0 for gain in gains.values()),
        "kinds": len(gains),
        "gains": gains,
        "written, told as their kind, kinds counted evenly": float(told.mean()),
        "written, weighted by size": float(np.average(told, weights=sizes)),
        "real, kinds counted evenly": real.mean_recall,
        "real, weighted by size": real.accuracy,
        "told of each kind": dict(zip(corpus.kinds.titles, told.tolist(), strict=True)),
    }


def print_kinds(corpus, seed, steps, tell_steps):
    """Measure and print both tables for a seed, and return their figures."""
    rows, classifier = telling(corpus, seed, tell_steps)
    print(f"\nTelling {corpus.n_kinds} kinds, seed {seed}")
    print(f"{'':28}{'told right':>11}{'mean of kinds':>15}{'nats':>8}{'seconds':>9}{'step':>8}")
    for title, row in rows.items():
        print(
            f"{title:28}{row['accuracy']:>11.1%}{row['mean_recall']:>15.1%}{row['nats']:>8.3f}"
            f"{row['seconds']:>9.1f}{row['step']:>8,}",
            flush=True,
        )
    found = writing(corpus, seed, steps, classifier)
    print(f"\nWriting by kind, seed {seed}")
    for title, value in found.items():
        if isinstance(value, dict):
            print(f"{title}: " + ", ".join(f"{kind} {part:.3f}" for kind, part in value.items()))
        else:
            print(f"{title:52}{value:>10.4g}", flush=True)
    return {"telling": rows, "writing": found}


def _written(network, vocabulary, kind, seed):
    plain = of_blend(network, np.eye(network.architecture.n_kinds)[kind])
    first = 1_000_000 * seed + kind
    return sample_names(plain, vocabulary, NAMES_A_KIND, seed=first, temperature=TEMPERATURE)


def _told(classifier, corpus, names, kind):
    """Return the share of names that are told as a kind."""
    encoded = corpus.vocabulary.encode_all(names)
    encoded = replace(encoded, kinds=np.full(len(names), kind))
    return KindsReport.of_names(classifier, encoded, corpus.kinds.titles).accuracy


def _row_of(report, seconds, step=0):
    return _row(report.accuracy, report.mean_recall, report.nats_per_name, seconds, step)


def _row(accuracy, mean_recall, nats, seconds=0.0, step=0):
    return {
        "accuracy": accuracy,
        "mean_recall": mean_recall,
        "nats": nats,
        "seconds": seconds,
        "step": step,
    }
