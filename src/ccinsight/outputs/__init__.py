"""What a report becomes outside: CSV, JSON, Excel, Parquet, a calendar, and sentences that explain an amount."""
