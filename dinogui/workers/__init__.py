"""Work that takes time, each kind in a thread of its own so that the window never waits for it.

Begin reading at `service`: the threads, the base class of all workers, and the client that sends
them orders and passes on the answers. Then read one worker; `baselines_counter` is the shortest,
`name_sampler` also goes on by timer, and `training` sends messages of its own. `background`
computes for panels. `sampling_messages` and `run_copy` are values that cross between threads.

Workers import the engine and `dinogui.startup`, never a widget or the session. The session and the
library give orders to workers; panels get at them through the session only.

To write a new worker:

1. Subclass `service.Worker`, and set `task` to what the log is to call its work. Its orders are
   plain methods. They take frozen values and return the answer. Where an order cannot be carried
   out for a reason that is foreseen, raise `service.RefusedError` with a sentence for people, or
   list the engine's exceptions in `refusals`. Catch nothing else: the base class does.
2. Long work looks at ``self.order.raise_if_cancelled()`` between its parts. Work that must leave
   room for other orders calls `defer`, goes on by a timer from `timer`, and calls `finish`.
3. In the session, start a thread with ``threads.start("its name")`` and make a
   `service.WorkerClient` with the worker and that thread. Two workers may share a thread.
4. Give orders with ``client.order(MyWorker.method, argument, done=..., refused=...)``. Exactly one
   of these functions is called later, in the GUI thread. Use ``supersedes=True`` where only the
   latest order counts, and ``outlasts_closing=True`` for what must be on the disk in the end.

`tests/dinogui/workers/test_service.py` shows each of these at work.
"""
