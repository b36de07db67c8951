"""Rules that a user can edit in TOML: possibilities for a customer, renewal risk, alerts."""
