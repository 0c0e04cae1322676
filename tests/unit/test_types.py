"""Shared containers."""

import ctypes
import logging
import multiprocessing

import pytest

from sanic_fast.types import HashableDict
from sanic_fast.types.shared_ctx import SharedContext


def test_hashable_dict_hashes_by_content():
    one, two = HashableDict(a=1, b=2), HashableDict(b=2, a=1)
    assert hash(one) == hash(two) == hash(tuple(sorted(one.items())))
    assert {one, two} == {one}
    with pytest.raises(TypeError):
        hash(HashableDict(a=[1]))


@pytest.fixture
def unsafe(caplog, monkeypatch):
    monkeypatch.delenv("SANIC_WORKER_NAME", raising=False)
    caplog.set_level(logging.WARNING, "sanic.error")
    return lambda: [r.getMessage() for r in caplog.records if "Unsafe object" in r.getMessage()]


def test_shared_context_takes_shared_objects_silently(unsafe):
    context = SharedContext()
    context.queue = multiprocessing.Queue()
    context.value = multiprocessing.Value("i", 2)
    context.number = ctypes.c_int(3)
    context.pair = (multiprocessing.Lock(), ctypes.c_int(1))
    context.empty = ()
    assert unsafe() == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [(1, "int"), ([], "list"), (None, "NoneType"), ((ctypes.c_int(1), 2), "int")]
    + [(frozenset([1]), "int"), (lambda: 1, "function")],
)
def test_shared_context_warns_of_others_but_keeps_them(unsafe, value, kind):
    context = SharedContext()
    context.thing = value
    (message,) = unsafe()
    assert "thing" in message and f"<class '{kind}'>" in message
    assert context.thing is value


def test_shared_context_is_not_checked_in_a_worker(unsafe, monkeypatch):
    monkeypatch.setenv("SANIC_WORKER_NAME", "Server-0")
    SharedContext().thing = 1
    assert unsafe() == []


def test_shared_context_can_be_locked(unsafe):
    context = SharedContext(a=1)
    assert not context.is_locked
    context.lock()
    assert context.is_locked
    with pytest.raises(RuntimeError, match="Cannot set b on locked SharedContext object"):
        context.b = 1
    assert context.a == 1
