//! Wheels compared by content and by meaning.
