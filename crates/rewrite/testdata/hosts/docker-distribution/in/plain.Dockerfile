FROM debian:13
RUN apt-get update && apt-get install -y python3-pip python3-venv python3-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install --break-system-packages -r requirements.txt
COPY . .
CMD ["python3", "-m", "shop"]
