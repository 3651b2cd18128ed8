#!/bin/sh
set -e
pip install -q -r requirements.txt -r requirements-dev.txt
python -m ruff check .
pytest "$@" | tee pytest.log
