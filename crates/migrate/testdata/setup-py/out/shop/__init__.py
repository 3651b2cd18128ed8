__version__ = "1.2.3"


def main():
    pass


class Plain:
    pass
