#!/bin/sh
set -e
uv sync --locked --quiet
uv run python -m ruff check .
uv run pytest "$@" | tee pytest.log
