"""One module a revision; each is frozen once it was released."""
