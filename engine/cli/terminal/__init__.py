"""The terminal: messages for people, progress, and the signals that end a program.

It imports nothing of the other modules of the command line. Begin reading with `messages`.
"""
