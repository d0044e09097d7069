import sys
from fractions import Fraction

import miniaudio
import pytest

from dinogui.session.run import RunState
from engine.melody.chords import read_chords
from engine.melody.note import Melody, Note


def melody_of(beats, tempo=120.0):
    """A scale in eighths, two of which make a beat."""
    return Melody(
        tuple(Note(60 + place % 12, Fraction(1, 2)) for place in range(2 * beats)), tempo=tempo
    )


class Listener:
    def __init__(self, playing):
        self.told, self.beats, self.sentences = [], [], []
        playing.started.connect(lambda: self.told.append("started"))
        playing.ended.connect(lambda: self.told.append("ended"))
        playing.failed.connect(lambda: self.told.append("failed"))
        playing.failed.connect(self.sentences.append)
        playing.moved.connect(self.beats.append)


@pytest.fixture
def playing(session):
    return session.playing


@pytest.fixture
def heard(playing):
    return Listener(playing)


def test_a_melody_is_played_to_its_end(playing, heard, qtbot):
    assert playing.melody is None
    melody = melody_of(2)
    playing.play(melody, read_chords("| C | G7 |"), swing=0.6, tempo=240)
    assert playing.is_playing
    assert playing.melody is melody
    with qtbot.waitSignal(playing.ended):
        pass
    assert not playing.is_playing
    assert heard.told == ["started", "ended"]
    assert heard.beats[0] == 0
    assert heard.beats == sorted(heard.beats)
    assert len(heard.beats) > 3
    assert 1 < heard.beats[-1] <= 2.3


def test_it_begins_where_it_is_told_to(playing, heard, qtbot):
    playing.play(melody_of(64), begin_beat=62.5)
    with qtbot.waitSignal(playing.ended):
        pass
    assert heard.beats[0] == 62.5
    assert all(62.5 <= beat < 64.3 for beat in heard.beats)


def test_it_can_be_stopped_and_says_nothing_more(playing, heard, qtbot):
    playing.play(melody_of(64))
    qtbot.waitUntil(lambda: len(heard.beats) > 2)
    playing.stop()
    assert heard.told == ["started", "ended"]
    n_beats = len(heard.beats)
    playing.stop()
    qtbot.wait(150)
    assert heard.told == ["started", "ended"]
    assert len(heard.beats) == n_beats


def test_another_melody_takes_its_place(playing, heard, qtbot):
    playing.play(melody_of(64))
    qtbot.waitUntil(lambda: len(heard.beats) > 2)
    playing.play(melody_of(1, tempo=240))
    assert heard.told == ["started", "ended"]
    assert playing.is_playing
    with qtbot.waitSignal(playing.ended):
        pass
    assert heard.told == ["started", "ended", "started", "ended"]


def test_nothing_is_over_at_once(playing, heard, qtbot):
    playing.play(Melody(()))
    qtbot.waitUntil(lambda: not playing.is_playing)
    assert heard.told[-1] == "ended"


def test_without_miniaudio_it_says_what_to_install(playing, heard, qtbot, monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    playing.play(melody_of(4))
    with qtbot.waitSignal(playing.failed):
        pass
    assert heard.told == ["ended", "failed"]
    assert "pip install 'dinogui[sound]'" in heard.sentences[0]
    assert not playing.is_playing


def test_a_device_that_vanishes_ends_it_and_the_next_melody_plays(playing, heard, qtbot):
    playing.play(melody_of(64))
    qtbot.waitUntil(lambda: len(heard.beats) > 2)
    device = playing._client.worker._playing.device
    # The device's thread says that it has stopped when nothing waits for it any more. If it said so
    # during `stop`, the player would close the device meanwhile, which corrupts memory.
    device._device.stop_callback = None
    device._device.stop()
    device._note_stop()
    with qtbot.waitSignal(playing.failed):
        pass
    assert heard.told == ["started", "ended", "failed"]
    assert "sound device has stopped" in heard.sentences[0]
    playing.play(melody_of(1, tempo=240))
    with qtbot.waitSignal(playing.ended):
        pass
    assert heard.told[3:] == ["started", "ended"]


def test_a_device_that_does_not_start_again_is_opened_anew(playing, heard, qtbot):
    playing.play(melody_of(1, tempo=240))
    with qtbot.waitSignal(playing.ended):
        pass
    devices = playing._client.worker._devices
    (first,) = devices.values()
    miniaudio.lib.ma_device_uninit(first._device._device)  # it can no longer be started
    playing.play(melody_of(1, tempo=240))
    with qtbot.waitSignal(playing.ended):
        pass
    assert heard.told == ["started", "ended", "started", "ended"]
    (second,) = devices.values()
    assert second is not first


def test_one_device_is_used_again_and_again(playing, qtbot):
    for _ in range(3):
        playing.play(melody_of(1, tempo=300))
        with qtbot.waitSignal(playing.ended):
            pass
    playing.sound_note(60)
    playing.sound_note(62)
    worker = playing._client.worker
    qtbot.waitUntil(lambda: len(worker._devices) == 2)  # a note has a shorter buffer


def test_a_wrong_tempo_is_told(playing, heard, qtbot):
    playing.play(melody_of(1), tempo=0)
    with qtbot.waitSignal(playing.failed):
        pass
    assert "tempo" in heard.sentences[0]


def test_a_single_note_sounds_and_stops_the_melody(playing, heard, qtbot):
    playing.play(melody_of(64, tempo=119))
    qtbot.waitUntil(lambda: len(heard.beats) > 2)
    worker = playing._client.worker
    with qtbot.waitSignal(worker.reported, check_params_cb=lambda _number, beat: beat == 0):
        playing.sound_note(64)
        assert heard.told == ["started", "ended"]
        assert not playing.is_playing
    qtbot.waitUntil(lambda: worker._playing is None)
    assert heard.told == ["started", "ended"]


def test_a_note_that_cannot_be_heard_is_told_once(playing, heard, qtbot, monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    playing.prepare()
    for pitch in (60, 62, 64):
        playing.sound_note(pitch)
    with qtbot.waitSignal(playing.failed):
        pass
    qtbot.wait(50)
    assert heard.told == ["failed"]


def test_closing_stops_it(session, playing, qtbot):
    playing.play(melody_of(64))
    with qtbot.waitSignal(playing.started):
        pass
    worker = playing._client.worker
    device = worker._playing.device._device
    session.close()
    assert session.has_ended
    assert worker._playing is None
    assert not device.running
    assert not playing.is_playing


def _play_while_training(window, qtbot, seconds):
    session = window.session
    session.train_or_pause()
    qtbot.waitUntil(lambda: session.run.state is RunState.TRAINING)
    first = session.run.steps_made
    session.playing.play(melody_of(2 * seconds), read_chords("| Dm7 | G7 | Cmaj7 | % |"))
    with qtbot.waitSignal(session.playing.ended, timeout=1_000 * (seconds + 20)):
        pass
    assert session.run.steps_made > first
    session.train_or_pause()
    return session.playing.n_dropouts


def test_training_at_full_speed_makes_no_dropout(window, qtbot):
    assert _play_while_training(window, qtbot, 2) == 0


@pytest.mark.long
def test_training_at_full_speed_makes_no_dropout_in_a_minute(window, qtbot):
    assert _play_while_training(window, qtbot, 60) == 0
