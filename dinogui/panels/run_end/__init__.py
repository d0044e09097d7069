"""When a run ends by itself, and what is said when it has ended or its held-out loss rises.

`until_button` stands below Train, and opens `until_form`; `action_line` stands below the plot.
`dinogui.window.offers.run_end` connects them with the session.
"""
