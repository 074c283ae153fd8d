"""One module a page of `docs/reference/`, each with a function `page` that gives its text."""
