"""Letters and e-mails that notify customers of a new price (A5): from a template with tokens to files."""
