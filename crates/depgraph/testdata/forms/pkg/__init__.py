"""A package.

>>> import doc_one
>>> try:
...     from doc_two import (
...         name)
... except ImportError:
...     pass
"""
from . import sub
from .sub import *
