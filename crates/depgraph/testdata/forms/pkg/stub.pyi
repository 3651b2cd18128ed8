from typing import Any
import stubbed as stubbed
