PIP ?= pip

.PHONY: install
install: pyproject.toml uv.lock
	uv sync --locked --no-dev
	cd docs && uv sync --locked
