PIP ?= pip

.PHONY: install
install: requirements.txt
	$(PIP) install -r requirements.txt
	cd docs && $(PIP) install -r ../requirements-dev.txt
