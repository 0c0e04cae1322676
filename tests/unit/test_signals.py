"""Signals: declaration, dispatch, conditions, order, waiting, reports."""

import asyncio

import pytest

from sanic_fast.exceptions import InvalidSignal
from sanic_fast.routing.exceptions import FinalizationError, NotFound
from sanic_fast.signals import GENERIC_SIGNAL_FORMAT, RESERVED_NAMESPACES, Event, SignalRouter

BITS = {event: 1 << index for index, event in enumerate(Event)}


class Log(list):
    """Makes handlers that note their label and arguments here."""

    def handler(self, label, returns=None):
        async def run(**context):
            self.append((label, context))
            return returns

        return run


def dispatch(router, *calls, **options):
    """Finalize, dispatch inline, return the results."""

    async def run():
        if not router.finalized:
            router.finalize()
        return [await router.dispatch(call, inline=True, **options) for call in calls]

    results = asyncio.run(run())
    return results[0] if len(calls) == 1 else results


@pytest.fixture
def router():
    return SignalRouter()


@pytest.fixture
def log():
    return Log()


def test_event_members_and_namespaces():
    assert len(Event) == 23
    assert Event.SERVER_EXCEPTION_REPORT.value == "server.exception.report"
    assert set(RESERVED_NAMESPACES) == {"server", "http", "websocket"}
    assert sum(map(len, RESERVED_NAMESPACES.values())) == 23
    assert GENERIC_SIGNAL_FORMAT % "x" == "__generic__.__signal__.x"


@pytest.mark.parametrize(
    "event", ["a.b", "a.b.c.d", "<x>.b.c", "a.<x>.c", "a.b.<c", "a.b.x<c>", "a.b.<1c>"]
)
def test_malformed_event_is_refused(router, event):
    with pytest.raises(InvalidSignal, match="Invalid signal event: "):
        router.add(lambda: None, event)


@pytest.mark.parametrize("event", ["http.routing.nope", "server.a.b", "websocket.x.y"])
def test_unknown_reserved_event_is_refused(router, event):
    with pytest.raises(InvalidSignal, match=f"Cannot declare reserved signal event: {event}"):
        router.add(lambda: None, event)


def test_literal_and_wildcard_share_the_parameter(router, log):
    router.add(log.handler("s1"), "foo.bar.baz")
    router.add(log.handler("s2", "R2"), "foo.bar.<thing>")
    assert dispatch(router, "foo.bar.baz", context={"x": 1}) == "R2"
    assert log == [("s1", {"thing": "baz", "x": 1}), ("s2", {"thing": "baz", "x": 1})]
    log.clear()
    assert dispatch(router, "foo.bar.other") == "R2"
    assert log == [("s2", {"thing": "other"})]


def test_wildcards_get_their_own_parameter_names(router, log):
    router.add(log.handler("w1"), "foo.bar.<one>")
    router.add(log.handler("w2"), "foo.bar.<two>", priority=1)
    router.add(log.handler("l"), "foo.bar.baz", priority=5)
    dispatch(router, "foo.bar.baz")
    assert [name for name, _ in log] == ["l", "w2", "w1"]
    assert log[1:] == [("w2", {"two": "baz"}), ("w1", {"one": "baz"})]


def test_typed_parameter_is_cast_and_filters(router, log):
    router.add(log.handler("n"), "foo.num.<n:int>")
    dispatch(router, "foo.num.3")
    assert log == [("n", {"n": 3})]
    with pytest.raises(NotFound, match="Could not find signal foo.num.z"):
        dispatch(router, "foo.num.z")


def test_best_parameter_type_wins_and_literals_always_run(router, log):
    router.add(log.handler("s"), "foo.num.<s>")
    router.add(log.handler("n"), "foo.num.<n:int>")
    router.add(log.handler("l"), "foo.num.3")
    dispatch(router, "foo.num.3")
    assert log == [("n", {"n": 3}), ("l", {})]


def test_regex_parameter(router, log):
    router.add(log.handler("r"), "foo.rx.<a:[a-z.]+>")
    dispatch(router, "foo.rx.a.b")
    assert log == [("r", {"a": "a.b"})]
    with pytest.raises(NotFound):
        dispatch(router, "foo.rx.ABC")


