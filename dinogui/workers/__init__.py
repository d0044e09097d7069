"""dinogui.workers."""
