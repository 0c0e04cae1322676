"""Imports go only downward: each module may use what ranks.toml lists before it, nothing else."""

from __future__ import annotations

import sys

import pytest

from tests.meta.modules import headers, imports, internal, sources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from pathlib import Path

RANKS = tomllib.loads((Path(__file__).parent / "ranks.toml").read_text(encoding="utf-8"))
ORDER = [module for rank in RANKS["rank"] for module in rank["modules"]]
PLACE = {module: place for place, module in enumerate(ORDER)}
RANK_OF = {module: rank for rank in RANKS["rank"] for module in rank["modules"]}
FILES = {**headers(), **{name: [path] for name, path in sources().items()}}
for name, paths in headers().items():
    FILES[name] = [*FILES[name], *(path for path in paths if path not in FILES[name])]


def test_ranks_lists_every_module_once() -> None:
    assert len(ORDER) == len(PLACE), "a module is listed twice"
    assert sorted(set(FILES) - set(PLACE)) == [], "modules missing in ranks.toml"
    absent = sorted(set(PLACE) - set(FILES))
    assert absent == sorted(RANKS["planned"]), "modules listed that do not exist, or exist by now"


@pytest.mark.parametrize("module", sorted(FILES))
def test_module_imports_only_what_is_listed_before_it(module: str) -> None:
    known = set(PLACE)
    wrong = []
    for path in FILES[module]:
        for line, base, name in imports(path):
            used = internal(base, name, known)
            if used is None or used == module:
                continue
            if PLACE.get(used, len(PLACE)) > PLACE.get(module, -1):
                wrong.append(f"{path.name}:{line} imports {used or 'the package itself'}")
    assert wrong == [], f"{module} reaches up"


@pytest.mark.parametrize("module", sorted(FILES))
def test_module_uses_no_package_forbidden_to_its_rank(module: str) -> None:
    rank = RANK_OF.get(module, {})
    forbidden = set(rank.get("forbidden", ()))
    wrong = [
        f"{path.name}:{line} imports {base}"
        for path in FILES[module]
        for line, base, _ in imports(path)
        if base.split(".")[0] in forbidden
    ]
    assert wrong == []


@pytest.mark.parametrize("module", RANKS["rank"][0]["modules"])
def test_leaf_imports_only_listed_packages(module: str) -> None:
    allowed = {*sys.stdlib_module_names, "sanic_fast", *RANKS["third_party"].get(module, ())}
    wrong = [
        f"{path.name}:{line} imports {base}"
        for path in FILES.get(module, ())
        for line, base, _ in imports(path)
        if base.split(".")[0] not in allowed
    ]
    assert wrong == []
