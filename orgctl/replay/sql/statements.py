"""A statement as one boolean SQL expression over the columns: whether it applies to a row.

Its effect is no part of it. Everything else stands behind the action, which decides most rows: engines then look at
the rest for the few that are left.
"""

from __future__ import annotations

from dataclasses import dataclass

from orgctl.policy.document import Document, Principals, Statement
from orgctl.replay.sql.actions import selects
from orgctl.replay.sql.conditions import holds
from orgctl.replay.sql.logic import FALSE, TRUE, both, chosen
from orgctl.replay.sql.resources import covers
from orgctl.replay.sql.scope import Scope


@dataclass(frozen=True, slots=True)
class StatementSql:
    """`sql` is true, false or NULL. `given_up` says what SQL cannot say of the statement, and leaves NULL."""

    sql: str
    given_up: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether SQL says all of it: where it is NULL, the evaluator cannot tell either."""
        return not self.given_up


def statement_sql(statement: Statement, document: Document, organization: str | None = None) -> StatementSql:
    """Compile one statement; `organization` is the id that `aws:PrincipalOrgID` has for its members, if known."""
    scope = Scope(statement.actions, organization)
    variables = document.has_variables
    rest = both(
        covers(statement.resources, scope, variables=variables),
        _names(statement.principals, scope),
        *(holds(condition, scope, variables=variables) for condition in statement.conditions),
    )
    about = selects(statement.actions)
    sql = about if rest == TRUE else chosen((about, rest), (TRUE, FALSE))
    return StatementSql(sql, tuple(dict.fromkeys(scope.given_up)))


def _names(principals: Principals | None, scope: Scope) -> str:
    """SCPs have no principals, and those of RCPs are everybody."""
    if principals is None or (not principals.negated and ("AWS", "*") in principals.members):
        return TRUE
    return scope.give_up("principals other than everybody")
