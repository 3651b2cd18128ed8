#!/bin/bash
set -e
apt-get install -y python3 python3-pip curl
curl -LsSf https://astral.sh/uv/install.sh | sh
pip install -r requirements.txt
