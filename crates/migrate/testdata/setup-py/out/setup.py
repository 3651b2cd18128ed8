# What this project is stands in pyproject.toml. This file is for commands that name it.
from setuptools import setup

setup()
