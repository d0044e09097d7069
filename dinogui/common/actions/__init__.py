"""Every menu entry with its words and keys. Begin with `window_actions`."""
