"""engine.nn."""
