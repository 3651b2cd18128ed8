from setuptools import setup

setup(name="app", version="1", packages=["app"], install_requires=["flask>=3"], python_requires=">=3.9")
