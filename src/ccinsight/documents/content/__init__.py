"""What a customer holds of a brief, as data: a head, and chapters of blocks. ``pdf/`` and ``webpage/`` set the same."""
