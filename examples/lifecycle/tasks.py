"""Background tasks: started before the server, with it, and by an event."""

from __future__ import annotations

import asyncio

from .journal import App, note


def install(app: App) -> None:
    """Add all tasks to an app."""
    # No loop yet: it begins when the server has started.
    app.add_task(greet)

    @app.after_server_start
    async def start(app: App) -> None:
        app.add_task(tick(app), name="ticker")
        app.add_task(wait_for_orders(app), name="orders")

    @app.before_server_stop
    async def stop(app: App) -> None:
        await app.cancel_task("ticker")
        await app.cancel_task("orders")
        app.purge_tasks()
        note(app, f"tasks left: {len(list(app.tasks))}")


async def greet(app: App) -> None:
    """Runs once."""
    note(app, "task: good morning")


async def tick(app: App) -> None:
    """Runs until it is cancelled."""
    try:
        while True:
            await asyncio.sleep(3600)
    finally:
        note(app, "task: no more ticks")


async def wait_for_orders(app: App) -> None:
    """Wakes up at each order, and is stricter than it should be."""
    while True:
        found = await app.event("shop.order.placed")
        if found["count"] > 100:
            # In a task of its own: its exception is reported, and this one goes on.
            app.add_task(complain(found["item"]))


async def complain(item: str) -> None:
    """Fails."""
    raise RuntimeError(f"so much {item}")


def ticking(app: App) -> bool:
    """True while the ticker runs."""
    task = app.get_task("ticker", raise_exception=False)
    return task is not None and not task.done()
