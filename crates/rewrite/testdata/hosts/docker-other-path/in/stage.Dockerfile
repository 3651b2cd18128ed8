FROM python:3.12-slim AS base
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .

FROM base
RUN apt-get install -y cron
CMD ["cron", "-f"]
