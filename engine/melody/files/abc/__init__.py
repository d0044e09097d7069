"""The parts of the reader of ABC, a notation of tunes in plain text.

`tokens` cuts the music into notes, bar lines and so on; `interpreter` gives them pitches and
durations, by the key and the fields in force; `repeats` plays what is repeated. `keys` and `fields`
read what fields say. `engine.melody.files.abc_reading` is the door.

Source: The ABC music standard 2.1, https://abcnotation.com/wiki/abc:standard:v2.1.
"""
