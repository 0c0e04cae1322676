"""Serve one app of the comparison: `python serve.py PACKAGE_FILE SOCKET`; no part of the tests."""

from __future__ import annotations

import importlib.util
import socket
import sys


def main(path: str, number: str) -> None:
    """Load `app` from a file and serve it on a listening socket until SIGTERM."""
    spec = importlib.util.spec_from_file_location("parity_app", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["parity_app"] = module
    spec.loader.exec_module(module)
    # After the listeners of the app: requests come when all of them have run.
    module.app.listener("after_server_start", priority=-1000)(lambda app: print("READY"))
    options = {"single_process": True, "motd": False, "access_log": False}
    module.app.run(sock=socket.socket(fileno=int(number)), **options, **getattr(module, "RUN", {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
