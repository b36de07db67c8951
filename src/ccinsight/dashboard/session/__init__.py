"""What belongs to one session or one run of a page."""
