//! Tampered.
