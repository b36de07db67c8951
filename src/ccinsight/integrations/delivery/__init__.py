"""What goes to readers by itself: messages, alerts and calendar feeds, each with the reader's own customers only."""
