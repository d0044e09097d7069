"""Playing melodies: the worker that does it, and the sound device.

Begin reading at `player`: the worker computes samples ahead, and says which beat is heard.
`sound_track` holds the samples that are ready, from which the device takes what it needs in a
thread of its own. `device` opens the device through the optional package miniaudio. If there is
none, it says what is missing, while `alsa_messages` keeps Linux's sound library quiet.
"""
