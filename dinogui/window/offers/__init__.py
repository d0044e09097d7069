"""What the window offers when something has happened to the run, in its banner or below the plot.

`divergence_choices` is the place to begin. Each module watches the session for one kind of event,
says what happened, and offers what can be done.

May be imported by `app` and by the rest of the window.
"""
