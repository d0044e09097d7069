"""engine.runs."""
