//! End to end: the main job, escapes, crashes.
