"""What one page needs beyond widgets; a module is named like its page."""
