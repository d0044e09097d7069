"""dinogui.library."""
