#!/bin/bash
sudo apt-get update
sudo apt-get install -y git python3-venv
cd /srv/shop
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
