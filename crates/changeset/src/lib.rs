//! Plan changes to a directory tree, show them, apply them as one journalled, undoable transaction.
