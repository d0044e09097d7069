"""Small charts: bars and curves between two axes, which keys walk along. Begin with `chart`."""
