"""What the article needs to know of a trial beyond its fields; no module here has words of a page."""
