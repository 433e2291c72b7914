"""`python -m pkginventory`: the same front door."""

import sys

from pkginventory.cli import main

if __name__ == "__main__":
    sys.exit(main())
