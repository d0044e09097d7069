"""How much of a melody is copied from the training tunes, in a sentence."""

from engine.evaluation.copied_notes import SHORTEST_SHOWN, CopiedNotes, Passage
from engine.melody.note import Note
from engine.sampling.melody.improvise import Improvisation

UNTITLED = "a tune without a title"


def copied_sentence(improvisation: Improvisation, copied: CopiedNotes) -> str:
    """Say how many of the improvised notes are new, and name the longest passage that is known.

    What was given does not count.
    """
    notes, n_given = improvisation.melody.notes, improvisation.n_prefix
    places = [place for place in range(n_given, len(notes)) if notes[place].pitch is not None]
    if not places:
        return ""
    n_new = sum(not copied.are_copied[place] for place in places)
    if n_new == len(places):
        begin = f"All {len(places):,} notes are new" if len(places) > 1 else "The note is new"
    else:
        count = f"{n_new:,} are" if n_new > 1 else ("1 is" if n_new else "none is")
        begin = f"Of {len(places):,} notes, {count} new"
    longest = next((each for each in copied.passages if each.end > n_given), None)
    if longest is None:
        return f"{begin}: no passage of {SHORTEST_SHOWN} notes is known from a tune."
    return (
        f"{begin}: the longest passage known from a tune has {length_in_words(longest, notes)} "
        f"({title_of(longest)})."
    )


def length_in_words(passage: Passage, notes: tuple[Note, ...]) -> str:
    """Return the length of a passage: "9 notes", or "9 notes and rests"."""
    has_rests = any(note.pitch is None for note in notes[passage.begin : passage.end])
    return f"{passage.length} notes{' and rests' if has_rests else ''}"


def title_of(passage: Passage) -> str:
    """Return the title of the tune in quotation marks."""
    return f"“{passage.tune.title}”" if passage.tune.title else UNTITLED
