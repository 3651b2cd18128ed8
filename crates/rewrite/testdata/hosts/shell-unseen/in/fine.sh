#!/bin/sh
pip install -r requirements.txt
ls | xargs wc -l
python app.py
