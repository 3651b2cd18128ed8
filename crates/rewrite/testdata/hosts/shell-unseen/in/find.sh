#!/bin/sh
pip install -r requirements.txt
find . -name "x*.py" -exec python {} \;
