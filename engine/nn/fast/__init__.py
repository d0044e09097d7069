"""engine.nn.fast."""
