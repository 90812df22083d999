"""Known vulnerabilities in the locked dependencies, where the service that knows them can be asked.

Fails only for one that a newer version mends (`make lock` then brings it). Offline, it says so and passes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "run.txt"


def asked() -> list[dict[str, object]]:
    """What pip-audit says of each dependency; empty where the service cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
    options = ["--format", "json", "--desc", "off", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(
            [*command, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
        )
        dependencies: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return []
    return [dependency for dependency in dependencies if "skip_reason" not in dependency]


def main() -> int:
    """Exit status: 1 where a known vulnerability can be mended by a newer version, else 0."""
    dependencies = asked()
    if not dependencies:
        print("not asked: the vulnerability service cannot be reached from here")
        return 0
    mendable = 0
    for dependency in dependencies:
        vulnerabilities = dependency.get("vulns")
        for vulnerability in vulnerabilities if isinstance(vulnerabilities, list) else []:
            fixed = ", ".join(vulnerability["fix_versions"])
            mendable += bool(fixed)
            what = f"{dependency['name']} {dependency['version']}: {vulnerability['id']}"
            print(f"{what}, mended in: {fixed or 'nothing yet'}")
    print(f"{len(dependencies)} dependencies asked about, {mendable} vulnerabilities that a newer version mends")
    return 1 if mendable else 0


if __name__ == "__main__":
    sys.exit(main())
