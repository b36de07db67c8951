"""What is refused."""


class UntranslatableError(Exception):
    """A construct of DuckDB SQL for which there is no rule: Spark might run it and answer otherwise."""
