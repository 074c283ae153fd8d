"""The files of a new Guard policy. As laid down it wants a tag; its tests say so, and pass."""

from __future__ import annotations

from collections.abc import Mapping

from orgctl.rules.scaffold.wanted import Asked


def guard_files(asked: Asked) -> Mapping[str, str]:
    """The files of the rule, by their path in its folder."""
    rule = asked.name.lower()
    types = ", ".join(f'"{kind}"' for kind in asked.resource_types)
    return {
        f"{asked.name}.guard": (
            f"rule {rule} when resourceType IN [{types}] {{\n"
            "  tags.Owner exists <<it has no tag `Owner`: say there who answers for it>>\n}\n"
        ),
        f"{asked.name}_tests.yaml": "".join(
            f"- name: {name}\n  input: {{resourceType: {kind}, tags: {{{tags}}}}}\n"
            f"  expectations: {{rules: {{{rule}: {status}}}}}\n"
            for name, kind, tags, status in (
                ("owned", asked.resource_types[0], "Owner: payments", "PASS"),
                ("nobody's", asked.resource_types[0], "", "FAIL"),
                ("something else", "AWS::::Account", "", "SKIP"),
            )
        ),
        "rule.yaml": f"summary: {asked.summary}\nresource_types: [{', '.join(asked.resource_types)}]\n",
        "README.md": f"# {asked.name}\n\n{asked.summary}\n",
    }
