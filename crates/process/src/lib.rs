//! Run external tools (uv, pip, git) with time limits and redacted output.
