# Shared by the scripts here; sourced, never run. Sets ROOT and VENV, changes to ROOT.
#
# PYTHON: the interpreter the virtual environment is made with (python3).
# VENV:   where the virtual environment is (.venv).

set -eu
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT"
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# need_tools: stop with advice where the compiler, venv or Python's headers are missing.
need_tools() {
    command -v "$PYTHON" >/dev/null 2>&1 ||
        die "$PYTHON not found. Install Python 3.10 or later, or name one: PYTHON=python3.12 $0"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
        die "$PYTHON is older than Python 3.10."
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
        die "$PYTHON cannot make virtual environments." \
            "Debian or Ubuntu: sudo apt-get install python3-venv"
    # CC may be a compiler behind a wrapper, as in "ccache gcc".
    for word in ${CC:-cc}; do
        command -v "$word" >/dev/null 2>&1 ||
            die "C compiler not found: $word" \
                "Debian or Ubuntu: sudo apt-get install gcc; Fedora: sudo dnf install gcc;" \
                "macOS: xcode-select --install"
    done
    "$PYTHON" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' ||
        die "Python.h not found: the headers of $PYTHON are missing." \
            "Debian or Ubuntu: sudo apt-get install python3-dev; Fedora: sudo dnf install python3-devel"
}

# use_group GROUP: make the environment if needed and install one dependency group of pyproject.toml.
use_group() {
    group=$1
    stamp=$VENV/.group-$group
    [ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
    if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
        # --group came with pip 25.1.
        "$VENV/bin/python" -m pip install -q --disable-pip-version-check "pip>=25.1"
        "$VENV/bin/python" -m pip install -q --disable-pip-version-check --group "$group"
        touch "$stamp"
    fi
}
