#!/bin/bash
/usr/bin/python3 -m venv $HOME/demo
source $HOME/demo/bin/activate
git clone https://git.example/shop.git
pip install --upgrade pip
cd $HOME/shop
pip install -r requirements.txt
