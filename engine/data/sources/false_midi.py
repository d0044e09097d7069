"""Files that are named as MIDI and are none: beside other files they are left out."""

from collections.abc import Iterator

from engine.data.sources.data_source import DataSource, SourcePart
from engine.data.sources.kinds_of_file import is_midi, is_named_midi, listed
from engine.data.sources.wrapped_source import WrappedSource
from engine.data.training_data import counted


class WithoutFalseMidi(WrappedSource):
    """Another source without the files that are only named as MIDI; see `DataSource`.

    If it has no other files, they stay: whoever reads them says what is wrong.

    Parameters
    ----------
    source : DataSource
    """

    def __init__(self, source: DataSource) -> None:
        super().__init__(source)
        self._notes: tuple[str, ...] = ()

    def parts(self) -> Iterator[SourcePart]:
        """Yield the parts that are kept; see `DataSource.parts`."""
        self._notes = ()
        false: list[tuple[SourcePart, str]] = []
        n_others = 0
        for part in self._source.parts():
            reason = why_no_midi(part)
            if reason:
                false.append((part, reason))
            else:
                n_others += 1
                yield part
        if not n_others:
            yield from (part for part, _ in false)
        elif len(false) == 1:
            part, reason = false[0]
            self._notes = (f"“{part.name}” is left out. {reason}",)
        elif false:
            names = listed([part.name for part, _ in false])
            self._notes = (
                f"{counted(len(false), 'file')} that are named as MIDI files and are none are left "
                f"out: {names}.",
            )

    def notes(self) -> tuple[str, ...]:
        """Return what was left out, here and in the source, as far as parts have been listed."""
        return (*self._source.notes(), *self._notes)


def why_no_midi(part: SourcePart) -> str:
    """Return a sentence on what is wrong with a file that is named as MIDI; nothing if all is well.

    Raises
    ------
    CorpusError
        If the file cannot be read.
    """
    if not is_named_midi(part.name):
        return ""
    content = next(iter(part.chunks()), b"")
    if not content:
        return "The file is empty."
    if is_midi(content):
        return ""
    return (
        "It is not a MIDI file: it does not begin with “MThd”. If it is a text, rename it to end "
        "in “.txt”."
    )
