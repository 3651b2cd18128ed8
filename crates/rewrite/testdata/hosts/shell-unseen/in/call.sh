#!/bin/sh
pip install -r requirements.txt
./other.sh
