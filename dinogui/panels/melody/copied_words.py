"""How much of a melody is copied from the training tunes, in a sentence."""

from engine.evaluation.copied_notes import SHORTEST_SHOWN, CopiedNotes, Passage
from engine.melody.note import Note
from engine.sampling.melody.improvise import Improvisation

UNTITLED = "a tune without a title"


def copied_sentence(improvisation: Improvisation, copied: CopiedNotes) -> str:
    """Say how many of the improvised notes are copied, and name the longest run that a tune has.

    What was given does not count.
    """
    notes, n_given = improvisation.melody.notes, improvisation.n_prefix
    places = [place for place in range(n_given, len(notes)) if notes[place].pitch is not None]
    if not places:
        return ""
    longest = next((each for each in copied.passages if each.end > n_given), None)
    if longest is None:
        return f"Nothing is copied: no {SHORTEST_SHOWN} notes in a row are those of a tune."
    n_copied = sum(copied.are_copied[place] for place in places)
    run = length_in_words(longest, notes)
    if not n_copied:
        title = title_of(longest)
        return f"Nothing is copied: at most {run} in a row are those of a tune ({title})."
    begin = f"Of {len(places):,} notes, {n_copied:,} {'are' if n_copied > 1 else 'is'} copied"
    if n_copied == len(places):
        begin = f"All {len(places):,} notes are copied" if n_copied > 1 else "The note is copied"
    return f"{begin}: {run} in a row are those of {title_of(longest)}."


def length_in_words(passage: Passage, notes: tuple[Note, ...]) -> str:
    """Return the length of a passage: "9 notes", or "9 notes and rests"."""
    has_rests = any(note.pitch is None for note in notes[passage.begin : passage.end])
    return f"{passage.length} notes{' and rests' if has_rests else ''}"


def title_of(passage: Passage) -> str:
    """Return the title of the tune in quotation marks."""
    return f"“{passage.tune.title}”" if passage.tune.title else UNTITLED
