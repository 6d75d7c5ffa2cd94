"""`python -m fairnotice`: the same as the command `fairnotice`."""

import sys

from fairnotice.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
