"""A little module."""

__version__ = "0.1"


def main():
    pass
