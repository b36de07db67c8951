"""The server around the pages: routes, headers, garbage collection."""
