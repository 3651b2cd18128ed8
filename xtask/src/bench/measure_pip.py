"""What pip itself takes to parse a requirements file: the same two steps as `pip install -r`, and no more.

usage: python measure_pip.py FILE

Prints one line of JSON. The import of pip is not counted.
"""

import json
import sys
import time

import pip
from pip._internal.network.session import PipSession
from pip._internal.req import parse_requirements
from pip._internal.req.constructors import install_req_from_parsed_requirement

session = PipSession()
started = time.perf_counter()
requirements = [
    install_req_from_parsed_requirement(parsed) for parsed in parse_requirements(sys.argv[1], session=session)
]
seconds = time.perf_counter() - started
print(json.dumps({"pip": pip.__version__, "requirements": len(requirements), "seconds": seconds}))
