"""Files to rows of text: CSV and Excel, whatever their encoding, delimiter and header."""
