"""How many random cases the properties here try: `ORGCTL_EXAMPLES=20000 pytest tests/replay` for a long run."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "replay",
    max_examples=int(os.environ.get("ORGCTL_EXAMPLES", "200")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("replay")
