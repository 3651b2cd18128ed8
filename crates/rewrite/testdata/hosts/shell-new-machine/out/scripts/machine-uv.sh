#!/bin/bash
set -e
apt-get install -y python3 python3-pip curl
curl -LsSf https://astral.sh/uv/install.sh | sh
uv sync --locked --no-dev
