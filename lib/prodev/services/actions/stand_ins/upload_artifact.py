"""Copy files into a folder of the run, as the stand-in for actions/upload-artifact."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def chosen(workspace: Path, patterns: str) -> list[Path]:
    """Return the files that the patterns name, one pattern a line."""
    files: set[Path] = set()
    for line in filter(None, map(str.strip, patterns.splitlines())):
        for path in sorted(workspace.glob(line.removeprefix("./").rstrip("/"))):
            files |= (
                {path} if path.is_file() else {each for each in path.rglob("*") if each.is_file()}
            )
    return sorted(files)


def main() -> int:
    """Copy what is there; 1 where nothing is and the workflow calls that an error."""
    workspace = Path(os.environ["GITHUB_WORKSPACE"])
    name = os.environ.get("STAND_IN_NAME") or "artifact"
    pattern = os.environ.get("STAND_IN_PATH", "")
    files = chosen(workspace, pattern)
    target = Path(os.environ["STAND_IN_ARTIFACTS"]) / Path(name).name
    for file in files:
        place = target / file.relative_to(workspace)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    print(f"stand-in for {os.environ['STAND_IN_ACTION']}: {len(files)} files in '{name}'.")
    if files:
        return 0
    print(f"No files were found with the path {pattern!r}.")
    return 1 if os.environ.get("STAND_IN_IF_NO_FILES_FOUND") == "error" else 0


if __name__ == "__main__":
    sys.exit(main())
