"""Puts the pins into the package as it is built: an installed trainer checks them, and they decide its version."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PINS = ("requirements-torch.txt", "requirements.txt")


class BuildWithPins(build_py):
    """Copies the pins beside the modules."""

    def run(self) -> None:
        """Build as usual, then copy."""
        super().run()
        for name in PINS:
            self.copy_file(name, str(Path(self.build_lib) / "because_trainer" / name))


setup(cmdclass={"build_py": BuildWithPins})
