"""A pytest plugin for `make fuzz`: every property is tried on far more examples than in `make test`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("fuzz", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("fuzz")
