"""What must hold, and how a case says that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class Fault(Exception):
    """A case did not end as it must."""


@dataclass(frozen=True)
class Case:
    """Something that must hold, shown in an empty folder."""

    name: str
    show: Callable[[Path], None]


def expect(what: str, got: object, wanted: object) -> None:
    if got != wanted:
        raise Fault(f"{what}: expected {wanted!r}, got {got!r}")
