"""dinogui.startup."""