def test_one_word_events(router, log):
    router.add(log.handler("x"), "foo")
    router.add(log.handler("d"), "<thing>")
    dispatch(router, "foo", "bar")
    assert log == [("x", {"thing": "foo"}), ("d", {"thing": "foo"}), ("d", {"thing": "bar"})]


def test_priority_and_reverse(router, log):
    for label, priority in (("p1", 1), ("p3", 3), ("p0", 0), ("p0b", 0)):
        router.add(log.handler(label), "pr.pr.pr", priority=priority)
    dispatch(router, "pr.pr.pr")
    assert [name for name, _ in log] == ["p3", "p1", "p0", "p0b"]
    log.clear()
    dispatch(router, "pr.pr.pr", reverse=True)
    assert [name for name, _ in log] == ["p0b", "p0", "p1", "p3"]


def test_first_truthy_result_stops(router, log):
    router.add(log.handler("a", 0), "a.b.c")
    router.add(log.handler("b", 4), "a.b.c")
    router.add(log.handler("c", 5), "a.b.c")
    assert dispatch(router, "a.b.c") == 4
    assert [name for name, _ in log] == ["a", "b"]


@pytest.mark.parametrize(
    ("condition", "ran"),
    [(None, ["c2", "c3", "c4"]), ({"x": 1}, ["c1", "c2"]), ({"x": 3}, [])],
)
def test_conditions(router, log, condition, ran):
    router.add(log.handler("c1"), "a.b.c", condition={"x": 1})
    router.add(log.handler("c2"), "a.b.c", condition={"x": 1}, exclusive=False)
    router.add(log.handler("c3"), "a.b.c", exclusive=False)
    router.add(log.handler("c4"), "a.b.c")
    router.add(log.handler("c5"), "a.b.c", condition={"x": 2})
    dispatch(router, "a.b.c", condition=condition)
    assert [name for name, _ in log] == ran


def test_sync_handlers_run(router):
    seen = []
    router.add(lambda **context: seen.append(context), "a.b.c")
    dispatch(router, "a.b.c", context={"x": 1})
    assert seen == [{"x": 1}]


def test_undeclared_event(router):
    async def run():
        router.finalize()
        with pytest.raises(NotFound, match="Could not find signal nope.a.b"):
            await router.dispatch("nope.a.b", inline=True)
        with pytest.raises(NotFound, match=r"Could not find signal nope.a.b with {'a': 1}"):
            await router.dispatch("nope.a.b", inline=True, condition={"a": 1})
        assert await router.dispatch("nope.a.b", inline=True, fail_not_found=False) is None
        task = await router.dispatch("nope.a.b")
        assert await task is None
        with pytest.raises(NotFound):
            await router.dispatch(Event.HTTP_ROUTING_BEFORE, inline=True)
        router.allow_fail_builtin = False
        assert await router.dispatch(Event.HTTP_ROUTING_BEFORE, inline=True) is None

    asyncio.run(run())


def test_background_dispatch_returns_a_task(router, log):
    router.add(log.handler("a", "R"), "a.b.c")

    async def run():
        router.finalize()
        task = await router.dispatch("a.b.c", context={"x": 1})
        assert isinstance(task, asyncio.Task)
        assert log == [("a", {"x": 1})]
        assert await task == "R"

    asyncio.run(run())


def test_error_is_reported_once_and_raised(router):
    reports = []

    async def report(exception):
        reports.append(exception)

    async def bad(**_):
        raise ValueError("bad")

    router.add(report, Event.SERVER_EXCEPTION_REPORT)
    router.add(bad, "bad.bad.bad")

    async def run():
        router.finalize()
        with pytest.raises(ValueError, match="bad") as caught:
            await router.dispatch("bad.bad.bad", inline=True)
        assert reports == [caught.value]
        await router.report(caught.value)
        assert len(reports) == 1

    asyncio.run(run())


def test_failing_report_handler_does_not_report_itself(router):
    calls = []

    async def report(exception):
        calls.append(exception)
        raise RuntimeError("while reporting")

    router.add(report, "server.exception.report")
    with pytest.raises(RuntimeError, match="while reporting"):
        dispatch(router, "server.exception.report", context={"exception": ValueError()})
    assert len(calls) == 1


