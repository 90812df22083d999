"""Dead links in the documentation: every relative link must lead to a file, and to a heading where it names one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\s*\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def documents() -> Iterator[Path]:
    """Every Markdown file of the project."""
    yield from sorted(ROOT.glob("*.md"))
    for folder in ("docs", "config", "models", "mailbot", "tests", "benchmarks", "requirements"):
        yield from sorted((ROOT / folder).rglob("*.md"))


def anchors(text: str) -> set[str]:
    """The fragments that a Markdown page's headings answer to."""
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(text))
    return set(slugs)


def dead(document: Path) -> Iterator[str]:
    """One line for each link of the document that leads nowhere."""
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    for inline, reference in LINK.findall(text):
        link = inline or reference
        if re.match(r"[a-z][a-z0-9+.-]*:", link, re.IGNORECASE):
            continue
        path, _, fragment = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        where = f"{document.relative_to(ROOT)}: {link}"
        if not target.exists():
            yield f"{where} (no such file)"
        elif fragment and target.suffix == ".md" and fragment not in anchors(target.read_text(encoding="utf-8")):
            yield f"{where} (no such heading)"


def main() -> int:
    """Exit status: 1 where a link is dead, else 0."""
    pages = list(documents())
    found = [line for page in pages for line in dead(page)]
    print("\n".join([*found, f"{len(pages)} pages, {len(found)} dead links"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
