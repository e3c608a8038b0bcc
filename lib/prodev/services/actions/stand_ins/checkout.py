"""Copy the repository's folder into the workspace, as the stand-in for actions/checkout.

Where the folder is a git repository, only its tracked files are copied, as git itself would.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def tracked(source: Path) -> list[str] | None:
    """Return the files that git knows, or None where it cannot say."""
    git = shutil.which("git")
    if not git or not (source / ".git").exists():
        return None
    listed = subprocess.run(
        [git, "-c", f"safe.directory={source}", "-C", str(source), "ls-files", "-z"],
        capture_output=True,
        check=False,
    )
    return listed.stdout.decode().split("\0")[:-1] if listed.returncode == 0 else None


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder into another one; links stay links."""
    for place, folders, files in os.walk(source):
        own = target / Path(place).relative_to(source)
        own.mkdir(parents=True, exist_ok=True)
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in (*files, *links):
            copy_file(Path(place, name), own / name)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file and whether it can be executed; a link stays a link.

    Its time and owner are the run's, as with git. Some systems let a run change neither, and so
    the mode is set where the file is made.
    """
    target.unlink(missing_ok=True)
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with source.open("rb") as read:
        mode = os.fstat(read.fileno()).st_mode & 0o777 | 0o200
        with open(os.open(target, flags, mode), "wb") as write:  # noqa: PTH123
            shutil.copyfileobj(read, write)


def copy(source: Path, target: Path) -> int:
    """Copy the repository and return the number of its files."""
    target.mkdir(parents=True, exist_ok=True)
    names = tracked(source)
    if names is None:
        copy_tree(source, target)
    else:
        for name in names:
            if not os.path.lexists(source / name):
                continue  # deleted, but not yet from git's list
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            copy_file(source / name, target / name)
        copy_tree(source / ".git", target / ".git")
    return sum(
        len(files) for folder, _, files in os.walk(target) if ".git" not in Path(folder).parts
    )


def main() -> int:
    """Do what the inputs ask for; 1 where that needs GitHub."""
    if os.environ.get("STAND_IN_REPOSITORY"):
        print("stand-in for actions/checkout: it knows this repository only.")
        return 1
    workspace = Path(os.environ["GITHUB_WORKSPACE"]).resolve()
    target = (workspace / os.environ.get("STAND_IN_PATH", "")).resolve()
    if not target.is_relative_to(workspace):
        print(f"stand-in for actions/checkout: the path {target} is outside of the workspace.")
        return 1
    files = copy(Path(os.environ["STAND_IN_SOURCE"]), target)
    print(f"stand-in for {os.environ['STAND_IN_ACTION']}: copied {files} files of the repository.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
