"""Run every check of the sources, also after one has failed, and say which failed. For `dev.py lint`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "style (ruff check)": [str(BIN / "ruff"), "check", "--quiet"],
    "format (ruff format)": [str(BIN / "ruff"), "format", "--check", "--quiet"],
    "types (mypy)": [str(BIN / "mypy"), "--no-error-summary"],
    "who imports whom (import-linter)": [str(BIN / "lint-imports"), "--no-cache"],
    "file sizes": [sys.executable, "tools/check_sizes.py"],
    "texts": [sys.executable, "tools/check_text.py"],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    """Print one line per check, its words only where it failed; 1 where any did."""
    failed = []
    # Settings read a data folder; an empty one keeps the checks away from anybody's real data.
    with tempfile.TemporaryDirectory(prefix="fair-notice-lint-") as data:
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "fairnotice.site.settings", "FAIRNOTICE_DATA": data}
        for name, command in CHECKS.items():
            result = subprocess.run(
                command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            print(f"{name}: {'FAILED' if result.returncode else 'fine'}", flush=True)
            if result.returncode:
                failed.append(name)
                print(result.stdout, flush=True)
    print(f"{len(failed)} of {len(CHECKS)} checks failed" if failed else f"all {len(CHECKS)} checks are fine")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
