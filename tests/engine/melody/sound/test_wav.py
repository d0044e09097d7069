import io
import wave

import numpy as np
import pytest

from engine.melody.sound.wav import wav_of


@pytest.mark.parametrize("shape", [(100,), (100, 2)])
def test_a_file_holds_the_samples_in_16_bits(shape):
    samples = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
    with wave.open(io.BytesIO(wav_of(samples))) as file:
        assert file.getnchannels() == samples.ndim
        assert (file.getsampwidth(), file.getframerate()) == (2, 44_100)
        read = np.frombuffer(file.readframes(1_000), dtype="<i2").reshape(shape)
    np.testing.assert_allclose(read / 32_767, samples, atol=0.6 / 32_767)


def test_samples_beyond_full_scale_are_clipped():
    with wave.open(io.BytesIO(wav_of(np.array([2, -2], dtype=np.float32)))) as file:
        assert np.frombuffer(file.readframes(2), dtype="<i2").tolist() == [32_767, -32_767]


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n,\) or \(n, 2\)"):
        wav_of(np.zeros((2, 3), dtype=np.float32))
