"""Packaging of the shop."""
import io
import os
import re

from setuptools import find_packages, setup

here = os.path.abspath(os.path.dirname(__file__))


def read(*parts):
    with io.open(os.path.join(here, *parts), encoding="utf-8") as file:
        return file.read()


def version():
    return re.search(r'^__version__ = "([^"]+)"', read("shop", "__init__.py"), re.M).group(1)


def requirements(name):
    lines = (line.strip() for line in read(name).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


extras = {
    "pay": ["stripe>=5"],
    "win": ["colorama; sys_platform == 'win32'"],
}
extras["all"] = sum(extras.values(), [])

setup(
    name="shop",
    version=version(),
    description="A shop",
    long_description=read("README.md"),
    long_description_content_type="text/markdown",
    author="Ann",
    author_email="ann@shop.example",
    url="https://shop.example",
    license="MIT",
    classifiers=["Programming Language :: Python :: 3"],
    packages=find_packages(exclude=["tests", "tests.*"]),
    package_data={"shop": ["*.txt"]},
    python_requires=">=3.9",
    install_requires=requirements("requirements.txt"),
    extras_require=extras,
    tests_require=["pytest"],
    entry_points={"console_scripts": ["shop = shop:main"], "shop.skins": ["plain = shop:Plain"]},
    zip_safe=False,
)
