"""A library of books behind a JSON API, in two versions.

    pip install aiosqlite
    sanic-fast examples.rest_service.app:app
    curl -d '{"name": "Ursula K. Le Guin"}' http://127.0.0.1:8000/api/v1/authors
    curl -d '{"title": "The Dispossessed", "year": 1974, "author": 1}' http://127.0.0.1:8000/api/v1/books
    curl http://127.0.0.1:8000/api/v2/books

The database is a file, `library.db`. For PostgreSQL (pip install asyncpg):

    SANIC_DATABASE_URL=postgresql://user:password@host/name sanic-fast examples.rest_service.app:app
"""

from sanic_fast import Blueprint, Config

from . import authors, books, books_v2, errors
from .database import connect
from .fields import key
from .types import App, Context


def create_app(name: str = "library") -> App:
    """The app with everything on it; nothing is opened before it is served."""
    # Variables SANIC_DATABASE_URL and SANIC_PAGE override these.
    config = Config({"DATABASE_URL": "sqlite:library.db", "PAGE": 20})
    app: App = App(name, config=config, ctx=Context())
    # Errors of the router and of the server are JSON too.
    app.config.FALLBACK_ERROR_FORMAT = "json"

    # A type of path parameter of our own: <number:key>.
    app.router.register_pattern("key", key, r"\d+")

    # One group carries what all versions share: /api/v1/..., /api/v2/...
    api = Blueprint.group(
        authors.blueprint,
        # Authors are the same in both versions: a copy under another version.
        authors.blueprint.copy("authors_v2", version=2),
        books.blueprint,
        books_v2.blueprint,
        version_prefix="/api/v",
    )
    app.blueprint(api)
    errors.install(app)
    app.before_server_start(open_database)
    app.after_server_stop(close_database)
    return app


async def open_database(app: App) -> None:
    """Each worker has connections of its own."""
    app.ctx.database = connect(app.config.DATABASE_URL)
    await app.ctx.database.open()


async def close_database(app: App) -> None:
    """All requests are answered by now."""
    await app.ctx.database.close()


app = create_app()

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
