#!/usr/bin/env bash
# Sets up a machine for development.
set -euo pipefail

cd "$(dirname "$0")/.."

command -v python3 >/dev/null || { echo "no python3" >&2; exit 1; }

if [ ! -d .venv ]; then
    python3 -m venv .venv
fi
source .venv/bin/activate

pip install --upgrade pip
uv sync --locked

if [[ "${WITH_DOCS:-}" == 1 ]]; then
    pip install -e ".[docs]"
fi

cat <<EOF
Now run:
    source .venv/bin/activate
    pytest
EOF
