PIP = venv/bin/pip
export

install:
	UV_PROJECT_ENVIRONMENT=venv uv sync --locked --no-dev
