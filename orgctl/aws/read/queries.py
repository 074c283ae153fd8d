"""What the trail is queried by, read in the account of its bucket, which is entered through the access role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orgctl.aws.call import Answer, pages, read
from orgctl.aws.read.query_shapes import DatabaseInfo, QueryInfo, TableInfo, WorkgroupInfo
from orgctl.aws.read.reading import Reading
from orgctl.aws.read.scope import QueryScope
from orgctl.errors import AccessDeniedError, AwsError
from orgctl.model.resources import is_owned
from orgctl.model.state import Finding
from orgctl.model.trail_queries import copies_of

LANE = "Athena"

_UNKNOWN_WORKGROUP = "is not found"
"""What Athena says of a workgroup that there is not, under the code InvalidRequestException."""
_OF_TABLE = ("PartitionKeys", "StorageDescriptor", "TableType", "Parameters")


def want_queries(reading: Reading, account_id: str, email: str = "") -> None:
    """Have it read if this is the account that it is in."""
    scope = reading.scope.queries
    owner = scope and (scope.account or reading.aws.identity.account).lower()
    if scope and owner in {account_id, email.lower()}:
        reading.crew.submit(LANE, _read, reading, scope, account_id)


def _read(reading: Reading, scope: QueryScope, account_id: str) -> None:
    """What there is; a finding where the account cannot be entered, and nothing of it is planned then."""
    try:
        reading.aws.client("athena", account_id, scope.region)
    except AccessDeniedError as error:
        reading.queries_closed = True
        reading.findings.append(Finding("athena", error.message, error.hint))
        return
    place = _Place(reading, scope.region, account_id)
    database = place.database(scope.database)
    names = (scope.table, copies_of(scope.table)) if database else ()
    tables = (place.table(scope.database, name) for name in names)
    reading.queries = QueryInfo(
        scope.region,
        account_id,
        database,
        tuple(table for table in tables if table),
        place.workgroup(scope.workgroup, reading.aws.identity.partition),
    )


class _Place:
    """One account and region, to be asked."""

    def __init__(self, reading: Reading, region: str, account: str) -> None:
        self._reading, self._region, self._account = reading, region, account

    def database(self, name: str) -> DatabaseInfo | None:
        """The database; with the names of its tables if it is ours, as it may have to go."""
        found = self._ask("glue", "GetDatabase", Name=name)
        if found is None:
            return None
        parameters = found["Database"].get("Parameters") or {}
        return DatabaseInfo(name, parameters, self._tables(name) if is_owned(parameters) else ())

    def _tables(self, database: str) -> tuple[str, ...]:
        asked = {"DatabaseName": database}
        aws, account, region = self._reading.aws, self._account, self._region
        answers = pages(aws, "glue", "GetTables", asked, account=account, region=region)
        return tuple(sorted(table["Name"] for page in answers for table in page.get("TableList", ())))

    def table(self, database: str, name: str) -> TableInfo | None:
        found = self._ask("glue", "GetTable", DatabaseName=database, Name=name)
        return TableInfo(name, _without_rest(found["Table"], _OF_TABLE)) if found else None

    def workgroup(self, name: str, partition: str) -> WorkgroupInfo | None:
        found = self._ask("athena", "GetWorkGroup", WorkGroup=name)
        if found is None:
            return None
        arn = f"arn:{partition}:athena:{self._region}:{self._account}:workgroup/{name}"
        tags = (self._ask("athena", "ListTagsForResource", ResourceARN=arn) or {}).get("Tags", ())
        group = found["WorkGroup"]
        worn = {tag["Key"]: tag.get("Value", "") for tag in tags}
        return WorkgroupInfo(name, group.get("State", "ENABLED"), group.get("Configuration") or {}, worn)

    def _ask(self, service: str, operation: str, **parameters: object) -> Answer | None:
        """The answer; None if there is no such thing."""
        aws, account, region = self._reading.aws, self._account, self._region
        try:
            return read(aws, service, operation, parameters, account=account, region=region)
        except AwsError as error:
            if error.code == "EntityNotFoundException" or _UNKNOWN_WORKGROUP in error.message:
                return None
            raise


def _without_rest(answer: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    return {key: answer[key] for key in kept if answer.get(key) is not None}
