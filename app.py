"""Where a Hugging Face Space starts: the same command as on a laptop, on every interface.

A Space sets SPACE_ID and expects port 7860. Settings are TUTOR_* variables of the Space.
"""

import sys

from tutor.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", "--host", "0.0.0.0"]))
