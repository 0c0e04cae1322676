"""`static(...)`: checks its arguments and makes a `FutureStatic`."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path, PurePath
from typing import Any

from sanic_fast.registration.names import NameMixin, RecordMixin
from sanic_fast.registration.records import FutureStatic


class StaticMixin(NameMixin, RecordMixin):
    """Adds `static` to a class that has `_record`."""

    __slots__ = ()

    strict_slashes: bool | None

    def static(
        self,
        uri: str,
        file_or_directory: PathLike[str] | str,
        pattern: str = r"/?.+",
        use_modified_since: bool = True,
        use_content_range: bool = False,
        stream_large_files: bool | int = False,
        name: str = "static",
        host: str | None = None,
        strict_slashes: bool | None = None,
        content_type: str | None = None,
        apply: bool = True,
        resource_type: str | None = None,
        index: str | Sequence[str] | None = None,
        directory_view: bool = False,
        directory_handler: Any = None,
        follow_external_symlink_files: bool = False,
        follow_external_symlink_dirs: bool = False,
    ) -> None:
        """Serve a file or a directory.

        Example:
            ```python
            app.static("/files", "/srv/files", index="index.html")
            ```

        Args:
            uri: path of the file, or of the directory's root.
            file_or_directory: what to serve; resolved now.
            pattern: kept for compatibility; unused.
            use_modified_since: answer `If-Modified-Since`, send `Last-Modified`.
            use_content_range: answer `Range`.
            stream_large_files: stream files of at least 1 MiB, or of this many bytes.
            name: route name; needed for a second call, as route names are unique.
            host: serve only this `Host` value.
            strict_slashes: whether a trailing slash must match.
            content_type: guessed from the file name when left out.
            apply: register now; otherwise only record.
            resource_type: `"file"` or `"dir"`, to say which it must be.
            index: names of files to serve for a directory.
            directory_view: list directories.
            directory_handler: a `DirectoryHandler`, instead of the two above.
            follow_external_symlink_files: serve files linked from outside.
            follow_external_symlink_dirs: enter directories linked from outside.

        Raises:
            ValueError: for something that is not a path, a bad `resource_type`, or
                `directory_handler` together with `index` or `directory_view`.
            TypeError: when the path is not what `resource_type` says.
        """
        full_name = self.generate_name(name)
        if strict_slashes is None and self.strict_slashes is not None:
            strict_slashes = self.strict_slashes
        if not isinstance(file_or_directory, (str, bytes, PurePath)):
            raise ValueError(f"Static route must be a valid path, not {file_or_directory}")
        if not isinstance(file_or_directory, (str, PurePath)):
            raise TypeError("Static file or directory must be a path-like object or string")
        path = Path(file_or_directory).resolve()
        if directory_handler and (directory_view or index):
            raise ValueError(
                "When explicitly setting directory_handler, you cannot set either "
                "directory_view or index. Instead, pass these arguments to your "
                "DirectoryHandler instance."
            )
        if not directory_handler:
            from sanic_fast.handlers.directory import DirectoryHandler

            directory_handler = DirectoryHandler(
                uri=uri,
                directory=path,
                directory_view=directory_view,
                index=index,
                root_path=path,
                follow_external_symlink_files=follow_external_symlink_files,
                follow_external_symlink_dirs=follow_external_symlink_dirs,
            )
        record = FutureStatic(
            uri,
            path,
            pattern,
            use_modified_since,
            use_content_range,
            stream_large_files,
            full_name,
            host,
            strict_slashes,
            content_type,
            resource_type,
            directory_handler,
            follow_external_symlink_files,
            follow_external_symlink_dirs,
        )
        self._record("statics", record, apply)


def is_directory(record: FutureStatic) -> bool:
    """Tell whether a record serves a directory; a missing path counts as one.

    Raises:
        TypeError: when the path is not what `resource_type` says.
        ValueError: for an unknown `resource_type`.
    """
    path = record.file_or_directory
    if record.resource_type not in (None, "file", "dir"):
        raise ValueError("The resource_type should be set to 'file' or 'dir'")
    is_file = path.is_file()
    if record.resource_type == "dir" and is_file:
        raise TypeError(f"Resource type improperly identified as directory. '{path}'")
    if record.resource_type == "file" and not is_file:
        raise TypeError(f"Resource type improperly identified as file. '{path}'")
    return not is_file
