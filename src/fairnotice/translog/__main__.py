"""Entry point of ``python -m fairnotice.translog``."""

import sys

from fairnotice.translog.cli import main

sys.exit(main())
