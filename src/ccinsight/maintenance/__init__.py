"""Looking after the data: forgetting a person or a customer, backup and restore."""
