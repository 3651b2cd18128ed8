#!/bin/sh
set -e
pip install -r requirements.txt
# [[[cog print("pip install -r requirements-dev.txt") ]]]
pip install -r requirements-dev.txt
# [[[end]]]
