"""What the application answers."""

from app import app


def test_index() -> None:
    assert "pip user" in app.test_client().get("/").text
