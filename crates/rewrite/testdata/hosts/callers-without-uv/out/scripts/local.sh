#!/bin/sh
uv sync --locked
