FROM python:3.12
WORKDIR /app
COPY . .
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/
ENV UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=0 \
    UV_PROJECT_ENVIRONMENT=/opt/venv \
    PATH="/opt/venv/bin:$PATH"
RUN ["uv", "sync", "--no-install-project", "--locked", "--no-dev"]
RUN ["uv", "sync", "--locked", "--no-dev"]
