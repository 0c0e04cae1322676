"""Certificates made for the tests."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization


@dataclass(frozen=True)
class Certificates:
    """Two certificate folders, a key with the password "secret", and their authority."""

    ca: Path
    a: Path
    b: Path
    encrypted_key: Path

    @staticmethod
    def definition(folder: Path) -> dict[str, str]:
        """The folder as a dict."""
        return {"cert": str(folder / "fullchain.pem"), "key": str(folder / "privkey.pem")}

    def client(self) -> ssl.SSLContext:
        """A client's context that trusts the authority."""
        return ssl.create_default_context(cafile=str(self.ca))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates for a.example, *.wild.example, 127.0.0.1, and for b.example."""
    base = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(base / "ca.pem"))
    names = {"a": ["a.example", "*.wild.example", "127.0.0.1"], "b": ["b.example"]}
    for folder, hosts in names.items():
        (base / folder).mkdir()
        made = authority.issue_cert(*hosts, common_name=f"{folder}.cn")
        chain = b"".join(pem.bytes() for pem in made.cert_chain_pems)
        (base / folder / "fullchain.pem").write_bytes(chain)
        (base / folder / "privkey.pem").write_bytes(made.private_key_pem.bytes())
    key = serialization.load_pem_private_key((base / "a" / "privkey.pem").read_bytes(), None)
    (base / "encrypted.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    return Certificates(base / "ca.pem", base / "a", base / "b", base / "encrypted.pem")
