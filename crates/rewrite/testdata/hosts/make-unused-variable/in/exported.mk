PIP = venv/bin/pip
export

install:
	$(PIP) install -r requirements.txt
