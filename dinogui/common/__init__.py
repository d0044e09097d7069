"""dinogui.common."""
