"""The charts of the page of revenue, by what they show."""
