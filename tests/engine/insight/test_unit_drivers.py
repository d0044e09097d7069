from dataclasses import replace

import numpy as np
import pytest

from engine.data.vocabulary import END_INDEX, EncodedNames, Vocabulary
from engine.insight import drivers, quantity_names, states
from engine.insight.unit_drivers import LONGEST, MOST_NAMES
from engine.melody.symbols import pitch_symbol

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])


@pytest.fixture
def draw_names():
    """Return a function that draws names over END, a, ..., e with many common prefixes."""

    def draw(snapshot, count, longest=9, seed=1):
        random = np.random.default_rng(seed)
        bounds = np.cumsum([0, *random.integers(2, longest + 2, size=count)])
        symbols = random.integers(1, 6, size=bounds[-1])
        symbols[bounds[1:] - 1] = END_INDEX
        return EncodedNames(symbols, bounds)

    return draw


@pytest.fixture
def by_brute_force():
    """Return a function from names to the state of a unit after each prefix, by `states`."""

    def compute(snapshot, names, layer, unit, what):
        found = []
        for index in range(len(names)):
            values = states(snapshot, names[index]).layers[layer - 1][what][:, unit]
            text = snapshot.vocabulary.decode(names[index])
            found += [(index, t, text[:t], text[t:-1], v) for t, v in enumerate(values)]
        return found

    return compute


def ranked(found, sign):
    """Return a driver's numbers for each distinct prefix, the strongest first."""
    first = {}
    for place in found:
        first.setdefault(place[2], place)
    return sorted(first.values(), key=lambda place: -sign * place[4])


def assert_are(found, expected):
    for driver, (index, position, read, rest, value) in zip(found, expected, strict=True):
        assert driver.activation == pytest.approx(value, abs=1e-12)
        assert (driver.read, driver.rest) == (read, rest)
        assert (driver.name, driver.position) == (index, position)


@CELLS
@pytest.mark.parametrize("embedding", [None, 3])
def test_drivers_equal_those_found_by_brute_force(
    make_snapshot, draw_names, by_brute_force, cell, embedding
):
    snapshot = make_snapshot((5, 4), cell=cell, embedding=embedding)
    names = draw_names(snapshot, 70)
    for what in quantity_names(cell):
        for layer, unit in ((1, 4), (2, 1)):
            places = by_brute_force(snapshot, names, layer, unit, what)
            found = drivers(snapshot, names, layer, unit, what, count=12)
            assert_are(found.up, ranked(places, 1)[:12])
            assert_are(found.down, ranked(places, -1)[:12])
            assert (found.names_read, found.names_given) == (70, 70)
            assert found.symbols_read == len(places)
            assert found.at_start == pytest.approx(places[0][4], abs=1e-12)
            for index, letter in enumerate(snapshot.vocabulary.symbols):
                read = [value for *_, before, _, value in places if before.endswith(letter)]
                assert found.reads_by_symbol[index] == len(read)
                mean = np.mean(read) if read else np.nan
                assert found.mean_by_symbol[index] == pytest.approx(mean, abs=1e-12, nan_ok=True)


def test_many_batches_give_the_same_as_one(make_snapshot, draw_names, by_brute_force):
    snapshot = make_snapshot()
    names = draw_names(snapshot, 300, longest=40)  # more symbols than are read at once
    places = by_brute_force(snapshot, names, 1, 2, "a")
    found = drivers(snapshot, names, 1, 2, count=200)
    assert found.symbols_read == len(places) == len(names.symbols)
    assert_are(found.up, ranked(places, 1)[:200])


def test_with_too_many_names_a_sample_of_the_whole_list_is_used(make_snapshot, draw_names):
    snapshot = make_snapshot()
    names = draw_names(snapshot, 10 * MOST_NAMES)
    found = drivers(snapshot, names, 1, 0, count=1_000)
    assert (found.names_read, found.names_given) == (MOST_NAMES, 10 * MOST_NAMES)
    taken = np.array([driver.name for driver in found.up])
    assert taken.max() > 9 * MOST_NAMES
    assert (np.histogram(taken, 4, (0, len(names)))[0] > 0).all()


