pip install --upgrade pip
make
ls
