#!/bin/sh
set -e
mypy shop
