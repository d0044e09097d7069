"""WAV files: samples of 16 bits."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

from engine.melody.sound.tones import SAMPLE_RATE

SAMPLE_BYTES = 2
_FULL_SCALE = 32_767


def wav_of(samples: NDArray[np.float32]) -> bytes:
    """Return the bytes of a WAV file.

    Parameters
    ----------
    samples : (n,) or (n, 2) array of float
        Mono, or stereo with left and right; from -1 to 1, at `SAMPLE_RATE`.

    Raises
    ------
    ValueError
        If they have another shape.
    """
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and samples.shape[1] != 2):
        raise ValueError(f"samples must have the shape (n,) or (n, 2), got {samples.shape}.")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(samples.ndim)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm_of(samples))
    return content.getvalue()


def pcm_of(samples: NDArray[np.float32]) -> bytes:
    """Return samples as integers of 16 bits, little-endian, channel by channel in each frame."""
    scaled = np.rint(np.clip(samples, -1, 1) * _FULL_SCALE)
    return scaled.astype("<i2").tobytes()
