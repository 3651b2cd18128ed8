#!/bin/sh
uv sync --locked
ls | xargs wc -l
uv run python app.py
