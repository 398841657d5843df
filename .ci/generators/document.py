"""The page with the tables: written from what was measured, and compared with what was measured before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

NOT_MEASURED = "not measured"


@dataclass
class Table:
    """A Markdown table whose rows are known by their first cell."""

    title: str
    header: tuple[str, ...]
    rows: dict[str, list[str | None]] = field(default_factory=dict)
    """The other cells by the first; None for what this run could not measure."""

    def add(self, key: str, cells: Sequence[str | None]) -> None:
        if len(cells) != len(self.header) - 1:
            raise ValueError(f"{key}: {len(cells) + 1} cells for {len(self.header)} columns")
        self.rows[key] = list(cells)

    def complete(self, earlier: str) -> list[str]:
        """Take over from the earlier page what this run could not measure; how many, by column."""
        known = rows_of(earlier, self.title)
        taken: dict[str, list[str]] = {}
        for key, cells in self.rows.items():
            for number, cell in enumerate(cells):
                if cell is None:
                    before = known.get(key, [])
                    cells[number] = before[number] if len(before) == len(cells) else NOT_MEASURED
                    taken.setdefault(self.header[number + 1], []).append(key)
        return [f"{self.title}, {column}: {len(keys)} of {len(self.rows)} cells" for column, keys in taken.items()]

    def markdown(self, introduction: str = "\n") -> str:
        """The section: title, introduction (between empty lines), table."""
        lines = [f"## {self.title}\n{introduction}{line(self.header)}", line(["---"] * len(self.header))]
        for key, cells in self.rows.items():
            lines.append(line([key, *(NOT_MEASURED if cell is None else cell for cell in cells)]))
        return "\n".join(lines) + "\n"


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def rows_of(page: str, title: str) -> Mapping[str, list[str]]:
    """The rows of the table under a title, as they stand in a page."""
    _, found, rest = page.partition(f"## {title}\n")
    if not found:
        return {}
    section = rest.partition("\n## ")[0]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in section.splitlines() if row[:1] == "|"]
    return {row[0]: row[1:] for row in cells[2:]}
