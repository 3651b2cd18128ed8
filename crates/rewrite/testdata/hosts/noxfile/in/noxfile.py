"""Sessions of the shop: session.install("not", "this")."""

import nox

nox.options.sessions = ["tests", "lint"]


@nox.session(python=["3.11", "3.12"])
def tests(session: nox.Session) -> None:
    session.install("-r", "requirements-dev.txt")
    session.install("-e", ".[cli]")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session):
    session.install("ruff==0.5.0")
    session.run("ruff", "check", ".")


@nox.session
def docs(s):
    s.run("poetry", "install", "--only", "docs", "--no-root", external=True)
    s.run("poetry", "run", "sphinx-build", "docs", "out", external=True)
