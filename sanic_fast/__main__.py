"""`python -m sanic_fast` and the `sanic-fast` command."""

from __future__ import annotations

from collections.abc import Sequence

from sanic_fast.compat import OS_IS_WINDOWS, enable_windows_color_support

__all__ = ("main",)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; the process's arguments unless given."""
    import tracerite

    from sanic_fast.cli.app import SanicCLI

    # Tracebacks that end with what went wrong, in the code of the app.
    tracerite.load()
    cli = SanicCLI()
    cli.attach()
    cli.run(args)


if OS_IS_WINDOWS:  # pragma: no cover
    enable_windows_color_support()

if __name__ == "__main__":
    main()
