import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.evaluation.kinds_report import KindsReport
from engine.nn.classifier import loss_of_kinds, probabilities_of_names

KINDS = [0, 0, 0, 0, 1, 1, 2, 2, 2]
TOLD = [0, 0, 1, 0, 1, 0, 2, 1, 2]
CONFIDENCE = [0.9, 0.61, 0.55, 0.7, 1.0, 0.75, 0.65, 0.5, 0.95]
TITLES = ("Greek", "Irish, old", "=Norse", "Dutch")


@pytest.fixture
def probabilities():
    """Probabilities in which `TOLD` has `CONFIDENCE`, and the others share the rest."""
    rest = (1 - np.array(CONFIDENCE)) / 3
    found = np.repeat(rest[:, None], 4, axis=1)
    found[np.arange(9), TOLD] = CONFIDENCE
    return found


@pytest.fixture
def report(probabilities):
    with np.errstate(divide="ignore"):
        return KindsReport.of(np.log(probabilities), np.array(KINDS), TITLES)


def test_confusion_counts_names(report):
    expected = np.zeros((4, 4), int)
    for kind, told in zip(KINDS, TOLD, strict=True):
        expected[kind, told] += 1
    assert report.confusion.tolist() == expected.tolist()
    assert report.accuracy == pytest.approx(6 / 9)


def test_recall_and_precision_by_kind(report):
    np.testing.assert_allclose(report.recall, [3 / 4, 1 / 2, 2 / 3, np.nan])
    np.testing.assert_allclose(report.precision, [3 / 4, 1 / 3, 1.0, np.nan])
    assert report.mean_recall == pytest.approx((3 / 4 + 1 / 2 + 2 / 3) / 3)


def test_calibration_compares_confidence_with_what_is_right(report):
    counts, gap = [], 0.0
    for low in range(10):
        inside = [i for i, c in enumerate(CONFIDENCE) if low / 10 < c <= (low + 1) / 10 + 1e-12]
        found = report.calibration[low]
        assert (found.low, found.high) == (low / 10, (low + 1) / 10)
        counts.append(len(inside))
        assert found.count == len(inside)
        if not inside:
            assert (found.confidence, found.accuracy) == (None, None)
            continue
        confidence = np.mean([CONFIDENCE[i] for i in inside])
        accuracy = np.mean([KINDS[i] == TOLD[i] for i in inside])
        assert found.confidence == pytest.approx(confidence)
        assert found.accuracy == pytest.approx(accuracy)
        gap += len(inside) * abs(confidence - accuracy) / 9
    assert sum(counts) == 9
    assert report.calibration_error == pytest.approx(gap)


def test_confused_names_come_with_their_probabilities(report, probabilities):
    (taken,) = report.confused(0, 1)
    assert taken.place == 2
    assert taken.confidence == pytest.approx(0.55)
    assert taken.of_kind == pytest.approx(probabilities[2, 0])
    assert [each.place for each in report.confused(0, 0)] == [0, 3, 1]
    assert report.confused(3, 0) == ()


def test_csv_has_a_row_for_each_kind(report):
    header, *rows = csv.reader(io.StringIO(report.to_csv()))
    assert header == ["kind", "Greek", "Irish, old", "'=Norse", "Dutch"]
    assert rows[0] == ["Greek", "3", "1", "0", "0"]
    assert rows[2] == ["'=Norse", "0", "1", "2", "0"]
    assert len(rows) == 4


def report_of_confusion(confusion):
    kinds, told = [], []
    for (kind, other), count in np.ndenumerate(confusion):
        kinds += [kind] * count
        told += [other] * count
    shares = np.full((len(kinds), len(confusion)), -9.0)
    shares[np.arange(len(kinds)), told] = 0.0
    return KindsReport.of(shares, np.array(kinds), [str(i) for i in range(len(confusion))])


def test_kinds_that_are_confused_become_neighbours():
    confusion = np.diag([20] * 6)
    for one, other, count in ((0, 4, 9), (1, 5, 8), (4, 2, 3), (5, 3, 2)):
        confusion[one, other] = confusion[other, one] = count
    order = list(report_of_confusion(confusion).order_by_confusion())
    assert sorted(order) == [0, 1, 2, 3, 4, 5]
    for one, other in ((0, 4), (1, 5), (4, 2), (5, 3)):
        assert abs(order.index(one) - order.index(other)) == 1


def test_large_and_small_kinds_are_ordered_by_shares():
    confusion = np.array([[900, 30, 0], [0, 5, 5], [0, 5, 5]])
    order = report_of_confusion(confusion).order_by_confusion()
    assert set(order[:2]) == {1, 2} or set(order[1:]) == {1, 2}


@pytest.mark.parametrize("n", [1, 2])
def test_few_kinds_are_ordered(n):
    assert sorted(report_of_confusion(np.ones((n, n), int)).order_by_confusion()) == [*range(n)]


def test_report_of_a_network(make_parameters):
    parameters = make_parameters(4, 3, 1, cell="gru", n_kinds=3, task="tell", both_directions=True)
    vocabulary = Vocabulary.from_names(["abc"])
    names = ["ab", "c", "cab", "bb", "a"]
    encoded = replace(vocabulary.encode_all(names), kinds=np.array([0, 1, 2, 0, 1]))
    report = KindsReport.of_names(parameters, encoded, ("x", "y", "z"))
    loss = loss_of_kinds(parameters, encoded)
    assert report.accuracy == loss.accuracy
    assert report.nats_per_name == pytest.approx(loss.nats_per_name)
    highest = probabilities_of_names(parameters, encoded).max(axis=1)
    np.testing.assert_allclose(report.confidence, highest)
    with pytest.raises(ValueError, match="names must have kinds"):
        KindsReport.of_names(parameters, vocabulary.encode_all(names), ("x", "y", "z"))
