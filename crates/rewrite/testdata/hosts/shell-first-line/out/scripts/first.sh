make
ls
