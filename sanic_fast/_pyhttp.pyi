"""The cffi module made from cext/pyhttp; mypy cannot know its types."""

from typing import Any

ffi: Any
lib: Any
