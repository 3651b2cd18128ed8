FROM python:3.12 AS base
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
FROM base
RUN pip install ".[postgres]"
RUN pip install -r dev.txt
