"""All layouts, and how a file is recognised as one of them."""

from engine.data.reading.documents import ABC_SUFFIX, recognised_separator
from engine.data.reading.json_values import JsonValues
from engine.data.reading.layout import Head, Layout
from engine.data.reading.name_lists import NameList
from engine.data.reading.tables import Table
from engine.data.sources.kinds_of_file import MIDI_SUFFIXES
from engine.data.training_data import CorpusError, DataKind
from engine.melody.files.recognition import SOLO_ENDING, is_solo


class RunningText:
    """Running text. Every text file is one."""

    name = "text"
    title = "Running text"
    kind: DataKind = "text"
    suffixes = (".txt",)

    def recognises(self, head: Head) -> bool:
        """Take any file."""
        return True


class Documents:
    """Several texts in one file, each an example with an end of its own."""

    name = "documents"
    title = "Documents"
    kind: DataKind = "text"
    suffixes = (".txt", ABC_SUFFIX)

    def recognises(self, head: Head) -> bool:
        """Whether it is clear what separates them."""
        return recognised_separator(head.text, head.name) is not None


class MelodyFiles:
    """Melodies: MIDI files, solos, and by choice ABC tunes and other tables of played notes."""

    name = "melodies"
    title = "Melodies"
    kind: DataKind = "melodies"
    suffixes = (*MIDI_SUFFIXES, ABC_SUFFIX)

    def recognises(self, head: Head) -> bool:
        """Take only solos by their names: tunes in ABC are documents unless they are chosen."""
        return head.name.endswith(SOLO_ENDING) and is_solo(head.text)


LAYOUTS: dict[str, Layout] = {
    each.name: each
    for each in (RunningText(), NameList(), Table(), JsonValues(), Documents(), MelodyFiles())
}
"""All layouts by name, from the general to the special: the last that recognises a file reads it.

The first layout of a kind reads files that are said to be of that kind and that no other layout
recognises.
"""


_WITH_COLUMNS = ("table", "json")


def recognise(
    head: Head,
    kind: DataKind | None = None,
    chosen: str | None = None,
    *,
    has_columns: bool = False,
) -> Layout:
    """Return the layout that a file is to be read with.

    Parameters
    ----------
    head : Head
    kind : str, optional
        Consider only layouts of this kind.
    chosen : str, optional
        The layout that a person has chosen.
    has_columns : bool
        Whether a person has chosen something that only a table has.

    Raises
    ------
    CorpusError
        If the chosen layout does not exist, or has not that kind.
    """
    if chosen is not None:
        return _chosen_layout(chosen, kind)
    general, *special = (each for each in LAYOUTS.values() if kind in (None, each.kind))
    layout = next((each for each in reversed(special) if each.recognises(head)), general)
    if has_columns and layout.name not in _WITH_COLUMNS and kind != "text":
        return LAYOUTS["table"]
    return layout


def recognise_midi(kind: DataKind | None = None) -> Layout:
    """Return the layout of a MIDI file.

    Raises
    ------
    CorpusError
        If another kind of data is wanted.
    """
    if kind not in (None, "melodies"):
        raise CorpusError(f"A MIDI file has notes, and no {kind}. Read it as melodies.")
    return LAYOUTS[MelodyFiles.name]


def _chosen_layout(chosen: str, kind: DataKind | None) -> Layout:
    layout = LAYOUTS.get(chosen)
    if layout is None:
        raise CorpusError(f"“{chosen}” is not a layout. The layouts are {', '.join(LAYOUTS)}.")
    if kind not in (None, layout.kind):
        fitting = [each.name for each in LAYOUTS.values() if each.kind == kind]
        raise CorpusError(
            f"The layout “{chosen}” does not give {kind}. Choose one of {', '.join(fitting)}."
        )
    return layout
