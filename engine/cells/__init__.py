"""The cells: one a file, each with its shapes, its forward and its backward, in that order."""
