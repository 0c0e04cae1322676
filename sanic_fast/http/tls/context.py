"""TLS contexts, from what users pass as `ssl`, and the choice of a certificate by host name."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from typing import Any

from sanic_fast.log import logger

__all__ = (
    "CIPHERS_TLS12",
    "CertSelector",
    "CertSimple",
    "SanicSSLContext",
    "create_context",
    "find_cert",
    "load_cert_dir",
    "match_hostname",
    "process_to_context",
    "selector_sni_callback",
    "server_name_callback",
    "shorthand_to_ctx",
)

# Only forward secrecy and authenticated encryption; TLS 1.3 brings its own list.
CIPHERS_TLS12 = [
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
]
CERT_NAMES = ("cert", "certificate", "certfile")
KEY_NAMES = ("key", "keyfile")


def create_context(
    certfile: str | None = None,
    keyfile: str | None = None,
    password: str | None = None,
    purpose: ssl.Purpose = ssl.Purpose.CLIENT_AUTH,
) -> ssl.SSLContext:
    """A context with our protocol versions, ciphers and ALPN, and a certificate if given.

    Raises:
        OSError, ssl.SSLError: the certificate or key cannot be loaded.
    """
    context = ssl.create_default_context(purpose=purpose)
    _configure(context)
    if certfile and keyfile:
        context.load_cert_chain(certfile, keyfile, password)
    return context


def _configure(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(CIPHERS_TLS12))
    context.set_alpn_protocols(["http/1.1"])
    context.sni_callback = server_name_callback


def shorthand_to_ctx(ctxdef: None | ssl.SSLContext | dict[str, Any] | str) -> Any:
    """One definition, as in `ssl=`, to a context; None stays None.

    Raises:
        ValueError: it is of no known form, or names no files that can be read.
    """
    if ctxdef is None or isinstance(ctxdef, ssl.SSLContext):
        return ctxdef
    if isinstance(ctxdef, (str, os.PathLike)):
        return load_cert_dir(os.fspath(ctxdef))
    if isinstance(ctxdef, dict):
        return CertSimple(**_plain_names(ctxdef))
    raise ValueError(
        f"Invalid ssl argument {type(ctxdef)}."
        " Expecting a list of certdirs, a dict or an SSLContext."
    )


def _plain_names(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with its two file names under `cert` and `key`."""
    rest = dict(definition)
    files = {}
    for names in (CERT_NAMES, KEY_NAMES):
        found = [value for name in names if (value := rest.pop(name, None))]
        if not found:
            raise ValueError("SSL dict needs filenames for cert and key.")
        files[names[0]] = os.fspath(found[0])
    return files | rest


def process_to_context(
    ssldef: None | ssl.SSLContext | dict[str, Any] | str | list[Any] | tuple[Any, ...],
) -> Any:
    """What the user passed as `ssl` to a context; a list selects by host name.

    Raises:
        ValueError: see `shorthand_to_ctx`; or no certificate of a list has a name.
    """
    if isinstance(ssldef, (list, tuple)):
        return CertSelector(map(shorthand_to_ctx, ssldef))
    return shorthand_to_ctx(ssldef)


def load_cert_dir(p: str) -> ssl.SSLContext:
    """The context of a folder with `fullchain.pem` and `privkey.pem`.

    Raises:
        ValueError: it is a file, or one of the two cannot be read.
    """
    if os.path.isfile(p):
        raise ValueError(f"Certificate folder expected but {p} is a file.")
    files = [os.path.join(p, name) for name in ("privkey.pem", "fullchain.pem")]
    for name in files:
        if not os.access(name, os.R_OK):
            raise ValueError(f"Certificate not found or permission denied {name}")
    return CertSimple(files[1], files[0])


class SanicSSLContext(ssl.SSLContext):
    """A context that knows the names and files of its certificate.

    Attributes:
        sanic: subject fields, `names` (DNS and IP), `cert` and `key` (file names).
    """

    sanic: dict[str, Any]

    @classmethod
    def create_from_ssl_context(cls, context: ssl.SSLContext) -> SanicSSLContext:
        """Turn a plain context into this class, in place."""
        context.__class__ = cls
        return context  # type: ignore[return-value]


