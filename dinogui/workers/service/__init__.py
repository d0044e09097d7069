"""The base of every worker: how orders reach another thread, and how each of them is answered.

Each module has one of the parts that work together.

- `threads`: `Threads` owns every thread of the application. It starts them by name and waits for
  all of them when the application closes. `WorkerThread` is one of these threads.
- `worker`: `Worker` is the base of what lives in such a thread. It carries out orders, one after
  the other.
- `client`: `WorkerClient` lives in the GUI thread and sends orders to one worker.
- `orders`: the `Order` that crosses from the client to the worker, and the `Refusal` that may come
  back.

The client numbers every order, and answers it exactly once, by calling one of three functions:
`done` with the value that the worker's method returned, `refused` with a sentence that says why
there is none, or `dropped` because the order was cancelled. An exception in a worker's method, or
in what a worker runs by timer, is logged and refuses the orders that it concerns; it never leaves
the thread. When the application closes, what is still outstanding is answered too.
"""

from dinogui.workers.service.client import WorkerClient
from dinogui.workers.service.orders import Order, Refusal, RefusedError
from dinogui.workers.service.threads import Threads, WorkerThread
from dinogui.workers.service.worker import Worker

__all__ = [
    "Order",
    "Refusal",
    "RefusedError",
    "Threads",
    "Worker",
    "WorkerClient",
    "WorkerThread",
]
