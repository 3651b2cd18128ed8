//! Move a pip project to uv: detect, plan, apply, lock, verify, undo.
