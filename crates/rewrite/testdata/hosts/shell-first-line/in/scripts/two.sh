# Upgrade pip
pip install --upgrade pip

pip install -U setuptools
make
