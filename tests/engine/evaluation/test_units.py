import math

import numpy as np
import pytest

from engine.evaluation.units import DOCUMENT_UNITS, TELLING_UNITS, UNITS, Unit
from engine.nn.network import NamesLoss


def test_a_uniform_guess_has_the_perplexity_of_the_number_of_symbols():
    assert Unit.PERPLEXITY.from_nats(math.log(27)) == pytest.approx(27)


def test_a_fair_coin_is_one_bit():
    assert Unit.BITS_PER_CHARACTER.from_nats(math.log(2)) == pytest.approx(1)


@pytest.mark.parametrize("unit", [Unit.NATS_PER_NAME, Unit.NATS_PER_CHARACTER])
def test_nats_are_left_as_they_are(unit):
    assert unit.from_nats(2.5) == 2.5


def test_only_losses_per_name_document_or_note_are_of_several_symbols():
    assert [unit for unit in Unit if unit.is_per_name] == [
        Unit.NATS_PER_NAME,
        Unit.NATS_PER_DOCUMENT,
        Unit.NATS_PER_NOTE,
        Unit.BITS_PER_NOTE,
    ]


@pytest.mark.parametrize("unit", list(Unit))
def test_an_array_is_converted_entry_by_entry(unit):
    nats = np.array([0.0, 0.5, 3.3])
    assert unit.from_nats(nats) == pytest.approx([unit.from_nats(float(n)) for n in nats])


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.NATS_PER_NAME, 26.0),
        (Unit.NATS_PER_CHARACTER, 2.0),
        (Unit.BITS_PER_CHARACTER, 2.0 / math.log(2)),
        (Unit.PERPLEXITY, math.exp(2.0)),
    ],
)
def test_a_name_of_13_characters_that_costs_26_nats(unit, expected):
    assert unit.of(26.0, 13.0) == pytest.approx(expected)


def test_a_hopeless_loss_has_a_finite_perplexity():
    assert math.isfinite(Unit.PERPLEXITY.of(1e9, 2.0))
    assert np.isfinite(Unit.PERPLEXITY.from_nats(np.array([1.0, 1e6]))).all()


def test_a_text_has_symbols_and_no_names():
    assert [unit.label("text") for unit in UNITS["text"]] == [
        "nats per symbol",
        "bits per symbol",
        "perplexity",
    ]
    assert [unit.label("names") for unit in UNITS["names"]] == [
        "nats per name",
        "nats per character",
        "bits per character",
        "perplexity",
    ]


def test_melodies_have_a_loss_per_note_and_symbols():
    assert [unit.label("melodies") for unit in UNITS["melodies"]] == [
        "nats per note",
        "bits per note",
        "nats per symbol",
        "bits per symbol",
        "perplexity",
    ]
    assert Unit.BITS_PER_NOTE.of(math.log(2), 2.2) == pytest.approx(1)
    assert Unit.NATS_PER_CHARACTER.of(4.4, 2.2) == pytest.approx(2)


def test_runs_on_documents_have_a_loss_per_document():
    assert [unit.label("text") for unit in DOCUMENT_UNITS] == [
        "nats per document",
        "nats per symbol",
        "bits per symbol",
        "perplexity",
    ]
    assert Unit.NATS_PER_DOCUMENT.of(260.0, 130.0) == 260.0
    assert [unit for unit in Unit if unit.is_in_nats] == [
        Unit.NATS_PER_NAME,
        Unit.NATS_PER_DOCUMENT,
        Unit.NATS_PER_NOTE,
        Unit.NATS_PER_CHARACTER,
    ]


@pytest.mark.parametrize(
    ("loss", "written"),
    [
        (0.00432, "0.0043"),
        (0.0432, "0.043"),
        (0.0999, "0.10"),
        (1.7149, "1.71"),
        (22.292, "22.29"),
        (999.99, "999.99"),
        (999.999, "1,000"),
        (12_345.6, "12,346"),
        (1.5e8, "1.5e+08"),
        (math.exp(700), "1.01e+304"),
    ],
)
def test_a_loss_is_written_with_the_digits_that_matter(loss, written):
    of_losses = [unit for unit in Unit if not unit.is_accuracy]
    assert {unit.write(loss) for unit in of_losses} == {written}


def test_an_accuracy_is_written_in_percent_and_is_no_loss():
    unit, loss = Unit.TOLD_RIGHT, NamesLoss(0.7, 0.7, 0.8125)
    assert unit.from_nats(unit.base_of(loss)) == pytest.approx(81.25)
    assert unit.write(81.26) == "81.3\u00a0%"
    assert [each for each in TELLING_UNITS if each.is_accuracy] == [unit]
    assert unit.of_losses is Unit.NATS_PER_NAME
    assert all(each.of_losses is each for each in Unit if each is not unit)
    with pytest.raises(ValueError, match="accuracy"):
        unit.of(0.7, 1.0)
    with pytest.raises(ValueError, match="no kinds are told"):
        unit.base_of(NamesLoss(2.0, 0.5))
