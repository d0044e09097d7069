from fractions import Fraction

import numpy as np
import pytest

from engine.data.melodies import melodies_of, written
from engine.melody.chords import read_chords
from engine.melody.note import Melody, Note
from engine.melody.symbols import REST, pitch_of
from engine.nn.architecture import Architecture
from engine.nn.network import Network
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.sampling.decoding import SamplingError
from engine.sampling.melody.improvise import improvise
from engine.sampling.melody.request import MAX_BARS, MelodyRequest

HALF, BEAT = Fraction(1, 2), Fraction(1)


def data(has_bars=True):
    random = np.random.default_rng(1)
    tunes = [
        Melody(
            tuple(
                Note(None if random.random() < 0.1 else int(random.integers(55, 75)), beats)
                for beats in random.choice(np.array([HALF, BEAT, BEAT * 2], dtype=object), 40)
            ),
            has_bars=has_bars,
        )
        for _ in range(4)
    ]
    return melodies_of(tunes, "random", grid="swing")


@pytest.fixture(scope="module", params=["rnn", "gru", "lstm"])
def network(request):
    melodies = data()
    architecture = Architecture(len(melodies.vocabulary), request.param, (9, 7))
    parameters = Parameters.initial(architecture, np.random.default_rng(2))
    parameters.flat[:] *= 8
    return parameters, melodies.vocabulary


@pytest.mark.parametrize(("bars", "bar"), [(4, 4), (5, 3), (2, Fraction(7, 2))])
def test_a_melody_fills_its_bars(network, bars, bar):
    played = improvise(network[0], network[1], MelodyRequest(bars=bars, bar=Fraction(bar), seed=3))
    assert bars * bar - HALF < played.melody.beats <= bars * bar
    assert len(played.surprises) == len(played.expected) == len(played.melody.notes)


def test_the_same_request_gives_the_same_melody(network):
    parameters, vocabulary = network
    first, again, other = (
        improvise(parameters, vocabulary, MelodyRequest(bars=4, seed=seed)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_the_surprise_of_a_note_is_what_the_network_says_of_its_two_symbols(network):
    parameters, vocabulary = network
    played = improvise(parameters, vocabulary, MelodyRequest(bars=3, seed=1))
    # Written as in the data, with the bar lines, and read by the network at once.
    names = list(written(played.melody))[:-1]
    symbols = np.array([vocabulary.index_of[name] for name in names])
    losses = [0.0]
    for length in range(1, len(symbols) + 1):
        batch = Packed.of_chunks(symbols, np.array([0]), np.array([length]))
        losses.append(Network(parameters).loss(batch))
    expected = [
        losses[place + 2] - losses[place]
        for place, name in enumerate(names)
        if pitch_of(name) is not None or name == REST
    ]
    assert played.surprises == pytest.approx(expected, rel=1e-6)


def test_a_beginning_is_kept_and_counted(network):
    prefix = (Note(60, BEAT), Note(62, HALF), Note(None, HALF))
    played = improvise(network[0], network[1], MelodyRequest(bars=2, prefix=prefix))
    assert played.melody.notes[:3] == prefix
    assert played.n_prefix == 3


def test_a_beginning_outside_of_the_range_comes_into_it_by_octaves(network):
    played = improvise(network[0], network[1], MelodyRequest(bars=1, prefix=(Note(96, BEAT),)))
    assert played.melody.notes[0].pitch % 12 == 0
    assert 55 <= played.melody.notes[0].pitch <= 74


def test_all_notes_are_of_the_chord_where_they_must_be(network):
    chords = read_chords("| Dm7 | G7 |")
    request = MelodyRequest(bars=8, chords=chords, stay_in_chord=1.0, seed=2, temperature=2.0)
    played = improvise(network[0], network[1], request)
    beat = Fraction(0)
    for note in played.melody.notes:
        if note.pitch is not None:
            assert note.pitch % 12 in chords.at(beat, Fraction(4)).pitch_classes
        beat += note.beats


def test_notes_outside_of_the_chord_become_rarer(network):
    chords, outside = read_chords("| C |"), []
    for stay in (0.0, 0.9):
        notes = [
            note.pitch % 12
            for seed in range(8)
            for note in improvise(
                network[0],
                network[1],
                MelodyRequest(bars=8, chords=chords, stay_in_chord=stay, seed=seed),
            ).melody.notes
            if note.pitch is not None
        ]
        outside.append(np.mean([pitch not in (0, 4, 7) for pitch in notes]))
    assert outside[1] < 0.7 * outside[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bars", 0),
        ("bars", MAX_BARS + 1),
        ("bar", Fraction(0)),
        ("stay_in_chord", 1.1),
        ("seed", -1),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence(field, value):
    with pytest.raises(SamplingError) as error:
        MelodyRequest(**{field: value})
    assert error.value.field == field


def test_a_network_that_has_diverged_plays_nothing(network):
    parameters, vocabulary = network
    broken = parameters.copy()
    broken.flat[0] = np.nan
    with pytest.raises(SamplingError, match="not finite"):
        improvise(broken, vocabulary, MelodyRequest())
