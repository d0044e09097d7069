"""dinogui.session.session."""
