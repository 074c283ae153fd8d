"""Queries with Amazon Athena: started once, asked about until they are over, and their answers page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from orgctl.aws.call import Answer, pages, perform, read
from orgctl.aws.operations.writes import WRITES
from orgctl.aws.session import Aws
from orgctl.errors import AwsError

_PAGE = 1_000
"""Rows of an answer at once. Source: GetQueryResults, Amazon Athena API Reference."""

Texts = tuple[str | None, ...]
"""A row of an answer; None is NULL."""


class State(Enum):
    """How far a query is. Source: QueryExecutionStatus, Amazon Athena API Reference."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self not in (State.QUEUED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Execution:
    """A query that was started: `reason` says why it failed, `scanned` how many bytes it has read.

    `submitted` and `ended` have an offset; `ended` is None while it runs. `manifest` is the object that names the files
    that the query has written, beside its answer: `s3://…`.
    """

    id: str
    state: State
    reason: str = ""
    scanned: int = 0
    submitted: datetime | None = None
    ended: datetime | None = None
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class Workgroup:
    """Where queries run: a workgroup in an account (None: the caller's own) and region, and their database."""

    aws: Aws
    name: str
    database: str
    account: str | None = None
    region: str | None = None

    def start(self, sql: str, token: str) -> str:
        """Start a query, and give its id. The same token starts no second one. Raises AwsError."""
        parameters = {
            "QueryString": sql,
            "ClientRequestToken": token,
            "QueryExecutionContext": {"Database": self.database},
            "WorkGroup": self.name,
        }
        entry = WRITES["athena", "StartQueryExecution"]
        answer = perform(self.aws, entry, parameters, account=self.account, region=self.region)
        return str(answer["QueryExecutionId"])

    def find(self, query_id: str) -> Execution | None:
        """How far a query is; None if Athena knows none with that id, for it forgets. Raises AwsError."""
        try:
            answer = self._read("GetQueryExecution", {"QueryExecutionId": query_id})["QueryExecution"]
        except AwsError as error:
            if error.code == "InvalidRequestException":
                return None
            raise
        status = answer["Status"]
        return Execution(
            query_id,
            State(status["State"]),
            status.get("StateChangeReason", ""),
            answer.get("Statistics", {}).get("DataScannedInBytes", 0),
            status.get("SubmissionDateTime"),
            status.get("CompletionDateTime"),
            answer.get("Statistics", {}).get("DataManifestLocation", ""),
        )

    def rows(self, query_id: str) -> Iterator[Texts]:
        """The rows of a query's answer, without the names of the columns. Raises AwsError."""
        asked = {"QueryExecutionId": query_id, "MaxResults": _PAGE}
        is_first = True
        for page in pages(self.aws, "athena", "GetQueryResults", asked, account=self.account, region=self.region):
            for row in page["ResultSet"]["Rows"]:
                if not is_first:
                    yield tuple(each.get("VarCharValue") for each in row["Data"])
                is_first = False

    def stop(self, query_id: str) -> None:
        """Cancel a query; what is over already stays as it is. Raises AwsError."""
        entry = WRITES["athena", "StopQueryExecution"]
        perform(self.aws, entry, {"QueryExecutionId": query_id}, account=self.account, region=self.region)

    def _read(self, operation: str, parameters: dict[str, object]) -> Answer:
        return read(self.aws, "athena", operation, parameters, account=self.account, region=self.region)
