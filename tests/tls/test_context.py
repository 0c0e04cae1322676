"""Contexts from every form of `ssl=`, and the choice of a certificate."""

from __future__ import annotations

import pickle
import ssl
from pathlib import Path

import pytest

from sanic_fast.http.tls.context import (
    CIPHERS_TLS12,
    CertSelector,
    CertSimple,
    SanicSSLContext,
    create_context,
    find_cert,
    load_cert_dir,
    match_hostname,
    process_to_context,
    shorthand_to_ctx,
)
from tests.tls.conftest import Certificates


def test_none_stays_none() -> None:
    assert process_to_context(None) is None
    assert shorthand_to_ctx(None) is None


def test_context_is_used_as_it_is() -> None:
    context = ssl.create_default_context()
    assert process_to_context(context) is context


def test_folder_gives_names_and_files(certificates: Certificates) -> None:
    context = process_to_context(str(certificates.a))
    assert isinstance(context, CertSimple)
    assert isinstance(context, SanicSSLContext)
    assert context.sanic["names"] == ["a.example", "*.wild.example", "127.0.0.1"]
    assert context.sanic["commonName"] == "a.cn"
    assert context.sanic["cert"] == str(certificates.a / "fullchain.pem")
    assert context.sanic["key"] == str(certificates.a / "privkey.pem")


@pytest.mark.parametrize("names", [("cert", "key"), ("certificate", "keyfile")])
def test_dict_takes_both_spellings(certificates: Certificates, names: tuple[str, str]) -> None:
    cert, key = names
    definition = {cert: certificates.a / "fullchain.pem", key: certificates.a / "privkey.pem"}
    context = process_to_context({**definition, "names": ["x.y"], "note": 1})
    assert context.sanic["names"] == ["x.y"]
    assert context.sanic["note"] == 1


def test_password_opens_the_key_and_is_not_shown(certificates: Certificates) -> None:
    definition = {
        "cert": certificates.a / "fullchain.pem",
        "key": certificates.encrypted_key,
        "password": "secret",
    }
    context = process_to_context(definition)
    assert "password" not in context.sanic
    with pytest.raises(ssl.SSLError):
        process_to_context({**definition, "password": "wrong"})


NO_FILES = [{}, {"cert": ""}, {"cert": "x"}, {"key": "x", "cert": None}]


@pytest.mark.parametrize("definition", NO_FILES)
def test_dict_without_files_is_refused(definition: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"SSL dict needs filenames for cert and key\."):
        process_to_context(definition)


def test_file_in_place_of_a_folder_is_refused(certificates: Certificates) -> None:
    path = str(certificates.a / "fullchain.pem")
    with pytest.raises(ValueError, match=f"Certificate folder expected but {path} is a file"):
        load_cert_dir(path)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Certificate not found or permission denied"):
        process_to_context(str(tmp_path / "none"))


def test_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match="Invalid ssl argument <class 'int'>"):
        process_to_context(5)  # type: ignore[arg-type]


def test_defaults_are_strict(certificates: Certificates) -> None:
    for context in (
        create_context(),
        process_to_context(str(certificates.a)),
        process_to_context([str(certificates.a)]),
    ):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        old = [c["name"] for c in context.get_ciphers() if c["protocol"] == "TLSv1.2"]
        assert old == CIPHERS_TLS12
        assert context.verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize(
    ("host", "matches"),
    [
        ("a.example", True),
        ("A.Example", True),
        ("b.example", False),
        ("x.wild.example", True),
        ("wild.example", False),
        ("y.x.wild.example", False),
        (".wild.example", False),
        ("127.0.0.1", True),
        ("", False),
    ],
)
def test_names_match_one_label(certificates: Certificates, host: str, matches: bool) -> None:
    assert match_hostname(process_to_context(str(certificates.a)), host) is matches


def test_selector_takes_the_first_match_else_the_first(certificates: Certificates) -> None:
    selector = process_to_context([str(certificates.a), str(certificates.b)])
    first, second = selector.sanic_select
    assert find_cert(selector, "b.example") is second
    assert find_cert(selector, "a.example") is first
    assert find_cert(selector, "none.example") is first
    assert find_cert(selector, None) is first


def test_strict_selector_refuses(certificates: Certificates) -> None:
    selector = process_to_context([None, str(certificates.b)])
    assert find_cert(selector, "b.example") is selector.sanic_select[0]
    with pytest.raises(ValueError, match="No certificate found matching hostname 'a.example'"):
        find_cert(selector, "a.example")
    with pytest.raises(ValueError, match="The client provided no SNI"):
        find_cert(selector, None)


@pytest.mark.parametrize("empty", [[], [None], ()])
def test_selector_without_names_is_refused(empty: list[None]) -> None:
    with pytest.raises(ValueError, match="No certificates with SubjectAlternativeNames found"):
        process_to_context(empty)


def test_contexts_of_files_survive_pickling(certificates: Certificates) -> None:
    simple = process_to_context({**certificates.definition(certificates.a), "note": 1})
    again = pickle.loads(pickle.dumps(simple))
    assert again.sanic == simple.sanic
    strict = process_to_context([None, str(certificates.a), str(certificates.b)])
    loose = process_to_context([str(certificates.b), str(certificates.a)])
    for selector in (strict, loose):
        again = pickle.loads(pickle.dumps(selector))
        assert isinstance(again, CertSelector)
        assert [c.sanic for c in again.sanic_select] == [c.sanic for c in selector.sanic_select]
        assert (again.sanic_fallback is None) is (selector.sanic_fallback is None)
