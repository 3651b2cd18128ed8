# coding: latin-1
import latin_one
name = "é"
import latin_two
