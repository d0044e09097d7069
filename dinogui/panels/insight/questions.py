"""What each panel is called, and the question that it answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A panel's words.

    Attributes
    ----------
    name : str
        Of its dock, and of its help page in the resources.
    title : str
        With a mnemonic.
    question : str
        What it answers.
    shows : str
        In a line, what is seen.
    """

    name: str
    title: str
    question: str
    shows: str


CLIPPING = Question(
    "clipping",
    "&Clipping",
    "What does clipping do, now?",
    "The entries of the gradient by their size, and the clip value as a line to drag.",
)
FLOW = Question(
    "flow",
    "Gradient &flow",
    "How far back does it learn?",
    "The size of dL/da at each letter: of the whole loss, and of the last letter's.",
)
STATES = Question(
    "states",
    "Hidden &states",
    "What does this unit do?",
    "What each unit does after each letter. Click one to see what drives it.",
)
NEXT_LETTER = Question(
    "next_letter",
    "&Next letter",
    "What did it expect?",
    "The probability of every symbol at each letter; what came is framed, its surprise below.",
)
WEIGHTS = Question(
    "weights",
    "&Weights and updates",
    "Is my learning rate right?",
    "A matrix, its entries, and how far each step moves it: about 1e-3 of its size is good.",
)
STEPS = Question(
    "steps",
    "A step's &arithmetic",
    "What happens in one step?",
    "Every equation of one step, with its numbers.",
)
