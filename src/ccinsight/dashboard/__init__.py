"""What only Streamlit needs: cached reads, the address, the sidebar, cards, tables, charts on a page."""
