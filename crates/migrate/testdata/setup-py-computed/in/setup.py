import os

from setuptools import setup

wanted = ["requests"]
if os.path.exists("/"):
    wanted.append("flask>=3")

setup(name="calc", version="1.0", packages=["calc"], install_requires=wanted, python_requires=">=3.9")
