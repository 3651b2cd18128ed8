#!/usr/bin/env bash
# Sets up a machine for development.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON=${PYTHON:-python3} PIP="$PYTHON -m pip"
export PIP_INDEX_URL=https://index.example/simple PIP_NO_CACHE_DIR=1
declare -a extras=(dev "test tools" $(cat extras.txt))
readonly VENV_DIR="${VENV_DIR:-$HOME/.venvs/$(basename "$PWD")}"

log() { printf '%s\n' "$*" >&2; }

function need() {
    command -v "$1" >/dev/null 2>&1 || { log "need $1"; exit 1; }
}

need "$PYTHON" && need git
if [[ ! -d $VENV_DIR && "$(uname -s)" != MINGW* ]]; then
    $PYTHON -m venv "$VENV_DIR"
elif [ -n "${FORCE:-}" ]; then
    rm -rf "$VENV_DIR"; $PYTHON -m venv --clear "$VENV_DIR"
else
    log "kept $VENV_DIR"
fi
# shellcheck disable=SC1091
. "$VENV_DIR/bin/activate"
pip install --upgrade pip setuptools wheel
pip install \
    -r requirements.txt \
    -r requirements-dev.txt   # and what tests need
for extra in "${extras[@]}"; do
    pip install -e ".[$extra]" || break
done
! pip check | grep -q 'has requirement' && echo ok
( cd docs && pip install -r requirements.txt ) &
wait
trap 'rm -f "$tmp"' EXIT
tmp=$(mktemp) ; pip freeze --all >"$tmp" 2>/dev/null
while IFS== read -r name version; do
    case $name in
    pip | setuptools) continue ;;
    [a-m]*) echo "$name" ;;
    *) pip show "$name" | sed -n 's/^Location: //p' ;;
    esac
done <"$tmp"
until pip download "x==$((major + 1)).0"; do (( major++ )); done
sudo -H env A=1 pip install awscli==1.2 'uvicorn[standard]>=0.2' "y<3"
