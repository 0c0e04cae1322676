"""Protocols and the face of a stream."""

from asyncio import BaseTransport
from types import SimpleNamespace

from sanic_fast.http.stream import Stream
from sanic_fast.models.protocol_types import HTMLProtocol, Range, TransportProtocol


def test_transport_protocol_is_a_transport():
    transport = TransportProtocol({"peername": ("a", 1)})
    assert isinstance(transport, BaseTransport)
    assert transport.get_extra_info("peername") == ("a", 1)


def test_protocols_name_their_members():
    assert set(Range.__annotations__) == {"start", "end", "size", "total"}
    assert hasattr(HTMLProtocol, "__html__")


def test_stream_takes_over_a_response():
    class Mine(Stream):
        pass

    mine, response = Mine(), SimpleNamespace(stream=None)
    assert mine.respond(response) is response
    assert response.stream is mine and mine.response is response
