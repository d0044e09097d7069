"""engine.sampling.names."""
