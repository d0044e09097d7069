"""What `evaluate` prints, held against the training and against counting by hand."""

import re
from collections import Counter, defaultdict
from functools import lru_cache

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.reader import read_text
from engine.evaluation.held_out.text import HeldOutText

LENGTH, HELD_OUT, EASY = 100_000, 40_000, 20_000


@pytest.fixture(scope="module")
def uneven(tmp_path_factory):
    """Return the path of a text whose end is easier than its middle, and its symbols."""
    random = np.random.default_rng(7)
    hard = random.choice(list("aaaabbcde \n"), LENGTH - EASY)
    easy = random.choice(list("aaaaaaaaaaaaaaab"), EASY)
    symbols = "".join(hard) + "".join(easy)
    path = tmp_path_factory.mktemp("uneven") / "uneven.txt"
    path.write_text(symbols, encoding="utf-8")
    return path, symbols


def witten_bell(training, whole, places, order):
    """Return the mean cost of symbols of a text under an n-gram model, counted in dictionaries."""
    followers = defaultdict(Counter)
    padded = "^" * order + training
    for i in range(order, len(padded)):
        for length in range(order):
            followers[padded[i - length : i]][padded[i]] += 1
    n_symbols = len(set(whole))

    def probability(context, symbol):
        shorter = probability(context[1:], symbol) if context else 1 / n_symbols
        counts = followers.get(context)
        if counts is None:
            return shorter
        return (counts[symbol] + len(counts) * shorter) / (counts.total() + len(counts))

    probability = lru_cache(None)(probability)
    costs = [-np.log(probability(whole[p - order + 1 : p], whole[p])) for p in places]
    return np.mean(costs)


def number(pattern, output):
    """Return the last number that a pattern finds."""
    return float(re.findall(pattern, output, re.M)[-1])


def test_curve_lines_and_evaluate_agree_on_a_text_whose_end_is_easier(uneven, tmp_path, capsys):
    path, symbols = uneven
    saved = str(tmp_path / "uneven.npz")
    options = ["--text", "--hidden", "8", "--streams", "64", "--length", "64", "--steps", "50"]
    options += ["--optimizer", "adam", "--learning-rate", "0.02"]
    options += ["--held-out", str(HELD_OUT / LENGTH)]
    assert main(["train", str(path), *options, "--save", saved]) == 0
    trained = capsys.readouterr().out
    assert f"Held out: 20,000 of {HELD_OUT:,} symbols are measured on the way, and all" in trained
    assert re.findall(r"^Step (\d+)", trained, re.M)[-1] == "50", "measured at the end"
    curve = number(r"^Step .*: held out ([\d.]+) nats", trained)
    in_full = number(rf"^Held out: ([\d.]+) nats.*, on all {HELD_OUT:,} symbols", trained)
    assert curve == pytest.approx(in_full, rel=0.01)

    assert main(["evaluate", saved, str(path)]) == 0
    evaluated = capsys.readouterr().out
    assert evaluated.startswith(f"held out: all {HELD_OUT:,} symbols ")
    assert number(r"^network, held-out end +([\d.]+)", evaluated) == in_full
    text = read_text(path)
    held_out = HeldOutText(text.symbols, HELD_OUT, len(text.vocabulary))
    lines = held_out.n_gram_losses(held_out.fit_n_grams())
    training = symbols[:-HELD_OUT]
    order, everything = 2, range(LENGTH - HELD_OUT, LENGTH)
    line = number(rf"^{order}-gram, held-out end +([\d.]+)", evaluated)
    assert line == pytest.approx(witten_bell(training, symbols, everything, order), abs=1e-4)
    shown = lines[order - 1].nats_per_character
    assert shown == pytest.approx(line, rel=0.01)
    part = witten_bell(training, symbols, held_out.places().tolist(), order)
    assert shown == pytest.approx(part, rel=1e-9)
    # What was measured earlier, the first symbols, would have been far off.
    beginning = witten_bell(training, symbols, everything[:20_000], order)
    assert beginning > 1.2 * line
