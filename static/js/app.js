// Loads only the behaviours a page uses. The query string carries the version of the scripts.
