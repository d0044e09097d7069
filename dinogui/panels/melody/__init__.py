"""What is shown of melodies: the piano roll, and the passages known from the tunes."""