class CertSimple(SanicSSLContext):
    """The context of one certificate; can be pickled, by its file names.

    Args:
        cert, key: file names in PEM.
        kw: `password` of the key, `names` in place of those in the certificate; anything else is
            kept in `sanic` for the request handlers.

    Raises:
        OSError, ssl.SSLError: the certificate or key cannot be loaded.
    """

    _given: dict[str, Any]

    def __new__(cls, cert: Any, key: Any, **kw: Any) -> CertSimple:
        if not cert or not key:
            raise ValueError("SSL dict needs filenames for cert and key.")
        return super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)

    def __init__(self, cert: Any, key: Any, **kw: Any) -> None:
        self._given = {"cert": cert, "key": key, **kw}
        # Whoever can read conn_info must not learn the password.
        password = kw.pop("password", None)
        _configure(self)
        self.load_cert_chain(cert, key, password)
        facts: dict[str, Any] = ssl._ssl._test_decode_cert(cert)  # type: ignore[attr-defined]
        subject = {name: value for rdn in facts.get("subject", ()) for name, value in rdn}
        names = [
            name
            for kind, name in facts.get("subjectAltName", ())
            if kind in ("DNS", "IP Address")
        ]
        self.sanic = {**subject, "names": names, **kw, "cert": cert, "key": key}

    def __reduce__(self) -> Any:
        return _load_simple, (self._given,)


def _load_simple(given: dict[str, Any]) -> CertSimple:
    return CertSimple(**given)


class CertSelector(ssl.SSLContext):
    """A context that chooses among others by the host name the client asks for.

    Args:
        ctxs: contexts in order of preference; the first is used where no name matches, unless it
            is None: then such connections are refused.

    Raises:
        ValueError: no certificate has a name.
    """

    sanic_select: list[ssl.SSLContext]
    sanic_fallback: ssl.SSLContext | None

    def __new__(cls, ctxs: Iterable[ssl.SSLContext | None]) -> CertSelector:
        return super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)

    def __init__(self, ctxs: Iterable[ssl.SSLContext | None]) -> None:
        given = list(ctxs)
        # ALPN and versions are settled by this context, before another one is chosen.
        _configure(self)
        self.sni_callback = selector_sni_callback  # type: ignore[assignment]
        self.sanic_select = [context for context in given if context is not None]
        self.sanic_fallback = given[0] if given else None
        names = [name for context in self.sanic_select for name in _names(context)]
        if not names:
            raise ValueError("No certificates with SubjectAlternativeNames found.")
        logger.info(f"Certificate vhosts: {', '.join(names)}")

    def __reduce__(self) -> Any:
        strict = [None] if self.sanic_fallback is None else []
        return CertSelector, (strict + self.sanic_select,)


def _names(context: ssl.SSLContext) -> list[str]:
    names: list[str] = getattr(context, "sanic", {}).get("names", [])
    return names


def match_hostname(ctx: ssl.SSLContext | CertSelector, hostname: str) -> bool:
    """Whether a certificate is for this host; `*.` stands for exactly one label."""
    names = [name.lower() for name in _names(ctx)]
    hostname = hostname.lower()
    if hostname in names:
        return True
    label, dot, parent = hostname.partition(".")
    return bool(label and dot) and f"*.{parent}" in names


def find_cert(self: CertSelector, server_name: str | None) -> ssl.SSLContext:
    """The first context for that host, or the fallback.

    Raises:
        ValueError: there is none.
    """
    if not server_name:
        if self.sanic_fallback is not None:
            return self.sanic_fallback
        raise ValueError("The client provided no SNI to match for certificate.")
    for context in self.sanic_select:
        if match_hostname(context, server_name):
            return context
    if self.sanic_fallback is not None:
        return self.sanic_fallback
    raise ValueError(f"No certificate found matching hostname {server_name!r}")


def server_name_callback(
    sslobj: ssl.SSLObject, server_name: str | None, ctx: ssl.SSLContext
) -> None:
    """Keep the host name the client asked for, for `conn_info.server_name`."""
    sslobj.sanic_server_name = server_name  # type: ignore[attr-defined]


def selector_sni_callback(
    sslobj: ssl.SSLObject, server_name: str | None, ctx: CertSelector
) -> int | None:
    """Choose the certificate; refuse with `unrecognized_name` where there is none."""
    server_name_callback(sslobj, server_name, ctx)
    try:
        sslobj.context = find_cert(ctx, server_name)
    except ValueError as error:
        logger.warning(f"Rejecting TLS connection: {error}")
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    return None
