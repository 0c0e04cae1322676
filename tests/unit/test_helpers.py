"""Status phrases, header classes, dotted imports, the default sentinel."""

import io
import os.path
import pickle
import subprocess
import sys

import pytest

from sanic_fast import helpers


def test_status_codes_have_phrases():
    assert helpers.STATUS_CODES[200] == b"OK"
    assert helpers.STATUS_CODES[418] == b"I'm a teapot"
    assert helpers.STATUS_CODES[414] == b"Request-URI Too Long"
    assert 306 not in helpers.STATUS_CODES
    assert len(helpers.STATUS_CODES) == 60
    assert all(isinstance(v, bytes) and v.strip() == v for v in helpers.STATUS_CODES.values())


@pytest.mark.parametrize(
    ("status", "expected"),
    [(100, False), (101, False), (199, False), (200, True), (204, False), (304, False)]
    + [(205, True), (404, True), (99, True)],
)
def test_has_message_body(status, expected):
    assert helpers.has_message_body(status) is expected


def test_entity_and_hop_by_hop_headers():
    assert helpers.is_entity_header("Content-Length")
    assert helpers.is_entity_header("extension-header")
    assert not helpers.is_entity_header("connection")
    assert helpers.is_hop_by_hop_header("Keep-Alive")
    assert helpers.is_hop_by_hop_header("TE")
    assert not helpers.is_hop_by_hop_header("content-type")


def test_import_string_returns_module_or_calls():
    assert helpers.import_string("os.path") is os.path
    assert isinstance(helpers.import_string("sanic_fast.helpers.Default"), helpers.Default)
    assert isinstance(helpers.import_string(".helpers.Default", "sanic_fast"), helpers.Default)


@pytest.mark.parametrize(
    ("name", "error"),
    [("nodots", ValueError), ("os.nope", AttributeError), ("nomod.x", ModuleNotFoundError)],
)
def test_import_string_that_fails(name, error):
    with pytest.raises(error):
        helpers.import_string(name)


def test_default_is_recognised_by_type():
    again = pickle.loads(pickle.dumps(helpers._default))
    assert again is not helpers._default
    assert isinstance(again, helpers.Default)
    assert repr(again) == str(again) == "<Default>"


def test_is_atty(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert helpers.is_atty() is False
    monkeypatch.setattr(sys, "stdout", None)
    assert helpers.is_atty() is False


def test_json_dumps_is_compact():
    assert helpers.json_dumps({"a": "http://x/", "b": [1, 2]}) == '{"a":"http://x/","b":[1,2]}'


def test_ctrl_c_while_ujson_is_imported_is_not_lost() -> None:
    """It imports `decimal`, and clears whatever error that ends in."""
    program = """
import subprocess
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "decimal":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
import sanic_fast.helpers
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "KeyboardInterrupt" in done.stderr
    assert done.returncode != 0
