set shell := ["bash", "-uc"]

install:
	uv sync --locked
	uv run pre-commit install

test filter="": install
	uv run pytest {{ if filter == "" { "" } else { "-k " + filter } }}

serve:
	uv run gunicorn shop:app --bind 0.0.0.0:${PORT:-8000}

build:
	uv build && ls dist

lock:
	uv lock
