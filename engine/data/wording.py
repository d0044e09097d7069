"""Numbers in sentences."""


def counted(count: int, what: str) -> str:
    """Return “1 step”, “2 steps”, “1,000 steps”."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")
