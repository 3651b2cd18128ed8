//! Lossless parser for pip requirements and constraints files.
