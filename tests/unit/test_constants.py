"""HTTP methods and certificate makers."""

import pickle

import pytest

from sanic_fast.constants import (
    CACHEABLE_HTTP_METHODS,
    DEFAULT_HTTP_CONTENT_TYPE,
    DEFAULT_LOCAL_TLS_CERT,
    DEFAULT_LOCAL_TLS_KEY,
    HTTP_METHODS,
    IDEMPOTENT_HTTP_METHODS,
    SAFE_HTTP_METHODS,
    HTTPMethod,
    LocalCertCreator,
)


def test_methods_are_in_order():
    assert [m.value for m in HTTP_METHODS] == "GET POST PUT HEAD OPTIONS PATCH DELETE".split()
    assert SAFE_HTTP_METHODS == ("GET", "HEAD", "OPTIONS")
    assert IDEMPOTENT_HTTP_METHODS == ("GET", "HEAD", "PUT", "DELETE", "OPTIONS")
    assert CACHEABLE_HTTP_METHODS == ("GET", "HEAD")


@pytest.mark.parametrize("name", ["CONNECT", "TRACE", "QUERY"])
def test_method_that_is_not_routed(name):
    assert not hasattr(HTTPMethod, name)


def test_method_compares_in_any_case_and_both_directions():
    assert HTTPMethod.GET == "get"
    assert "Get" == HTTPMethod.GET
    assert HTTPMethod.GET == HTTPMethod.GET
    assert not HTTPMethod.GET != "get"
    assert HTTPMethod.GET != "post"
    assert HTTPMethod.GET != HTTPMethod.POST
    assert "delete" in HTTP_METHODS
    assert (HTTPMethod.GET == None) is False  # noqa: E711
    assert HTTPMethod.GET != b"GET"


def test_method_is_text_with_the_hash_of_its_name():
    assert hash(HTTPMethod.GET) == hash("GET")
    assert HTTPMethod.GET in {"GET"}
    assert {HTTPMethod.PUT: 1}["PUT"] == 1
    assert str(HTTPMethod.GET) == f"{HTTPMethod.GET}" == "%s" % HTTPMethod.GET == "GET"
    assert f"{HTTPMethod.GET:>5}" == "  GET"
    assert HTTPMethod.GET.lower() == "get"
    assert isinstance(HTTPMethod.GET, str)


def test_method_by_value_is_upper_case_only():
    assert HTTPMethod("GET") is HTTPMethod.GET
    with pytest.raises(ValueError):
        HTTPMethod("get")


def test_method_survives_pickle():
    assert pickle.loads(pickle.dumps(HTTPMethod.GET)) is HTTPMethod.GET


def test_other_constants():
    assert [c.value for c in LocalCertCreator] == ["AUTO", "TRUSTME", "MKCERT"]
    assert LocalCertCreator.AUTO == "auto"
    assert DEFAULT_HTTP_CONTENT_TYPE == "application/octet-stream"
    assert DEFAULT_LOCAL_TLS_KEY == "key.pem"
    assert DEFAULT_LOCAL_TLS_CERT == "cert.pem"
