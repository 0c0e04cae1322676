"""Which file a URL names: decoding, traversal, symbolic links."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanic_fast.handlers.safe_path import is_inside, locate, may_follow


def found(root, uri, **follow):
    return locate(os.path.realpath(root), uri, **follow)[0]


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("hello.txt", "hello.txt"),
        ("%68ello.txt", "hello.txt"),
        ("hello.txt/", "hello.txt"),
        ("hello.txt//", "hello.txt"),
        ("/hello.txt", "hello.txt"),
        ("./hello.txt", "hello.txt"),
        ("sub//page.html", "sub/page.html"),
        ("sub%2Fpage.html", "sub/page.html"),
        ("a%20b%25.txt", "a b%.txt"),
        ("sub", "sub"),
        ("", ""),
        ("/", ""),
    ],
)
def test_found(root, uri, name):
    assert found(root, uri) == os.path.realpath(root / name)


@pytest.mark.parametrize(
    "uri",
    [
        "nope",
        "..",
        "../outside/secret.txt",
        "%2e%2e/outside/secret.txt",
        "..%2foutside%2fsecret.txt",
        "%2E%2E%2Froot-lateral/file.txt",
        "../root-lateral/file.txt",
        "sub/../hello.txt",
        "sub%2f..%2fhello.txt",
        "sub/../../outside/secret.txt",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "hello.txt/x",
        "a%00b",
        "hello.txt%00.png",
        "%252e%252e/outside/secret.txt",
        "x" * 5000,
    ],
)
def test_not_found(root, uri):
    with pytest.raises(FileNotFoundError):
        found(root, uri)


def test_an_absolute_path_stays_below_the_root(root):
    with pytest.raises(FileNotFoundError):
        found(root, str(root / "hello.txt"))
    with pytest.raises(FileNotFoundError):
        found(root, "//etc/passwd")


def test_names_that_are_no_utf8(root):
    try:
        (root / os.fsdecode(b"caf\xe9")).write_text("latin")
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    assert found(root, "caf%E9").endswith(os.fsdecode(b"caf\xe9"))


def test_the_file_system_root_can_be_served():
    assert locate("/", "")[0] == "/"
    assert is_inside("/", "/etc")


def test_comparison_is_by_component():
    assert is_inside("/srv/static", "/srv/static")
    assert is_inside("/srv/static", "/srv/static/x")
    assert not is_inside("/srv/static", "/srv/static_x")
    assert not is_inside("/srv/static", "/srv/static-lateral/x")


@pytest.fixture
def linked(root):
    outside = root.parent / "outside"
    (root / "to_inside").symlink_to(root / "hello.txt")
    (root / "to_inside_dir").symlink_to(root / "sub")
    (root / "to_file").symlink_to(outside / "secret.txt")
    (root / "to_dir").symlink_to(outside)
    (root / "sub" / "to_file").symlink_to(outside / "secret.txt")
    (root / "dangling").symlink_to(root / "missing")
    (root / "loop").symlink_to("loop")
    return root


INSIDE = ["to_inside", "to_inside_dir/page.html"]
TO_FILE = ["to_file", "sub/to_file"]
TO_DIR = ["to_dir", "to_dir/secret.txt"]


@pytest.mark.parametrize("uri", INSIDE)
def test_links_that_stay_inside_are_followed(linked, uri):
    assert found(linked, uri).startswith(os.path.realpath(linked))


@pytest.mark.parametrize("uri", [*TO_FILE, *TO_DIR, "dangling", "loop", "loop/x"])
def test_links_to_the_outside_are_refused(linked, uri):
    with pytest.raises(FileNotFoundError):
        found(linked, uri)


def test_follow_files(linked):
    for uri in TO_FILE:
        assert found(linked, uri, follow_files=True).endswith("secret.txt")
    for uri in TO_DIR:
        with pytest.raises(FileNotFoundError):
            found(linked, uri, follow_files=True)


def test_follow_dirs(linked):
    for uri in TO_DIR:
        assert "outside" in found(linked, uri, follow_dirs=True)
    for uri in TO_FILE:
        with pytest.raises(FileNotFoundError):
            found(linked, uri, follow_dirs=True)


def test_a_file_link_in_an_outside_directory_needs_both(linked):
    deeper = linked.parent / "outside" / "deeper"
    deeper.symlink_to(linked.parent / "root-lateral" / "file.txt")
    with pytest.raises(FileNotFoundError):
        found(linked, "to_dir/deeper", follow_files=True)
    both = found(linked, "to_dir/deeper", follow_files=True, follow_dirs=True)
    assert both.endswith("file.txt")


def test_may_follow(linked):
    base = os.path.realpath(linked)
    assert may_follow(base, f"{base}/to_inside") == f"{base}/hello.txt"
    assert may_follow(base, f"{base}/to_file") is None
    assert may_follow(base, f"{base}/to_file", follow_files=True)
    assert may_follow(base, f"{base}/to_dir", follow_files=True) is None
    assert may_follow(base, f"{base}/to_dir", follow_dirs=True)
    assert may_follow(base, f"{base}/dangling") is None
    assert may_follow(base, f"{base}/loop") is None


PIECES = st.sampled_from(
    ["..", ".", "/", "\\", "%2e", "%2f", "%2F", "%5c", "%00", "%", "sub", "outside", "secret.txt",
     "hello.txt", "root-lateral", "%25", "to_dir", "etc", "~", ":", "\udcff", "é"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_nothing_outside_is_ever_found(tmp_path_factory, uri):
    base = tmp_path_factory.getbasetemp() / "fuzz"
    inner = base / "root"
    if not inner.exists():
        (inner / "sub").mkdir(parents=True)
        (inner / "hello.txt").write_text("x")
        (base / "outside").mkdir()
        (base / "outside" / "secret.txt").write_text("secret")
        (inner / "to_dir").symlink_to(base / "outside")
    try:
        path = found(inner, uri)
    except FileNotFoundError:
        return
    assert is_inside(os.path.realpath(inner), path)
