"""Data files besides their reading: previews, exports, and how each file was read before."""
