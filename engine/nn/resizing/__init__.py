"""engine.nn.resizing."""
