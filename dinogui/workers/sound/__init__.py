"""Playing melodies: the worker that does it, and the sound device.

Begin reading at `player`: the worker computes samples ahead and says which beat is heard. `track`
holds the samples that are ready, from which the device takes what it needs in a thread of its own.
`device` opens the device through the optional package miniaudio, and says what is missing if there
is none.
"""
