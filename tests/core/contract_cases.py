"""What a handler may do with asyncio and context variables: one function for each point.

Each case returns something JSON can hold and that does not depend on where it runs. The tests
compare what it returns inside a handler with what it returns in a plain asyncio task.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
from collections.abc import Callable, Coroutine
from typing import Any

Case = Callable[[], Coroutine[Any, Any, Any]]
CASES: dict[str, Case] = {}
VAR: contextvars.ContextVar[Any] = contextvars.ContextVar("contract")
OTHER: contextvars.ContextVar[Any] = contextvars.ContextVar("contract_other")
NEW = sys.version_info >= (3, 11)


def case(function: Case) -> Case:
    CASES[function.__name__] = function
    return function


async def quick(value: Any = None, delay: float = 0) -> Any:
    await asyncio.sleep(delay)
    return value


def cancelling() -> int:
    task = asyncio.current_task()
    return task.cancelling() if NEW else 0


# -- the task itself -------------------------------------------------------------------------------


@case
async def current_task_is_one_pending_task():
    task = asyncio.current_task()
    found = [isinstance(task, asyncio.Task), task.done(), task.cancelled()]
    await asyncio.sleep(0)
    return [*found, asyncio.current_task() is task, task in asyncio.all_tasks()]


@case
async def all_tasks_holds_the_current_task_in_its_first_step():
    return asyncio.current_task() in asyncio.all_tasks()


@case
async def task_shows_itself():
    task = asyncio.current_task()
    out = io.StringIO()
    task.print_stack(file=out)
    first = ["pending" in repr(task), bool(task.get_name()), task.get_coro() is not None]
    await asyncio.sleep(0)
    stack = task.get_stack()
    return [*first, isinstance(stack, list), "Stack for" in out.getvalue(), "pending" in repr(task)]


@case
async def stack_of_the_waiting_task_names_this_function():
    task = asyncio.current_task()

    async def look():
        out = io.StringIO()
        task.print_stack(file=out)
        return len(task.get_stack()) > 0, "Stack for" in out.getvalue(), "pending" in repr(task)

    return await asyncio.create_task(look())


@case
async def running_loop_is_the_loop():
    loop = asyncio.get_running_loop()
    return [loop is asyncio.get_event_loop(), asyncio.current_task(loop) is asyncio.current_task()]


@case
async def not_done_so_no_result():
    try:
        asyncio.current_task().result()
    except asyncio.InvalidStateError as error:
        return type(error).__name__
    return "no error"


@case
async def done_callback_can_be_added_and_removed():
    task = asyncio.current_task()

    def callback(_):
        pass

    task.add_done_callback(callback)
    return task.remove_done_callback(callback)


# -- waiting ---------------------------------------------------------------------------------------


@case
async def sleep_zero_many_times():
    for _ in range(20):
        await asyncio.sleep(0)
    return "done"


@case
async def future_set_by_call_soon():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, "value")
    return await future


@case
async def future_done_already():
    future = asyncio.get_running_loop().create_future()
    future.set_result("at once")
    return await future


@case
async def future_set_from_a_thread():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    await asyncio.to_thread(loop.call_soon_threadsafe, future.set_result, "from afar")
    return await future


@case
async def future_with_an_exception():
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_exception, ValueError("wrong"))
    try:
        await future
    except ValueError as error:
        return str(error)


@case
async def awaiting_what_yields_nonsense():
    class Bad:
        def __await__(self):
            yield "not a future"

    try:
        await Bad()
    except RuntimeError as error:
        return "bad yield" in str(error)
    return "no error"


@case
async def create_task_and_await():
    return await asyncio.create_task(quick("child"))


@case
async def gather_results_and_exceptions():
    async def fail():
        await asyncio.sleep(0)
        raise KeyError("k")

    found = await asyncio.gather(quick(1), fail(), quick(3), return_exceptions=True)
    try:
        await asyncio.gather(quick(1), fail())
    except KeyError as error:
        return [found[0], repr(found[1]), found[2], repr(error)]


@case
async def wait_first_completed():
    slow = asyncio.create_task(quick("slow", 30))
    fast = asyncio.create_task(quick("fast"))
    done, pending = await asyncio.wait({slow, fast}, return_when=asyncio.FIRST_COMPLETED)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    return [done.pop().result(), len(pending), slow.cancelled()]


@case
async def as_completed_in_order_of_ends():
    return [await next_one for next_one in asyncio.as_completed([quick(2, 0.002), quick(1, 0)])]


@case
async def lock_event_queue_semaphore_condition():
    lock, event, queue = asyncio.Lock(), asyncio.Event(), asyncio.Queue(1)
    condition, seen = asyncio.Condition(), []

    async def producer():
        for number in range(3):
            await queue.put(number)
        event.set()
        async with condition:
            condition.notify_all()

    task = asyncio.create_task(producer())
    async with lock, asyncio.Semaphore(2):
        seen += [await queue.get() for _ in range(3)]
    async with condition:
        if not event.is_set():
            await condition.wait()
    await event.wait()
    await task
    return seen


@case
async def async_generator_and_context_manager():
    class Manager:
        async def __aenter__(self):
            await asyncio.sleep(0)
            return 7

        async def __aexit__(self, *_):
            await asyncio.sleep(0)

    async def numbers():
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    async with Manager() as value:
        return [value] + [number async for number in numbers()]


@case
async def executor():
    return await asyncio.get_running_loop().run_in_executor(None, sum, (1, 2, 3))


@case
async def coroutine_run_from_a_thread():
    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(
        lambda: asyncio.run_coroutine_threadsafe(quick("back"), loop).result(10)
    )


@case
async def wait_for_in_time_and_too_late():
    found = [await asyncio.wait_for(quick("in time"), 30)]
    for timeout in (0, 0.001):
        try:
            await asyncio.wait_for(quick("late", 30), timeout)
        except asyncio.TimeoutError:
            found.append("late")
    return [*found, cancelling()]


@case
async def shield_survives_the_cancellation_around_it():
    inner = asyncio.create_task(quick("kept", 0.001))

    async def outer():
        return await asyncio.shield(inner)

    task = asyncio.create_task(outer())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return [inner.cancelled(), await inner]


@case
async def subtask_exception():
    async def fail():
        raise LookupError("below")

    try:
        await asyncio.create_task(fail())
    except LookupError as error:
        return str(error)


# -- cancellation ----------------------------------------------------------------------------------


@case
async def cancel_oneself_and_catch_it():
    task = asyncio.current_task()
    found = [task.cancel("why")]
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError as error:
        found += [list(error.args), cancelling()]
    if NEW:
        found.append(task.uncancel())
    await asyncio.sleep(0)
    return [*found, "went on"]


@case
async def cancel_oneself_twice_and_catch_it():
    task = asyncio.current_task()
    found = [task.cancel(), task.cancel(), cancelling()]
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        found.append("once")
    if NEW:
        found += [task.uncancel(), task.uncancel()]
    await asyncio.sleep(0)
    return found


@case
async def cancelled_from_a_callback():
    task = asyncio.current_task()
    asyncio.get_running_loop().call_soon(task.cancel, "from outside")
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError as error:
        if NEW:
            task.uncancel()
        return [list(error.args), cancelling()]


@case
async def cancelled_by_a_child():
    task = asyncio.current_task()

    async def child():
        return task.cancel()

    child_task = asyncio.create_task(child())
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        if NEW:
            task.uncancel()
        return [await child_task, cancelling()]


@case
async def cancellation_reaches_the_awaited_future():
    task = asyncio.current_task()
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(task.cancel)
    try:
        await future
    except asyncio.CancelledError:
        if NEW:
            task.uncancel()
        return future.cancelled()


@case
async def cancelled_while_the_awaited_is_done():
    task = asyncio.current_task()
    future = asyncio.get_running_loop().create_future()

    def both():
        future.set_result("too late")
        task.cancel()

    asyncio.get_running_loop().call_soon(both)
    try:
        return await future
    except asyncio.CancelledError:
        if NEW:
            task.uncancel()
        return "cancelled"


@case
async def cancellation_swallowed_by_finally_and_awaits():
    task = asyncio.current_task()
    asyncio.get_running_loop().call_soon(task.cancel)
    found = []
    try:
        try:
            await asyncio.sleep(30)
        finally:
            await asyncio.sleep(0)
            found.append("cleaned")
    except asyncio.CancelledError:
        if NEW:
            task.uncancel()
    await asyncio.sleep(0)
    return found


# -- context variables -----------------------------------------------------------------------------


@case
async def variable_set_and_seen_across_an_await():
    token = VAR.set("mine")
    await asyncio.sleep(0)
    found = [VAR.get()]
    VAR.reset(token)
    return [*found, VAR.get("unset")]


@case
async def variable_reset_without_an_await():
    token = VAR.set("mine")
    VAR.reset(token)
    return VAR.get("unset")


@case
async def variable_set_after_an_await():
    await asyncio.sleep(0)
    token = VAR.set("later")
    await asyncio.sleep(0.001)
    found = VAR.get()
    VAR.reset(token)
    return found


@case
async def variable_left_behind():
    found = [VAR.get("unset"), OTHER.get("unset")]
    VAR.set(object())
    await asyncio.sleep(0)
    OTHER.set("left")
    return [*found, OTHER.get()]


@case
async def variable_left_behind_in_the_first_step():
    found = VAR.get("unset")
    VAR.set("left")
    return found


@case
async def child_inherits_and_keeps_to_itself():
    token = VAR.set("parent")

    async def child():
        seen = VAR.get()
        VAR.set("child")
        return seen

    found = await asyncio.create_task(child())
    here = VAR.get()
    VAR.reset(token)
    return [found, here]


@case
async def callback_runs_in_a_copy():
    token = VAR.set("outer")
    future = asyncio.get_running_loop().create_future()

    def callback():
        VAR.set("inner")
        future.set_result(VAR.get())

    asyncio.get_running_loop().call_soon(callback)
    found = [await future, VAR.get()]
    VAR.reset(token)
    return found


@case
async def context_run_inside():
    context = contextvars.copy_context()
    context.run(VAR.set, "inside")
    await asyncio.sleep(0)
    return [context[VAR], VAR.get("unset")]


@case
async def to_thread_carries_the_context():
    token = VAR.set("carried")
    found = await asyncio.to_thread(VAR.get)
    VAR.reset(token)
    return found
