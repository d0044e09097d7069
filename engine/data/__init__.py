"""engine.data."""
