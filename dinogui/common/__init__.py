"""What several packages of the window share: actions, dialogs, preferences, theme and words.

`run_plan.RunPlan` is what a run is built on; `preferences` stores it from one start to the next.
`actions` has every menu entry with its words and keys.

May be imported by every package of the window but `startup` and `datasets`. Imports `startup` and
the engine.
"""
