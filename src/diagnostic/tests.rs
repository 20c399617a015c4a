//! Claims about how mistakes are kept, ordered and printed.
