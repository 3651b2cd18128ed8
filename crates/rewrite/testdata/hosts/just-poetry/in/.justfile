set shell := ["bash", "-uc"]

install:
	poetry install --no-root
	poetry run pre-commit install

test filter="": install
	poetry run pytest {{ if filter == "" { "" } else { "-k " + filter } }}

serve:
	poetry run gunicorn shop:app --bind 0.0.0.0:${PORT:-8000}

build:
	poetry build && ls dist

lock:
	poetry lock
