"""Hold one CycloneDX 1.6 document against its schema, as `cyclonedx-python-lib` does strictly.

    python strict_validator.py DOCUMENT

Exit code 0 if it is valid, 1 with the first error if not.
"""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> int:
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        print(str(error)[:300], file=sys.stderr)
    return int(error is not None)


if __name__ == "__main__":
    sys.exit(main())
