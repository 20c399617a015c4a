"""Reads the report files of the tests with the readers of PyPI, to the counts of the JSON report beside them."""

import json
import pathlib
import sys

from junitparser import Error, Failure, JUnitXml, Skipped
from sarif.loader import load_sarif_file

folder = pathlib.Path(sys.argv[1])


def check(claim, found, expected):
    if found != expected:
        sys.exit(f"{claim}: expected {expected}, found {found}")


def read(stem):
    """One run in all its formats."""
    report = json.loads((folder / f"{stem}.json").read_text())
    counts = report["summary"]["counts"]

    suites = JUnitXml.fromfile(str(folder / f"{stem}.junit"))
    cases = [case for suite in suites for case in suite]
    kinds = {kind: sum(any(isinstance(result, kind) for result in case.result) for case in cases) for kind in (Failure, Error, Skipped)}
    check("JUnit: tests", (suites.tests, len(cases)), (len(report["cases"]),) * 2)
    check("JUnit: failures", (suites.failures, kinds[Failure]), (counts["violates"],) * 2)
    check("JUnit: errors", (suites.errors, kinds[Error]), (counts["environment"] + counts["undetermined"] + counts["refused"],) * 2)
    check("JUnit: skipped", (suites.skipped, kinds[Skipped]), (counts["skipped"],) * 2)

    log = json.loads((folder / f"{stem}.sarif").read_text())
    told = {}
    for result in log["runs"][0]["results"]:
        told[result["properties"]["case"]] = result["properties"]["verdict"]
    for verdict in ("violates", "drifted", "environment", "undetermined", "refused"):
        check(f"SARIF: cases that are {verdict}", list(told.values()).count(verdict), counts[verdict])
    check("SARIF: results", load_sarif_file(str(folder / f"{stem}.sarif")).get_result_count(), len(log["runs"][0]["results"]))

    print(f"{stem}: JUnit and SARIF of {len(cases)} cases are read to the same counts")


for stem in ("report", "payloads"):
    read(stem)
