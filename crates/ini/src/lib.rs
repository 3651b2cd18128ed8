//! Ini files as Python reads them, lossless: setup.cfg, tox.ini and their kin.
