"""Run one scanner over many paths: `worker.py SCANNER` reads paths from standard input, and answers each with one line of JSON.

The answer is what the command line tool concludes at its default settings, through its Python interface so that start-up is not
paid for each file: `flagged` (something found, whether or not a part could not be read), `incomplete` (an error, or no verdict),
`unread` (no format of it, so that nothing was looked at), `clean`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

FLAGGED, INCOMPLETE, UNREAD, CLEAN = "flagged", "incomplete", "unread", "clean"


def picklescan() -> Callable[[str], str]:
    from picklescan.scanner import scan_directory_path, scan_file_path

    def judge(path: str) -> str:
        result = scan_directory_path(path) if os.path.isdir(path) else scan_file_path(path)
        if result.issues_count:
            return FLAGGED
        return INCOMPLETE if result.scan_err else CLEAN

    return judge


def modelscan() -> Callable[[str], str]:
    from modelscan.modelscan import ModelScan
    from modelscan.settings import DEFAULT_SETTINGS

    def judge(path: str) -> str:
        scanner = ModelScan(settings=DEFAULT_SETTINGS)
        scanner.scan(path)
        if scanner.issues.all_issues:
            return FLAGGED
        if not scanner.scanned:
            return INCOMPLETE if scanner.errors else UNREAD
        return INCOMPLETE if scanner.errors else CLEAN

    return judge


def fickling() -> Callable[[str], str]:
    from fickling.cli import main
    from fickling.loader import scan_zip_archive

    def one(path: str) -> str:
        if zipfile.is_zipfile(path):
            results = list(scan_zip_archive(path, graceful=True).values())
            if any(not result.is_safe for result in results):
                return FLAGGED
            if any(result.errors for result in results):
                return INCOMPLETE
            return CLEAN if results else UNREAD
        code = main(["fickling", "--check-safety", "--json-output", os.devnull, path])
        return {0: CLEAN, 1: FLAGGED}.get(code, INCOMPLETE)

    def judge(path: str) -> str:
        files = [str(file) for file in sorted(Path(path).rglob("*")) if file.is_file()] if os.path.isdir(path) else [path]
        verdicts = {one(file) for file in files}
        return next((verdict for verdict in (FLAGGED, INCOMPLETE, UNREAD) if verdict in verdicts), CLEAN)

    return judge


def modelaudit() -> Callable[[str], str]:
    from modelaudit.core import determine_exit_code, scan_model_directory_or_file

    def judge(path: str) -> str:
        result = scan_model_directory_or_file(path, cache_enabled=False)
        issues = [issue for issue in result.issues if str(getattr(issue.severity, "value", issue.severity)) in ("warning", "critical")]
        code = determine_exit_code(result)
        if code == 1 or issues:
            return FLAGGED
        if code == 0:
            return CLEAN
        return UNREAD if result.files_scanned == 0 else INCOMPLETE

    return judge


SCANNERS = {"picklescan": picklescan, "modelscan": modelscan, "fickling": fickling, "modelaudit": modelaudit}


def serve(make: Callable[[], Callable[[str], str]]) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # What the scanners print is no answer.
    logging.disable(logging.CRITICAL)
    judge = make()
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        path = line.rstrip("\n")
        start = time.perf_counter()
        detail = ""
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                verdict = judge(path)
        except BaseException as failure:  # A scanner that fails gives no verdict; some call `sys.exit`.
            verdict, detail = INCOMPLETE, f"{type(failure).__name__}: {failure}"[:200]
        answer = {"path": path, "verdict": verdict, "seconds": time.perf_counter() - start, "detail": detail}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(SCANNERS[sys.argv[1]])