def test_the_work_is_bounded_except_for_one_name(make_snapshot, draw_names):
    snapshot = make_snapshot()
    names = draw_names(snapshot, 200)
    block = snapshot.parameters.layers[0].W.size
    some = drivers(snapshot, names, 1, 0, work=int(50 * block * names.lengths.mean()))
    assert some.names_read in (49, 50)
    assert drivers(snapshot, names, 1, 0, work=0).names_read == 1


def test_the_beginning_of_a_text_is_read(make_snapshot):
    symbols = np.random.default_rng(1).integers(0, 6, 3 * LONGEST)
    text = EncodedNames(symbols, np.array([0, len(symbols)]))
    found = drivers(make_snapshot(), text, 1, 0)
    assert found.symbols_read == LONGEST
    assert found.reads_by_symbol[0] == (symbols[: LONGEST - 1] == 0).sum() > 0


def test_notes_are_written_with_blanks(make_snapshot):
    snapshot = make_snapshot((4,))
    count = len(snapshot.vocabulary)
    notes = ("\x03", "|", "♩", "½♩", "C4", "B♭4", *(pitch_symbol(80 + n) for n in range(count)))
    snapshot = replace(snapshot, vocabulary=Vocabulary(notes[:count]))
    names = EncodedNames(np.array([4, 2, 5, 3]), np.array([0, 4]))
    found = drivers(snapshot, names, 1, 0, "a", 4)
    texts = {driver.position: (driver.read, driver.rest) for driver in found.up}
    assert texts[0] == ("", "C4 ♩ B♭4 ½♩")
    assert texts[2] == ("C4 ♩", " B♭4 ½♩")


def test_all_prefixes_are_found_if_there_are_few(make_snapshot):
    snapshot = make_snapshot()
    found = drivers(snapshot, snapshot.vocabulary.encode_all(["ab", "ab", "a"]), 1, 0)
    assert {driver.read for driver in found.up} == {"", "a", "ab"}
    assert [driver.name for driver in found.up] == [0, 0, 0]
    assert [driver.read for driver in found.down] == [driver.read for driver in found.up][::-1]


@CELLS
def test_values_that_are_not_finite_are_left_out_and_counted(make_snapshot, spoil, cell):
    snapshot = spoil(make_snapshot(cell=cell, embedding=1), "E", np.nan)  # that of END
    names = EncodedNames(np.array([1, 0, 2, 1]), np.array([0, 4]))
    found = drivers(snapshot, names, 1, 0)
    assert found.not_finite == 2
    assert {driver.position for driver in found.up} == {0, 1}
    assert np.isnan(found.mean_by_symbol[0])
    assert np.isfinite(found.mean_by_symbol[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0), "layer must lie from 1 to 2, got 0"),
        ((3, 0), "layer must lie from 1 to 2, got 3"),
        ((1, -1), "unit must lie from 0 to 4, got -1"),
        ((2, 3), "unit must lie from 0 to 2, got 3"),
        ((1, 0, "c"), "what must be one of a, Gamma_u, Gamma_r, c_tilde, got 'c'"),
        ((1, 0, "a", 0), "count must be 1 or more, got 0"),
    ],
)
def test_arguments_out_of_bounds_are_refused(make_snapshot, draw_names, arguments, message):
    snapshot = make_snapshot((5, 3), cell="gru")
    with pytest.raises(ValueError, match=message):
        drivers(snapshot, draw_names(snapshot, 3), *arguments)


def test_no_names_are_refused(make_snapshot):
    snapshot = make_snapshot()
    with pytest.raises(ValueError, match="names must hold at least one name"):
        drivers(snapshot, snapshot.vocabulary.encode_all([]), 1, 0)
