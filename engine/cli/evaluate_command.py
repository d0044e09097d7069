"""The command ``evaluate``: a trained network beside models that count."""

import argparse
import sys

from engine.cli.text_commands import evaluate_text
from engine.data.corpus import Corpus, read_names
from engine.evaluation.baselines import MAX_ORDER, NGrams, uniform_loss
from engine.nn.network import NamesLoss, loss_of_names
from engine.runs.checkpoint import Checkpoint, load_network


def add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    """Add what `evaluate` takes."""
    evaluate.add_argument("model", metavar="MODEL.npz")
    evaluate.add_argument("names", metavar="NAMES.txt", help="or TEXT.txt, of a text's network")


def evaluate(options: argparse.Namespace) -> int:
    """Measure a network on the data of a file, and return the exit code."""
    model = load_network(options.model)
    if model.kind == "text":
        return evaluate_text(model, options.names)
    corpus = read_names(options.names, lower_case=model.lower_case, at_least=1)
    everything = model.vocabulary.encode_all(corpus.distinct)
    is_single = len(corpus.distinct) == 1
    title = "network, the only name" if is_single else "network, all distinct names"
    rows = [(title, loss_of_names(model.parameters, everything))]
    if is_single:
        print(f"“{corpus.source}” holds one name: nothing is held out of it.", file=sys.stderr)
    elif model.held_out is None:
        print("The network was trained with nothing held out.", file=sys.stderr)
    else:
        rows += _held_out_rows(model, corpus, model.held_out)
    print(f"{'':30}nats per character")
    for title, loss in rows:
        print(f"{title:30}{loss.nats_per_character:16.4f}")
    print(f"{'uniform guessing':30}{uniform_loss(len(model.vocabulary)):16.4f}")
    return 0


def _held_out_rows(model: Checkpoint, corpus: Corpus, share: float) -> list[tuple[str, NamesLoss]]:
    """Measure what a run with the network's seed holds out, by the network and by counting."""
    encode = model.vocabulary.encode_all
    training, held_out = map(encode, corpus.split(model.seed, share))
    counted = NGrams(training, len(model.vocabulary)).losses(held_out)
    network = ("network, held-out names", loss_of_names(model.parameters, held_out))
    orders = range(1, MAX_ORDER + 1)
    return [network, *((f"{n}-gram, held-out names", counted[n - 1]) for n in orders)]
