"""What is to be known about functions, whether from a configuration item or from Lambda itself."""

from __future__ import annotations

from organization_rule.items import Item, section, text


def why_not_judged(item: Item) -> str:
    """Why layers and signatures of code are impossible for a function; empty where they are possible.

    Items from before December 2020 have no `packageType`; their functions are from .zip files.
    """
    configuration = section(item, "configuration")
    if configuration.get("packageType") == "Image":
        return "a function from a container image has neither layers nor signed code"
    if "." in (text(configuration.get("functionName")) or text(item.get("resourceName"))):
        return "a replica of Lambda@Edge is what the function in us-east-1 is"
    return ""
