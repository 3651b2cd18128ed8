#!/bin/bash
set -e
pip install .
pip show shop
