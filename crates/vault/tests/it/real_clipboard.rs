//! The real clipboard.
