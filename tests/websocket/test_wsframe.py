"""The compiled frames against those of the `websockets` package."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from sanic_fast._core.wsframe import binary_frame, frame_size, plain_message, text_frame
from tests.websocket.kit import BINARY, CONTINUATION, PING, TEXT, frame

SIZES = st.one_of(st.integers(0, 300), st.sampled_from([4095, 4096, 4097, 65535, 65536, 70001]))
TEXTS = st.text(max_size=300)


def client_frame(opcode: int, data: bytes, final: bool = True) -> bytes:
    return Frame(Opcode(opcode), data, final).serialize(mask=True)


@given(TEXTS, st.binary(max_size=20), st.integers(0, 9))
def test_text_is_read(text: str, behind: bytes, at: int) -> None:
    whole = client_frame(TEXT, text.encode())
    data = bytes(at) + whole + behind
    assert frame_size(data, at) == len(whole)
    assert plain_message(data, at, -1) == text


@given(SIZES)
def test_sizes(size: int) -> None:
    payload = bytes(n * 7 & 0xFF for n in range(size))
    whole = client_frame(BINARY, payload)
    assert frame_size(whole, 0) == len(whole)
    assert plain_message(whole, 0, size) == payload
    assert plain_message(whole, 0, size - 1) is None or size == 0
    assert plain_message(whole[:-1], 0, -1) is None
    letters = client_frame(TEXT, b"a" * size)
    assert plain_message(letters, 0, size) == "a" * size
    assert binary_frame(payload) == Frame(Opcode.BINARY, payload).serialize(mask=False)
    assert text_frame("a" * size) == Frame(Opcode.TEXT, b"a" * size).serialize(mask=False)


@given(TEXTS)
def test_text_is_written(text: str) -> None:
    assert text_frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@given(st.binary(max_size=30), st.integers(0, 30))
def test_any_bytes(data: bytes, at: int) -> None:
    """Whatever comes, sizes are sane and nothing outside the bytes is read."""
    at = min(at, len(data))
    size = frame_size(data, at)
    assert size >= -1
    try:
        message = plain_message(data, at, -1)
    except UnicodeDecodeError:
        return
    assert message is None or at + size <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x81",
        frame(TEXT, "a", masked=False),
        frame(TEXT, "a", final=False),
        frame(TEXT, "a", flags=4),
        frame(CONTINUATION, "a"),
        frame(PING, "a"),
        frame(3, "a"),
        frame(TEXT, "a" * 200)[:100],
        frame(BINARY, "a" * 70000)[:9],
        frame(TEXT, b"", length=2**64 - 1),
    ],
)
def test_what_is_not_plain(data: bytes) -> None:
    assert plain_message(data, 0, -1) is None


def test_head_that_is_not_here() -> None:
    for payload in (b"a", b"a" * 126, b"a" * 65536):
        whole = frame(BINARY, payload)
        head = len(whole) - len(payload)
        assert [frame_size(whole[:have], 0) for have in range(head)] == [0] * head
        assert frame_size(whole[:head], 0) == len(whole)


@pytest.mark.parametrize("first", range(256))
def test_wrong_frames_are_known_at_once(first: int) -> None:
    opcode, final = first & 15, first & 128
    for second in range(256):
        good = second & 128 and not first & 0x70 and opcode in (0, 1, 2, 8, 9, 10)
        if opcode >= 8:
            good = good and final and second & 127 <= 125
        size = frame_size(bytes([first, second]), 0)
        assert size == (0 if good else -1)


def test_errors() -> None:
    with pytest.raises(UnicodeDecodeError):
        plain_message(frame(TEXT, b"\xff"), 0, -1)
    with pytest.raises(UnicodeDecodeError):
        plain_message(frame(TEXT, b"\xff" * 5000), 0, -1)
    with pytest.raises(UnicodeEncodeError):
        text_frame("\ud800")
