"""Reports, briefs and rules for assistants, as tools and resources of the Model Context Protocol. Read only."""
