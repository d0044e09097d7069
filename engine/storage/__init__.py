"""engine.storage."""
