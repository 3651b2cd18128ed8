#!/bin/sh
set -e
wait.sh db
exec su - app -c "cd /app && python -m app"
