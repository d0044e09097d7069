"""The command search (Ctrl+K) and the list of all keys (Help > Keys).

`command_search` opens both, and imports the other modules only then. An `entry` is one thing that
can be chosen; `action_entries`, `content_entries` and `settings` list them, `ranking` finds those
that match what was typed, and `sheet` shows them. `key_list` gathers the keys that `keys_window`
shows. Begin with `command_search`.
"""
