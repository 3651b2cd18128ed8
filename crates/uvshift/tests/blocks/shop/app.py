import flask
import requests

app = flask.Flask(__name__)


def pay(url):
    return requests.post(url, timeout=5)
