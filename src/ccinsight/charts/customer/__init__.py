"""The charts of the page of one customer, one a file."""
