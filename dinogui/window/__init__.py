"""dinogui.window."""
