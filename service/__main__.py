"""`python -m service` is `tsunagi`."""

import sys

from service.cli import main

sys.exit(main())
