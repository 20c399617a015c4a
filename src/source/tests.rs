//! Claims about files, places and trees.
