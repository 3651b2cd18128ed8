//! Lock files of Python: uv.lock, pylock.toml, poetry.lock, Pipfile.lock, pdm.lock.
