"""dinogui.datasets."""
