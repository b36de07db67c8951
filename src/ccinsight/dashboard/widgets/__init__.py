"""What pages are made of: tables, charts, cards, headlines, downloads."""
