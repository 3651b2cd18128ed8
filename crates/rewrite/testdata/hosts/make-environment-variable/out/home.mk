ENV = $(HOME)/environments/shop
PIP = $(ENV)/bin/pip
BIN = $(ENV)/bin

install:
	UV_PROJECT_ENVIRONMENT="$(ENV)" uv sync --locked --no-dev --inexact

more: install
	uv pip install --python "$(ENV)" slack_sdk

ROOT := $(shell git rev-parse --show-toplevel)
ROOTPIP := $(ROOT)/environment/bin/pip

root:
	UV_PROJECT_ENVIRONMENT="$(ROOT)/environment" uv sync --locked --no-dev --inexact
