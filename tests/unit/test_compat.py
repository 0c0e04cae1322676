"""Header container, enums, file calls."""

import asyncio
import copy
import pickle
import sys

import pytest

from sanic_fast import compat
from sanic_fast.compat import Header, StrEnum, UpperStrEnum


def make_header():
    return Header([("Foo-Bar", "1"), ("x", "2"), ("foo-bar", "3"), ("from", "q")])


def test_header_reads_as_attribute():
    header = make_header()
    assert header.foo_bar == header.Foo_Bar == "1,3"
    assert header.from_ == "q"
    assert header.nope == ""
    assert header.x == "2"


@pytest.mark.parametrize("name", ["_foo", "__foo__", "__deepcopy__", "_"])
def test_header_has_no_private_attributes(name):
    with pytest.raises(AttributeError, match=name):
        getattr(make_header(), name)


def test_header_get_all():
    header = make_header()
    assert header.get_all("FOO-BAR") == ["1", "3"]
    assert header.get_all("nope") == []
    assert header.getone("foo-bar") == header["foo-bar"] == "1"


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda h: pickle.loads(pickle.dumps(h)), lambda h: h.copy()],
)
def test_header_can_be_copied(duplicate):
    header = make_header()
    again = duplicate(header)
    assert type(again) is Header
    assert again is not header
    assert list(again.items()) == list(header.items())


def test_upper_enum_values_and_unequal_types():
    class Colour(UpperStrEnum):
        red = "RED"

    assert Colour.red == "red"
    assert Colour.red != "blue"
    assert str(Colour.red) == "RED"


def test_str_enum_prints_its_value():
    class Word(StrEnum):
        A = "a"

    assert str(Word.A) == f"{Word.A}" == "a"
    assert Word.A + "b" == "ab"


def test_platform_facts():
    assert compat.OS_IS_WINDOWS is (sys.platform == "win32")
    assert compat.PYPY_IMPLEMENTATION is False
    assert compat.PYTHON_314_OR_LATER is (sys.version_info >= (3, 14))
    assert compat.CancelledErrors == (asyncio.CancelledError,)
    assert compat.use_trio is False
    assert isinstance(compat.UVLOOP_INSTALLED, bool)


def test_files_are_opened_and_examined_in_a_thread(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"hello")

    async def run():
        async with compat.open_async(path, "rb") as file:
            data = await file.read()
        return data, (await compat.stat_async(path)).st_size

    assert asyncio.run(run()) == (b"hello", 5)


def test_clear_function_annotate_keeps_annotations_before_314():
    def function(a: int) -> str: ...

    compat.clear_function_annotate(function)
    if not compat.PYTHON_314_OR_LATER:
        assert function.__annotations__ == {"a": int, "return": str}


def test_enable_windows_color_support_does_nothing_elsewhere():
    assert compat.enable_windows_color_support() is None


def test_ctrlc_workaround_stops_the_app(monkeypatch):
    import signal

    handlers = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)

    class App:
        stopped = False

        def add_task(self, task):
            self.task = task

        def stop(self):
            self.stopped = True

    app = App()
    compat.ctrlc_workaround_for_windows(app)
    press = handlers[signal.SIGINT]
    press(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt, match="Non-graceful"):
        press(signal.SIGINT, None)
    asyncio.run(app.task)
    assert app.stopped


def test_use_context_sets_the_start_method_for_a_block():
    app = pytest.importorskip("sanic_fast.app")
    before = app.Sanic.start_method
    with pytest.raises(RuntimeError), compat.use_context("fork"):
        assert app.Sanic.start_method == "fork"
        raise RuntimeError
    assert app.Sanic.start_method is before
