"""The command line with the fake reader, in a process of its own that tests may kill."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from sijill.cli.main import main
    from sijill.reading.reader import READERS

    READERS["fake"] = "fake_reader:load"
    main()
