"""Numbers as they are written below the pictures."""


def write_number(value: float) -> str:
    """Write a number in three digits, and what is none in words."""
    text = f"{value:.3g}"
    return {"nan": "not a number", "inf": "infinite", "-inf": "minus infinite"}.get(text, text)
