"""Opens the HTML report of a hostile model in headless Chromium: nothing of it may run.

The model's files have names that are markup. Each would change the title of the page, add an
element or load something if a browser took it for more than text. The page is looked at as the
browser built it, and again with its own policy about content taken out, so that the escaping has
to hold alone. A canary without escaping shows that the look would have found it.
"""

from __future__ import annotations

import argparse
import html.parser
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

#: What a name would do if it were markup: set a title that no report has.
RUN = "document.title='ran'"
NAMES = [
    f'<img src=x onerror="{RUN}">.bin'.encode(),
    f'"><svg onload="{RUN}">'.encode(),
    b"' tabindex=1 autofocus onfocus=document.title=0 x='",
    f"]]><script>{RUN}<".encode(),
    b"<style>body{display:none}",
    b"<iframe srcdoc=x>",
    b"[x](javascript:alert(1))",
    b"`rm`",
    "model\u202enip.exe".encode(),
    b"new\nline",
    b"not\xffutf8",
    b"&lt;b&gt;",
]
#: As the page has to show them.
SHOWN = [
    *(name.decode() for name in NAMES[:8]),
    "model\\u{202e}nip.exe",
    "new\\nline",
    "not\\xffutf8",
    "&lt;b&gt;",
]
#: What a report never holds.
FOREIGN = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input"}


class Page(html.parser.HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def title(source: str) -> str:
    """What the browser shows in its tab."""
    return source.partition("<title>")[2].partition("</title>")[0]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and notes what is asked for."""

    asked: list[str] = []

    def do_GET(self) -> None:
        Quiet.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def browse(browser: str, address: str, profile: str) -> str:
    """The page as the browser has built it after all scripts and loads."""
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-extensions",
        f"--user-data-dir={profile}", "--virtual-time-budget=3000", "--dump-dom", address,
    ]
    run = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return run.stdout.decode("utf-8")


def complaints(source: str, original: str) -> list[str]:
    """What is wrong with a page after a browser has had it."""
    page = Page()
    page.feed(source)
    text = "".join(page.texts)
    found = []
    if title(source) != title(original):
        found.append(f"the title became {title(source)!r}")
    found += [f"an element {tag}" for tag in page.elements if tag in FOREIGN]
    found += [f"an attribute {name}" for name, _ in page.attributes if name.startswith("on")]
    found += [
        f"a link to {value}"
        for name, value in page.attributes
        if name in ("href", "src") and not value.startswith("#")
    ]
    found += [f"{name!r} is not shown as text" for name in SHOWN if name not in text]
    return found


def report(bonafide: Path, place: Path) -> str:
    """The page about a model whose files have hostile names."""
    model = place / "model"
    shutil.copytree(ROOT / "fixtures/supply-chain/digits-classifier", model)
    for name in NAMES:
        # A slash cannot be part of a name; none of them has one.
        with open(os.path.join(os.fsencode(model), name), "wb") as file:
            file.write(b"x")
    output = place / "report.html"
    command = [
        bonafide, "verify", model, "--policy", ROOT / "policies/registry-gate.toml",
        "--quiet", "--output", f"html={output}",
    ]
    run = subprocess.run(command, cwd=ROOT, check=False)
    if run.returncode != 1:
        raise SystemExit(f"the hostile model is not denied: exit code {run.returncode}")
    return output.read_text(encoding="utf-8")


def without_policy(source: str) -> str:
    """The page without its policy about content."""
    start = source.index('<meta http-equiv="Content-Security-Policy"')
    end = source.index(">", start) + 1
    return source[:start] + source[end:]


#: A page around the report, as wide as a telephone, that tells how the report fits into it.
FRAME = """<!DOCTYPE html><title>waiting</title>
<iframe src="report.html" width="420" height="900"></iframe>
<script>addEventListener("load", () => {
  const page = frames[0].document;
  const shape = frames[0].getComputedStyle(page.querySelector(".lineage .l-sheet"));
  document.title = [
    page.documentElement.scrollWidth <= page.documentElement.clientWidth ? "fits" : "too wide",
    frames[0].getComputedStyle(page.body).margin === "0px" ? "styled" : "without style",
    shape.fill === "rgb(0, 0, 0)" ? "black picture" : "drawn",
  ].join(", ");
});</script>
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bonafide", type=Path, required=True, help="the command")
    parser.add_argument("--skip-without-browser", action="store_true")
    arguments = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no browser: none of {', '.join(BROWSERS)} is installed", file=sys.stderr)
        return 0 if arguments.skip_without_browser else 1
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        original = report(arguments.bonafide.resolve(), place)
        served = place / "served"
        served.mkdir()
        # The canary is what the page would be if names were not escaped.
        canary = original.replace("</main>", f"{NAMES[0].decode()}{NAMES[1].decode()}</main>")
        pages = {
            "report": original,
            "bare": without_policy(original),
            "canary": without_policy(canary),
            "stopped": canary,
        }
        for name, source in pages.items():
            (served / f"{name}.html").write_text(source, encoding="utf-8")
        (served / "frame.html").write_text(FRAME, encoding="utf-8")
        handler = lambda *a, **k: Quiet(*a, directory=str(served), **k)  # noqa: E731
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = {}
        for name in pages:
            address = f"http://127.0.0.1:{server.server_port}/{name}.html"
            source = browse(browser, address, str(place / "profile"))
            found[name] = complaints(source, original)
            ran = title(source) == "ran"
            if ran != (name == "canary"):
                found[name].append("a script ran" if ran else "nothing ran")
        frame = f"http://127.0.0.1:{server.server_port}/frame.html"
        fit = title(browse(browser, frame, str(place / "profile")))
        server.shutdown()
    failures = [f"{name}: {what}" for name in ("report", "bare") for what in found[name]]
    if fit != "fits, styled, drawn":
        failures.append(f"report at 420 pixels: {fit}")
    if "nothing ran" in found["canary"] or not any("element img" in what for what in found["canary"]):
        failures.append("canary: not found, so this test finds nothing")
    if "a script ran" in found["stopped"]:
        failures.append("stopped: the policy about content lets scripts run")
    pages_asked = {f"/{name}.html" for name in pages} | {"/favicon.ico", "/frame.html"}
    # The canaries ask for the picture of their broken image, unless the policy stops them.
    loads = [path for path in Quiet.asked if path not in pages_asked and path != "/x"]
    failures += [f"the page asked for {path}" for path in loads]
    for failure in failures:
        print(failure, file=sys.stderr)
    if not failures:
        print(f"{len(NAMES)} hostile names are text in {browser}, with and without the policy")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
