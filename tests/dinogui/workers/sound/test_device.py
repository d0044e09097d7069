import os
import subprocess
import sys
import time

import pytest

from dinogui.workers.sound.device import ENVIRONMENT_VARIABLE, SoundDevice, SoundUnavailableError
from dinogui.workers.sound.sound_track import SoundTrack


def wait_until(holds, seconds=10.0):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


@pytest.fixture
def track():
    track = SoundTrack()
    track.append(bytes(2 * 44_100))
    return track


@pytest.fixture
def device(track):
    device = SoundDevice()
    device.play(track)
    yield device
    device.close()


def test_a_device_takes_samples_in_a_thread_of_its_own(track, device):
    wait_until(lambda: track.last_taken is not None)
    assert not device.is_lost
    wait_until(lambda: track.seconds_heard(time.perf_counter()) > 0.05)


def test_a_device_that_stops_by_itself_is_lost(track, device):
    wait_until(lambda: track.last_taken is not None)
    device._device.stop()
    wait_until(lambda: device.is_lost)


def test_a_device_that_takes_nothing_any_more_is_lost(track, device):
    wait_until(lambda: track.last_taken is not None)
    device._device.stop_callback = None  # it says nothing, as some systems do
    device._device.stop()
    assert not device.is_lost
    track.last_taken -= 3
    assert device.is_lost


def test_a_device_plays_one_track_after_the_other(track, device):
    wait_until(lambda: track.last_taken is not None)
    for _ in range(3):
        device.stop()
        assert not device.is_lost
        other = SoundTrack()
        other.append(bytes(2 * 44_100))
        device.play(other)
        wait_until(lambda: other.seconds_heard(time.perf_counter()) > 0)  # noqa: B023
        assert other.n_dropouts == 0


def test_a_device_that_was_lost_can_be_closed(track, device):
    wait_until(lambda: track.last_taken is not None)
    device._device.stop()
    wait_until(lambda: device.is_lost)
    device.close()
    device.close()


OPEN = """
from dinogui.workers.sound.device import SoundDevice, SoundUnavailableError

try:
    SoundDevice().close()
except SoundUnavailableError as error:
    print(error)
"""


def test_the_systems_sound_writes_nothing_to_the_terminal(root):
    pytest.importorskip("miniaudio")
    environment = {name: os.environ[name] for name in os.environ if name != ENVIRONMENT_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        cwd=root,
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not done.stdout or done.stdout.startswith("There is no sound device that works")


def test_without_miniaudio_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)  # as if it were not installed
    with pytest.raises(SoundUnavailableError) as caught:
        SoundDevice()
    assert "pip install 'dinogui[sound]'" in str(caught.value)
    assert "WAV file" in str(caught.value)
    assert caught.value.instead == "wav"


@pytest.mark.skipif(sys.platform != "linux", reason="hides the devices as only Linux can")
def test_without_a_device_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("PULSE_SERVER", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "none")
    with pytest.raises(SoundUnavailableError, match="There is no sound device that works"):
        SoundDevice()
