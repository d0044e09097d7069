"""Workers for data files besides their reading: looking at their beginning, and writing them."""