def test_waiters(router, log):
    router.add(log.handler("s1"), "foo.bar.baz")
    router.add(log.handler("s2"), "foo.bar.<thing>")

    async def run():
        router.finalize()
        waits = {
            "exact": router.get_waiter("foo.bar.baz"),
            "any": router.get_waiter("foo.bar.*"),
            "with": router.get_waiter("foo.bar.baz", {"a": 1}),
        }
        assert router.get_waiter("foo.bar.qq") is None
        tasks = {name: asyncio.create_task(w.wait()) for name, w in waits.items()}
        await asyncio.sleep(0)
        await router.dispatch("foo.bar.zz", context={"c": 1}, inline=True)
        assert await tasks["any"] == {"thing": "zz", "c": 1}
        assert not tasks["exact"].done()
        await router.dispatch("foo.bar.baz", context={"c": 2}, inline=True)
        assert await tasks["exact"] == {"thing": "baz", "c": 2}
        assert not tasks["with"].done()
        await router.dispatch("foo.bar.baz", condition={"a": 1}, inline=True)
        assert await tasks["with"] == {"thing": "baz"}
        assert not router.name_index["foo.bar.baz"].ctx.waiters

    asyncio.run(run())


def test_get_lists_what_would_run(router, log):
    handler = log.handler("h")
    router.add(handler, "foo.bar.<t>")
    group, handlers, params = router.get("foo.bar.x")
    assert (handlers, params) == ([handler], {"t": "x"})
    assert list(group) == [router.name_index["foo.bar.*"]]
    assert repr(group) == "<SignalGroup: path=foo.bar.<t:str> len=1>"
    with pytest.raises(NotFound):
        router.get("one")


def test_signal_attributes(router):
    def handler():
        return None

    signal = router.add(handler, "foo.bar.baz", condition={"a": 1})
    assert vars(signal.extra) == {"requirements": {"a": 1}}
    assert (signal.ctx.exclusive, signal.ctx.trigger) == (True, "")
    assert signal.ctx.definition == "foo.bar.baz"
    assert signal.handler is handler
    assert repr(signal) == "<Signal: name=foo.bar.baz path=foo.bar.<__trigger__:str>>"
    assert signal.segments == ("foo", "bar", "<__dynamic__:str>")
    assert signal.uri == ".foo.bar.<__trigger__:str>"
    assert signal in router.routes


def test_finalize_needs_a_loop_and_happens_once(router):
    with pytest.raises(RuntimeError, match="Cannot finalize signals outside of event loop"):
        router.finalize()

    async def run():
        router.finalize()
        assert router.ctx.loop is asyncio.get_running_loop()
        with pytest.raises(FinalizationError, match="Cannot finalize router more than once."):
            router.finalize()
        with pytest.raises(FinalizationError):
            router.add(lambda: None, "a.b.c")
        count = len(router.routes)
        router.reset()
        router.add(lambda: None, "a.b.c")
        router.finalize()
        assert len(router.routes) == count + 1

    asyncio.run(run())


def test_mask_shows_declared_builtin_events(router):
    assert router.mask.bits == 0
    router.add(lambda **_: None, "some.other.event")
    assert router.mask.bits == 0
    router.add(lambda **_: None, Event.HTTP_LIFECYCLE_SEND)
    assert router.mask.bits == BITS[Event.HTTP_LIFECYCLE_SEND]
    router.add(lambda **_: None, "http.routing.<which>")
    assert router.mask.bits == (
        BITS[Event.HTTP_LIFECYCLE_SEND]
        | BITS[Event.HTTP_ROUTING_AFTER]
        | BITS[Event.HTTP_ROUTING_BEFORE]
    )


def test_custom_parameter_type(router, log):
    def even(text):
        if int(text) % 2:
            raise ValueError(text)
        return int(text)

    router.register_pattern("even", even, r"^\d+$")
    router.add(log.handler("e"), "n.n.<n:even>")
    router.add(log.handler("i"), "n.n.<n:int>")
    dispatch(router, "n.n.4", "n.n.3")
    assert log == [("e", {"n": 4}), ("i", {"n": 3})]


def test_format_event(router):
    assert router.format_event(Event.HTTP_ROUTING_AFTER) == "http.routing.after"
    assert router.format_event("x") == "__generic__.__signal__.x"
    assert router.format_event("x.y.z") == "x.y.z"
