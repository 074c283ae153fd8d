"""botocore's models of services."""

from __future__ import annotations

from functools import cache

import botocore.session
from botocore.model import ServiceModel


@cache
def service_model(name: str) -> ServiceModel:
    """botocore's model of a service; read once, since the large ones take a while."""
    return botocore.session.get_session().get_service_model(name)
