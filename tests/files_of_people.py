"""What stands in files as people have them, read by the window and by the command line alike."""

NAMES = ["Anna", "Mary Ann", "T. rex", "Bob", "Clara", "Dora", "Emil", "Fina"]
LOWER = tuple(name.lower() for name in NAMES)
COUNTS = [1200, 800, 75, 31, 9, 7, 2, 1]
PAIRS = list(zip(NAMES, COUNTS, strict=True))
SAYINGS = [
    "A fool and his money\nare soon parted.",
    "Time flies like an arrow.\nFruit flies like a banana.",
    "All is well that ends well, or so they say.",
    "The early bird gets the worm,\nbut the second mouse gets the cheese.",
]
TUNE = "X:1\nT:One tune\nM:4/4\nL:1/4\nK:C\n" + "CDEF|GABc|cBAG|FEDC|\n" * 5
