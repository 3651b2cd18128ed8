__version__ = "0.4"


def main():
    pass
