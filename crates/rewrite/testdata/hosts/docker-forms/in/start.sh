#!/bin/sh
. venv/bin/activate
exec gunicorn app.wsgi:app
