"""Services that RCPs do not bear on. Source: "Resource control policies (RCPs)", AWS Organizations User Guide."""

from __future__ import annotations

from collections.abc import Iterator

from orgctl.lint import catalogue
from orgctl.lint.check import ONLY_RCP, Check, Finding
from orgctl.lint.subject import Subject, texts
from orgctl.policy.layers import RCP_SERVICES


def rcp_services(subject: Subject) -> Iterator[Finding]:
    """Each action of an RCP is of a service that supports RCPs."""
    for statement in subject.document.statements:
        for action in dict.fromkeys(texts(statement.actions)):
            meant = catalogue.prefixes(action.partition(":")[0].lower())
            if meant and not RCP_SERVICES.intersection(meant):
                message = f"RCPs do not bear on `{action}`: the service does not support them"
                hint = "deny it by a service control policy, which binds your own principals"
                yield Finding(subject.at_element(statement, "Action", action), message, hint)


RCP_SUPPORT = Check("L207", "A service that does not support resource control policies", rcp_services, folders=ONLY_RCP)
