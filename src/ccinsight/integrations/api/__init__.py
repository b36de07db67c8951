"""Reports for programs: Excel, Power BI and others that read by an address with a token."""
