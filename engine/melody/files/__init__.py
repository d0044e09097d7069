"""Files that hold melodies, read and written: MIDI, ABC, and tables of solos.

Every reader returns `engine.melody.played.PlayedMelody`, whose first note begins at beat 0, or
raises `engine.melody.errors.MelodyError`. Begin reading with `read_melodies`; `abc` has the parts
of the reader of ABC.
"""
