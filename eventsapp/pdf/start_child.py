"""First file of the rendering process: enters the package without its factory.

`import eventsapp` loads the whole application; the process that renders must know nothing of it.
"""

import importlib
import sys
import types
from pathlib import Path

PROJECT = Path(__file__).parents[2]

if __name__ == "__main__":
    package = types.ModuleType("eventsapp")
    package.__path__ = [str(PROJECT / "eventsapp")]
    sys.modules["eventsapp"] = package
    sys.path.insert(0, str(PROJECT))
    importlib.import_module("eventsapp.pdf.child").main()
