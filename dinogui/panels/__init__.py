"""The parts of the main window, one a file. They speak to the session, never to the worker."""
