from fractions import Fraction

import numpy as np
import pytest

from engine.melody.chords import read_chords
from engine.melody.note import Melody, Note
from engine.melody.sound.synthesis import (
    BLOCK_SAMPLES,
    PEAK,
    RELEASE_SECONDS,
    blocks_of,
    synthesise,
)
from engine.melody.sound.timing import timing_of
from engine.melody.sound.tones import INSTRUMENTS, SAMPLE_RATE

CHORDS = read_chords("| Dm7 G7 | Cmaj7 | E7alt A13 |")


def melody_of(*notes, **others):
    return Melody(tuple(Note(pitch, Fraction(beats)) for pitch, beats in notes), **others)


def random_melody(seed, n_notes, pitches, beats):
    random = np.random.default_rng(seed)
    return melody_of(
        *((int(random.choice(pitches)), str(random.choice(beats))) for _ in range(n_notes)),
        tempo=float(random.integers(40, 301)),
    )


def loudness(samples, seconds):
    place = round(seconds * SAMPLE_RATE)
    return float(np.abs(samples[place : place + 1_000]).max())


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a4_sounds_at_440_hertz(instrument):
    samples = synthesise(melody_of((69, 4)), instrument=instrument)
    n = 1 << 18
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n))
    assert spectrum.argmax() * SAMPLE_RATE / n == pytest.approx(440, abs=1)


@pytest.mark.parametrize(("tempo", "seconds"), [(None, 4.0), (60, 6.0), (240, 1.5)])
def test_the_tempo_gives_the_duration(tempo, seconds):
    melody = melody_of((60, 1), (None, "3/2"), (62, "7/2"), tempo=90)
    samples = synthesise(melody, tempo=tempo)
    assert len(samples) == round((seconds + RELEASE_SECONDS) * SAMPLE_RATE)
    assert samples.dtype == np.float32


def test_notes_sound_and_rests_are_silent():
    samples = synthesise(melody_of((60, 1), (None, 1), (62, 1), tempo=60))
    assert samples[0] == samples[-1] == 0
    assert [loudness(samples, at) > 0.05 for at in (0.1, 0.9, 1.1, 1.9, 2.1)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert loudness(samples, 1.1) == 0


def test_a_swung_eighth_begins_later():
    melody = melody_of((60, "1/4"), (None, "1/4"), (62, "1/2"), tempo=60)
    straight, swung = (synthesise(melody, swing) for swing in (0.5, 0.75))
    assert np.flatnonzero(straight[20_000:])[0] + 20_000 == pytest.approx(22_050, abs=5)
    assert np.flatnonzero(swung[25_000:])[0] + 25_000 == pytest.approx(33_075, abs=5)


EXTREMES = {
    "usual": (range(48, 85), ["1/2", "1/3", "1", "2"]),
    "highest and fast": (range(100, 128), ["1/12", "1/6"]),
    "lowest": (range(30), ["1/2", "3"]),
    "one note over and over": ([84], ["1/12"]),
    "long and short": ([60, 96, 127], ["1/12", "1/64", "8"]),
}


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("kind", EXTREMES)
def test_nothing_clicks_or_clips_whatever_the_melody(kind, instrument):
    melody = random_melody(3, 40, *EXTREMES[kind])
    samples = synthesise(melody, 0.7, 300, CHORDS, instrument)
    assert samples[0] == samples[-1] == 0
    assert np.abs(np.diff(samples)).max() < 0.2
    assert np.abs(samples).max() <= PEAK < 10 ** (-1 / 20)


def test_the_accompaniment_sounds_below_the_melody():
    rest = melody_of((None, 4), tempo=60)
    assert not synthesise(rest).any()
    accompanied = synthesise(rest, accompaniment=read_chords("| Am |"))
    spectrum = np.abs(np.fft.rfft(accompanied))
    for hertz in (110.0, 220.0, 261.63, 329.63):  # A2; A3, C4, E4
        place = round(hertz * len(accompanied) / SAMPLE_RATE)
        near = spectrum[place - 5 : place + 6].max()
        assert near > 20 * np.median(spectrum[: 2 * place])
    melody = synthesise(melody_of((81, 4), tempo=60))
    assert 0.05 < np.abs(accompanied).max() < 1.5 * np.abs(melody).max()


def test_blocks_are_the_whole_in_pieces():
    melody = random_melody(1, 20, range(55, 80), ["1/2", "1"])
    timing = timing_of(melody, 0.6)
    blocks = list(blocks_of(melody, timing, CHORDS))
    assert {len(block) for block in blocks[:-1]} == {BLOCK_SAMPLES}
    np.testing.assert_array_equal(
        np.concatenate(blocks), synthesise(melody, 0.6, accompaniment=CHORDS)
    )


def test_it_can_begin_in_the_middle_of_a_note():
    melody = melody_of((60, 2), (64, 2), tempo=60)
    whole = synthesise(melody)
    part = np.concatenate(list(blocks_of(melody, timing_of(melody), begin_beat=1.5)))
    assert part[0] == 0
    assert np.abs(np.diff(part)).max() < 0.2
    np.testing.assert_array_equal(part[1_000:], whole[round(1.5 * SAMPLE_RATE) + 1_000 :])


def test_a_very_long_note_dies_away_and_ends():
    samples = synthesise(melody_of((60, 60)), tempo=60)
    assert len(samples) == round((60 + RELEASE_SECONDS) * SAMPLE_RATE)
    assert loudness(samples, 0.5) > 0.1
    assert not samples[25 * SAMPLE_RATE :].any()


def test_nothing_makes_no_sound():
    assert len(synthesise(Melody(()))) == 0


def test_what_is_out_of_bounds_is_refused():
    melody = melody_of((60, 1))
    with pytest.raises(ValueError, match="tempo"):
        synthesise(melody, tempo=0)
    with pytest.raises(ValueError, match="swing"):
        synthesise(melody, swing=0.9)
    with pytest.raises(KeyError):
        synthesise(melody, instrument="tuba")
