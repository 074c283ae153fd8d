"""A query that fails, in Athena's words."""


class QueryError(Exception):
    """`SYNTAX_ERROR: …`: what Athena gives as the reason of the state FAILED."""


class ScanLimitError(QueryError):
    """The workgroup's limit was reached; the query is cancelled. `scanned` bytes had been read."""

    def __init__(self, scanned: int) -> None:
        super().__init__("Bytes scanned limit was exceeded")
        self.scanned = scanned
