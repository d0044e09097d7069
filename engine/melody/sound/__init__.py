"""How a melody sounds: from notes to samples, and to the bytes of a WAV file.

`timing` says when each beat sounds, with `swing`. `tones` are the instruments. `synthesis` mixes
the notes of a melody and its accompaniment; begin reading there. `wav` writes the file.
"""
