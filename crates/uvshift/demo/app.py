"""A small web application."""

from flask import Flask
from greeter import greet

app = Flask(__name__)


@app.get("/")
def index() -> str:
    return greet("pip user")
