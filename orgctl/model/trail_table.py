"""The table that reads the organization trail in place: its columns, how it finds partitions, and its DDL.

Source: "Create a table for an organization wide trail using Athena partition projection" and "Query AWS CloudTrail
logs", Amazon Athena User Guide. Three parts of a log file's key are partitions, and none is ever registered:

- `account` is *injected*: a query has to give its accounts, by `=` or `IN`. An enumeration would have to be changed
  with every account that joins, and would not hold those of a large organization.
- `region` is one of a list, `day` a date as the key has it, `2026/11/23`.

Beyond the documented columns `useridentity` tells the session's source identity and what it was delivered by, and
`resources` the ARN prefix. A field that a record lacks is NULL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orgctl.model.trail_queries import TrailQueries

SERDE = "org.apache.hive.hcatalog.data.JsonSerDe"
INPUT_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

PROJECTION = ("projection.", "storage.location.")
"""How the properties begin that say where partitions are."""
TABLE_TYPE = "EXTERNAL_TABLE"

TEXT = "string"
_ISSUER = "struct<type:string,principalid:string,arn:string,accountid:string,username:string>"
_SESSION = (
    "struct<attributes:struct<mfaauthenticated:string,creationdate:string>"
    f",sessionissuer:{_ISSUER}"
    ",ec2roledelivery:string"
    ",webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>"
    ",sourceidentity:string,assumedroot:string>"
)
_IDENTITY = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string"
    ",username:string,identityprovider:string"
    ",onbehalfof:struct<userid:string,identitystorearn:string>"
    f",sessioncontext:{_SESSION}>"
)

COLUMNS: Mapping[str, str] = {
    "eventversion": TEXT,
    "useridentity": _IDENTITY,
    "eventtime": TEXT,
    "eventsource": TEXT,
    "eventname": TEXT,
    "awsregion": TEXT,
    "sourceipaddress": TEXT,
    "useragent": TEXT,
    "errorcode": TEXT,
    "errormessage": TEXT,
    "requestparameters": TEXT,
    "responseelements": TEXT,
    "additionaleventdata": TEXT,
    "requestid": TEXT,
    "eventid": TEXT,
    "readonly": TEXT,
    "resources": "array<struct<arn:string,arnprefix:string,accountid:string,type:string>>",
    "eventtype": TEXT,
    "apiversion": TEXT,
    "recipientaccountid": TEXT,
    "serviceeventdetails": TEXT,
    "sharedeventid": TEXT,
    "vpcendpointid": TEXT,
    "vpcendpointaccountid": TEXT,
    "eventcategory": TEXT,
    "addendum": "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>",
    "sessioncredentialfromconsole": TEXT,
    "edgedevicedetails": TEXT,
    "tlsdetails": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
}
"""Hive's type of each column, by name. `requestparameters` and its like are JSON, as text."""

PARTITIONS: Mapping[str, str] = {"account": TEXT, "region": TEXT, "day": TEXT}
DAY_FORMAT = "yyyy/MM/dd"
"""How the partition `day` is written: as the key has it. As text, days compare in their order."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """What a table is, apart from its name. `parameters` are the table's properties."""

    location: str
    parameters: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=lambda: COLUMNS)
    partitions: Mapping[str, str] = field(default_factory=lambda: PARTITIONS)
    serde: str = SERDE
    input_format: str = INPUT_FORMAT
    output_format: str = OUTPUT_FORMAT
    description: str = field(default="Log files of the organization trail, read where they lie", compare=False)


def layout_of(queries: TrailQueries) -> TableLayout:
    """The table of this trail."""
    return TableLayout(queries.location, dict(_projection(queries)))


def _projection(queries: TrailQueries) -> Iterator[tuple[str, str]]:
    yield "classification", "cloudtrail"
    yield "projection.enabled", "true"
    yield "projection.account.type", "injected"
    yield "projection.region.type", "enum"
    yield "projection.region.values", ",".join(queries.regions)
    yield "projection.day.type", "date"
    yield "projection.day.format", DAY_FORMAT
    yield "projection.day.interval", "1"
    yield "projection.day.interval.unit", "DAYS"
    yield "projection.day.range", f"{queries.since:%Y/%m/%d},NOW"
    yield "storage.location.template", f"{queries.location}/${{account}}/CloudTrail/${{region}}/${{day}}"


def create_table(database: str, table: str, layout: TableLayout) -> str:
    """The statement by which Athena makes this table: what the Glue API is told, for people to read."""
    columns = ",\n".join(f"  `{name}` {kind}" for name, kind in layout.columns.items())
    partitions = ", ".join(f"`{name}` {kind}" for name, kind in layout.partitions.items())
    properties = ",\n".join(f"  {_quoted(key)} = {_quoted(value)}" for key, value in layout.parameters.items())
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS `{database}`.`{table}` (\n{columns}\n)\n"
        f"PARTITIONED BY ({partitions})\n"
        f"ROW FORMAT SERDE {_quoted(layout.serde)}\n"
        f"STORED AS INPUTFORMAT {_quoted(layout.input_format)}\n"
        f"  OUTPUTFORMAT {_quoted(layout.output_format)}\n"
        f"LOCATION {_quoted(layout.location)}\n"
        f"TBLPROPERTIES (\n{properties}\n)"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"
