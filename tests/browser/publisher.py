"""``python -m tests.browser.publisher``: ConvScope, for which another file is the published one.

The hash in a published file's name is checked, as ever; only the name in the table is another.
"""

from __future__ import annotations

import os

from app.__main__ import main
from models.sources import official

NETWORK = "squeezenet1_1"

if __name__ == "__main__":
    name, size = os.environ["CONVSCOPE_TEST_FILE"], int(os.environ["CONVSCOPE_TEST_BYTES"])
    official.FILES[NETWORK] = (name, size / official.MIB, 0.5, 0.8)
    main()
