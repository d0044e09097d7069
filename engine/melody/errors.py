"""What is wrong with a melody, in words for people."""


class MelodyError(ValueError):
    """Notes cannot be read or written.

    The message is a sentence that begins with a capital letter. It does not name the file.
    """
