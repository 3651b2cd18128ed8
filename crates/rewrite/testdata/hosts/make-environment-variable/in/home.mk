ENV = $(HOME)/environments/shop
PIP = $(ENV)/bin/pip
BIN = $(ENV)/bin

install:
	$(PIP) install -r requirements.txt

more: install
	$(BIN)/pip install slack_sdk

ROOT := $(shell git rev-parse --show-toplevel)
ROOTPIP := $(ROOT)/environment/bin/pip

root:
	$(ROOTPIP) install -r requirements.txt
