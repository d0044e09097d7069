"""The tracks of a MIDI file.

The parts of a file are checked before `mido` reads the events of each track, so that a broken file
costs neither much time nor much memory.

Source: Standard MIDI Files 1.0, https://midi.org/standard-midi-files.
"""

import io
import itertools
import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.melody.errors import MelodyError

if TYPE_CHECKING:
    from mido import MidiTrack

MAX_BYTES = 2_000_000
"""A larger file is refused. So many bytes are some half a million events, read in seconds."""

MOST_TRACKS = 1000
"""A file with more tracks is refused."""

_HEADER = struct.Struct(">HHh")
_CHUNK = struct.Struct(">4sI")

_META = re.compile(rb"\xff([\x00\x20\x21\x51\x54\x58\x59])([\x00-\x7f])(?=(.?)(.?))", re.DOTALL)
"""The beginning of a meta event that `mido` takes apart: its kind, its length and two bytes."""

_TEMPO, _METRE, _KEY = 0x51, 0x58, 0x59
_LENGTHS = {_TEMPO: 3, _METRE: 4, _KEY: 2}
_PRIVATE = 0x7F  # a kind of meta event whose content is not taken apart


def midi_tracks(content: bytes) -> tuple[int, Iterator["MidiTrack"]]:
    """Return a file's division of time, and read its tracks one after the other.

    Parameters
    ----------
    content : bytes
        Of the whole file.

    Returns
    -------
    int
        Ticks in a beat. If it is below 0, its upper byte is minus the frames a second, and its
        lower byte the ticks in a frame.
    iterator of mido.MidiTrack

    Raises
    ------
    MelodyError
        If the file cannot be read; for what a track has inside, when it is its turn.
    """
    kind, division, chunks = _parts(content)
    tracks = (
        _events(kind, division, chunk, number) for number, chunk in enumerate(chunks, start=1)
    )
    return division, tracks


def _parts(content: bytes) -> tuple[int, int, list[bytes]]:
    """Return the type of the file, its division of time, and the chunks of its tracks."""
    if len(content) > MAX_BYTES:
        raise MelodyError(
            f"The MIDI file has {len(content):,} bytes. At most {MAX_BYTES:,} are read."
        )
    if content.startswith(b"RIFF") and content[8:12] == b"RMID":
        content = content[max(content.find(b"MThd"), 0) :]
    if not content:
        raise MelodyError("The file is empty.")
    if not content.startswith(b"MThd"):
        raise MelodyError("This is not a MIDI file: it does not begin with “MThd”.")
    chunks = _chunks(content)
    header = next(chunks)[1]
    if len(header) < _HEADER.size:
        raise MelodyError("The header of the MIDI file is too short.")
    kind, n_tracks, division = _HEADER.unpack_from(header)
    if wrong := _wrong_header(kind, n_tracks, division):
        raise MelodyError(wrong)
    tracks = (body for name, body in chunks if name == b"MTrk")
    found = list(itertools.islice(tracks, n_tracks))
    if not found:
        raise MelodyError(_without_tracks(n_tracks))
    return kind, division, found


def _without_tracks(n_tracks: int) -> str:
    """Return the sentence for a file without a track, whose header says how many it should have."""
    if not n_tracks:
        return "The header of the MIDI file says that it has no tracks."
    tracks = "1 track" if n_tracks == 1 else f"{n_tracks:,} tracks"
    return f"The MIDI file should have {tracks}, and there is none behind its header."


def _wrong_header(kind: int, n_tracks: int, division: int) -> str:
    """Return the sentence for a header with which no melody can be read, or an empty string."""
    if kind == 2:
        return (
            "The MIDI file is of type 2, whose tracks are separate pieces. Only types 0 and 1 are "
            "read."
        )
    if kind > 2:
        return f"The MIDI file is of type {kind}. Only types 0 and 1 are read."
    if n_tracks > MOST_TRACKS:
        return f"The MIDI file has {n_tracks:,} tracks. At most {MOST_TRACKS:,} are read."
    if division == 0:
        return "The MIDI file has 0 ticks in a beat, so its notes have no durations."
    if division < 0 and not division & 0xFF:
        return "The MIDI file has 0 ticks in a frame, so its notes have no durations."
    return ""


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and the body of each chunk."""
    place = 0
    while place < len(content):
        if len(content) - place < _CHUNK.size:
            raise MelodyError("The MIDI file ends in the middle of a chunk's header.")
        name, size = _CHUNK.unpack_from(content, place)
        place += _CHUNK.size
        if size > len(content) - place:
            raise MelodyError(
                f"The MIDI file is cut off: a chunk should have {size:,} bytes, and "
                f"{len(content) - place:,} are left."
            )
        yield name, content[place : place + size]
        place += size


def _events(kind: int, division: int, chunk: bytes, number: int) -> "MidiTrack":
    """Return the events of a track; those that say nothing of the notes may be faulty."""
    header = _CHUNK.pack(b"MThd", _HEADER.size) + _HEADER.pack(kind, 1, division)
    try:
        try:
            return _read(header, chunk)
        except Exception:
            return _read(header, _META.sub(_without_faults, chunk))
    except EOFError:
        raise MelodyError(
            f"Track {number} of the MIDI file ends in the middle of an event."
        ) from None
    except Exception as error:  # mido checks little: whatever broken bytes run into is raised
        raise MelodyError(
            f"Track {number} of the MIDI file has an event that cannot be read ({error})."
        ) from None


def _read(header: bytes, chunk: bytes) -> "MidiTrack":
    import mido  # takes 50 ms, and most runs read no MIDI

    content = header + _CHUNK.pack(b"MTrk", len(chunk)) + chunk
    return mido.MidiFile(file=io.BytesIO(content)).tracks[0]


def _without_faults(event: re.Match[bytes]) -> bytes:
    """Return the beginning of a meta event, or that of a private one if it is faulty."""
    kind, length = event[1][0], event[2][0]
    is_right = _LENGTHS.get(kind) == length
    if is_right and kind == _KEY:
        sharps, mode = (int.from_bytes(each, signed=True) for each in (event[3], event[4]))
        is_right = -7 <= sharps <= 7 and mode in (0, 1)
    return event[0] if is_right else bytes([0xFF, _PRIVATE, length])
