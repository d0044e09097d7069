import numpy as np
import pytest

from engine.melody.sound.tones import (
    BASS,
    CHORDS,
    INSTRUMENTS,
    SAMPLE_RATE,
    Instrument,
    fade,
    hertz_of,
    tone_of,
)

ALL = {**INSTRUMENTS, "chords": CHORDS, "bass": BASS}


def peak_hertz(samples):
    """The frequency of the strongest partial, from a spectrum whose lines are 0.17 Hz apart."""
    n = 1 << 18
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n))
    return spectrum.argmax() * SAMPLE_RATE / n


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("pitch", "hertz"), [(69, 440.0), (60, 261.63), (45, 110.0), (88, 1318.51)]
)
def test_a_tone_has_its_peak_at_the_pitch(name, pitch, hertz):
    assert hertz_of(pitch) == pytest.approx(hertz, abs=0.02)
    assert peak_hertz(tone_of(ALL[name], pitch, 2 * SAMPLE_RATE)) == pytest.approx(hertz, abs=1)


def test_a_tone_is_the_sum_of_its_partials():
    instrument = Instrument(((1, 1.0, 2.0), (3, 0.5, 5.0)), attack=0.0, loudness=0.2)
    seconds = np.arange(5_000) / SAMPLE_RATE
    wanted = sum(
        0.2 * amplitude * np.exp(-decay * seconds) * np.sin(2 * np.pi * ratio * 261.6256 * seconds)
        for ratio, amplitude, decay in instrument.partials
    )
    np.testing.assert_allclose(tone_of(instrument, 60, 5_000), wanted, atol=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_a_tone_rises_from_0_and_dies_away(name):
    tone = tone_of(ALL[name], 60, 4 * SAMPLE_RATE)
    assert tone[0] == 0
    assert np.abs(tone[:20]).max() < 0.02
    assert np.abs(tone[-SAMPLE_RATE:]).max() < 0.2 * np.abs(tone).max()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("pitch", [0, 60, 96, 127])
def test_no_tone_jumps(name, pitch):
    tone = tone_of(ALL[name], pitch, 5_000)
    assert tone.any()
    assert np.abs(np.diff(tone)).max() < 0.07


def test_a_fade_goes_smoothly_from_0_to_nearly_1():
    way = fade(100)
    assert way[0] == 0
    assert way[-1] == pytest.approx(1, abs=0.001)
    assert (np.diff(way) > 0).all()
    assert len(fade(0)) == 0
