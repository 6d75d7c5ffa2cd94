"""One peer in a process of its own: `python -m bench.observatory.child PEER DUMP FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(name: str, dump: str, folder: str) -> None:
    """One line of JSON."""
    from bench.observatory.peers import PEERS

    groups = PEERS[name](Path(dump), Path(folder))
    print(json.dumps([[*key, many] for key, many in groups.items()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
