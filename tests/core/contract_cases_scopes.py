"""More of what a handler may do: timeouts and task groups (Python 3.11), anyio."""

from __future__ import annotations

import asyncio

import anyio
import anyio.from_thread
import anyio.to_thread

from tests.core.contract_cases import CASES, NEW, Case, cancelling, case, quick

__all__ = ("CASES",)


def case311(function: Case) -> Case:
    return case(function) if NEW else function


# -- Python 3.11 -----------------------------------------------------------------------------------


@case311
async def timeout_passes_and_expires():
    found = []
    async with asyncio.timeout(30) as scope:
        found.append(await quick("in time"))
    found.append(scope.expired())
    for delay in (0, 0.001, -1):
        try:
            async with asyncio.timeout(delay):
                await asyncio.sleep(30)
        except TimeoutError:
            found.append("expired")
    return [*found, cancelling()]


@case311
async def timeout_nested_and_rescheduled():
    found = []
    try:
        async with asyncio.timeout(30):
            try:
                async with asyncio.timeout(0.001):
                    await asyncio.sleep(30)
            except TimeoutError:
                found.append("inner")
            async with asyncio.timeout(30) as scope:
                scope.reschedule(asyncio.get_running_loop().time())
                await asyncio.sleep(30)
    except TimeoutError:
        found.append("rescheduled")
    return [*found, cancelling()]


@case311
async def timeout_expires_while_cancelled_too():
    task = asyncio.current_task()
    try:
        async with asyncio.timeout(30):
            asyncio.get_running_loop().call_soon(task.cancel)
            await asyncio.sleep(30)
    except asyncio.CancelledError:
        return ["cancelled", task.uncancel(), cancelling()]


@case311
async def task_group_results():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(quick(number)) for number in range(5)]
    return [task.result() for task in tasks]


@case311
async def task_group_fails():
    async def fail():
        await asyncio.sleep(0)
        raise KeyError("k")

    others = []
    try:
        async with asyncio.TaskGroup() as group:
            others.append(group.create_task(asyncio.sleep(30)))
            group.create_task(fail())
            await asyncio.sleep(30)
    except BaseExceptionGroup as errors:  # noqa: F821
        return [[repr(e) for e in errors.exceptions], others[0].cancelled(), cancelling()]


@case311
async def task_group_body_fails():
    try:
        async with asyncio.TaskGroup() as group:
            child = group.create_task(asyncio.sleep(30))
            raise ValueError("body")
    except BaseExceptionGroup as errors:  # noqa: F821
        return [[repr(e) for e in errors.exceptions], child.cancelled(), cancelling()]


@case311
async def task_group_in_a_timeout():
    try:
        async with asyncio.timeout(0.001):
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(30))
    except TimeoutError:
        return ["expired", cancelling()]


@case311
async def uncancel_before_the_cancellation_arrives():
    task = asyncio.current_task()
    task.cancel()
    found = [task.cancelling(), task.uncancel(), task.cancelling()]
    try:
        await asyncio.sleep(0)
        found.append("not cancelled")
    except asyncio.CancelledError:
        found.append("cancelled")
    await asyncio.sleep(0)
    return found


# -- anyio -----------------------------------------------------------------------------------------


@case
async def anyio_scopes():
    found = []
    with anyio.move_on_after(0.001) as scope:
        await anyio.sleep(30)
    found.append(scope.cancelled_caught)
    try:
        with anyio.fail_after(0.001):
            await anyio.sleep(30)
    except TimeoutError:
        found.append("failed")
    with anyio.CancelScope() as scope:
        scope.cancel()
        await anyio.sleep(30)
    found.append(scope.cancelled_caught)
    with anyio.move_on_after(0.001):
        with anyio.CancelScope(shield=True):
            await anyio.sleep(0.003)
            found.append("shielded")
        await anyio.sleep(30)
    await anyio.sleep(0)
    return [*found, cancelling()]


@case
async def anyio_task_group():
    found = []

    async def child(number, *, task_status=anyio.TASK_STATUS_IGNORED):
        task_status.started(number)
        await anyio.sleep(0)
        found.append(number)

    async with anyio.create_task_group() as group:
        group.start_soon(child, 1)
        found.append(await group.start(child, 2))
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 30)
        await anyio.sleep(0)
        group.cancel_scope.cancel()
    return [sorted(found), cancelling()]


@case
async def anyio_threads_and_events():
    event = anyio.Event()
    send, receive = anyio.create_memory_object_stream(1)

    def in_thread():
        anyio.from_thread.run_sync(event.set)
        return anyio.from_thread.run(quick, "thread")

    found = [await anyio.to_thread.run_sync(in_thread)]
    await event.wait()
    async with send, receive:
        await send.send("item")
        found.append(await receive.receive())
    return found
