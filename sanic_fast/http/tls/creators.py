"""Certificates for local development, made by mkcert or trustme."""

from __future__ import annotations

import ssl
import subprocess
from abc import ABC, abstractmethod
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sanic_fast.application.spinner import loading
from sanic_fast.constants import (
    DEFAULT_LOCAL_TLS_CERT,
    DEFAULT_LOCAL_TLS_KEY,
    LocalCertCreator,
)
from sanic_fast.exceptions import SanicException
from sanic_fast.helpers import Default
from sanic_fast.http.constants import HTTP
from sanic_fast.http.tls.context import CertSimple, process_to_context

__all__ = ("CertCreator", "MkcertCreator", "TrustmeCreator", "get_ssl_context")

GUIDE = "https://sanic.dev/en/guide/deployment/development.html#automatic-tls-certificate"


def get_ssl_context(app: Any, ssl: Any) -> Any:
    """The context of what was passed, or of a certificate made for development.

    Raises:
        SanicException: nothing was passed and the app runs in production, or there is no tool.
    """
    if ssl:
        return process_to_context(ssl)
    if not app.state.is_debug:
        raise SanicException(
            "Cannot run Sanic as an HTTPS server in PRODUCTION mode without passing a TLS "
            "certificate. In DEVELOPMENT mode a certificate for localhost is made. "
            f"For more information please see: {GUIDE}."
        )
    creator = CertCreator.select(
        app,
        LocalCertCreator(str(app.config.LOCAL_CERT_CREATOR).upper()),
        app.config.LOCAL_TLS_KEY,
        app.config.LOCAL_TLS_CERT,
    )
    return creator.generate_cert(app.config.LOCALHOST)


class CertCreator(ABC):
    """A tool that makes a certificate.

    Args:
        app: the application.
        key, cert: file names, or the default sentinel for files in a temporary folder.
    """

    def __init__(self, app: Any, key: Any, cert: Any) -> None:
        self.app = app
        self.tmpdir: Path | None = None
        if isinstance(key, Default) or isinstance(cert, Default):
            self.tmpdir = Path(mkdtemp())
        self.key_path = self._place(DEFAULT_LOCAL_TLS_KEY if isinstance(key, Default) else key)
        self.cert_path = self._place(DEFAULT_LOCAL_TLS_CERT if isinstance(cert, Default) else cert)

    def _place(self, path: Any) -> Path:
        """The path; names without a folder go to the temporary folder, where there is one."""
        place = Path(path)
        return self.tmpdir / place if self.tmpdir and not place.is_absolute() else place

    @abstractmethod
    def check_supported(self) -> None:
        """See whether the tool can be used.

        Raises:
            SanicException: it cannot.
        """

    @abstractmethod
    def generate_cert(self, localhost: str) -> ssl.SSLContext:
        """Make a certificate for that host name and load it."""

    @classmethod
    def select(
        cls,
        app: Any,
        cert_creator: LocalCertCreator,
        local_tls_key: Any,
        local_tls_cert: Any,
    ) -> CertCreator:
        """The tool asked for, or the first that works: mkcert, then trustme.

        Raises:
            SanicException: the tool asked for is missing, or there is none.
        """
        classes: dict[LocalCertCreator, type[CertCreator]] = {
            LocalCertCreator.MKCERT: MkcertCreator,
            LocalCertCreator.TRUSTME: TrustmeCreator,
        }
        for name, creator_class in classes.items():
            if cert_creator not in (name, LocalCertCreator.AUTO):
                continue
            creator = creator_class(app, local_tls_key, local_tls_cert)
            try:
                creator.check_supported()
            except SanicException:
                creator.remove_folder()
                if cert_creator == name:
                    raise
            else:
                return creator
        raise SanicException(
            "Sanic could not find package to create a TLS certificate. "
            f"You must have either mkcert or trustme installed. See {GUIDE} for more details."
        )

    def remove_folder(self) -> None:
        """Remove the temporary folder and what was made in it."""
        if self.tmpdir is None:
            return
        for path in (self.key_path, self.cert_path):
            if path.parent == self.tmpdir:
                path.unlink(missing_ok=True)
        with suppress(OSError):  # the user may have put something there
            self.tmpdir.rmdir()

    def _load(self, creator: str, localhost: str) -> ssl.SSLContext:
        """The context of the files made; they go when the main process stops."""

        async def clean_up(*_: Any) -> None:
            self.remove_folder()

        if self.tmpdir is not None:
            self.app.main_process_stop(clean_up)
        return CertSimple(
            str(self.cert_path), str(self.key_path), creator=creator, localhost=localhost
        )


class MkcertCreator(CertCreator):
    """`mkcert`: certificates the browsers of this machine trust."""

    def check_supported(self) -> None:
        """See whether the program can be run."""
        try:
            subprocess.run(
                ["mkcert", "-help"],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise SanicException(
                "Sanic is attempting to use mkcert to generate local TLS certificates since you "
                "did not supply a certificate, but one is required. Sanic cannot proceed since "
                "mkcert does not appear to be installed. Please install mkcert or supply TLS "
                "certificates to proceed. Installation instructions can be found here: "
                "https://github.com/FiloSottile/mkcert.\n"
                f"Find out more information about your options here: {GUIDE}"
            ) from error

    def generate_cert(self, localhost: str) -> ssl.SSLContext:
        """Run the program, unless there is a certificate at that place."""
        if not self.cert_path.exists():
            with loading("Generating TLS certificate"):
                subprocess.run(
                    [
                        "mkcert",
                        *("-key-file", str(self.key_path), "-cert-file", str(self.cert_path)),
                        *dict.fromkeys((localhost, "localhost", "127.0.0.1", "::1")),
                    ],
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
        return self._load("mkcert", localhost)


class TrustmeCreator(CertCreator):
    """`trustme`: a package that makes certificates nobody trusts unless told."""

    def check_supported(self) -> None:
        """See whether the package is installed."""
        if find_spec("trustme") is None:
            raise SanicException(
                "Sanic is attempting to use trustme to generate local TLS certificates since you "
                "did not supply a certificate, but one is required. Sanic cannot proceed since "
                "trustme does not appear to be installed. Please install trustme or supply TLS "
                "certificates to proceed. Installation instructions can be found here: "
                "https://github.com/python-trio/trustme.\n"
                f"Find out more information about your options here: {GUIDE}"
            )

    def generate_cert(self, localhost: str) -> ssl.SSLContext:
        """Make a new authority and a certificate by it.

        Raises:
            SanicException: the app serves HTTP/3.
        """
        versions = {info.settings["version"] for info in self.app.state.server_info}
        if HTTP.VERSION_3 in versions:
            raise SanicException(
                "Sorry, you cannot currently use trustme as a local certificate generator for an "
                "HTTP/3 server. Try mkcert instead."
            )
        trustme = import_module("trustme")
        certificate = trustme.CA().issue_cert(
            *dict.fromkeys((localhost, "localhost", "127.0.0.1", "::1"))
        )
        self.key_path.unlink(missing_ok=True)
        # The key is for nobody else on this machine.
        self.key_path.touch(mode=0o600)
        self.key_path.write_bytes(certificate.private_key_pem.bytes())
        chain = b"".join(pem.bytes() for pem in certificate.cert_chain_pems)
        self.cert_path.write_bytes(chain)
        return self._load("trustme", localhost)
