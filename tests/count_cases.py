"""Counts a run of ctest by test case: `count_cases.py FOLDER` prints "PASSED FAILED SKIPPED".

FOLDER holds ctest.junit, and NAME.xml of every test program NAME that is GoogleTest's. A program
that failed without naming a case (a crash, a sanitizer's finding) counts as one failed.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def cases_of(report):
    """(passed, failed, skipped) of one GoogleTest report."""
    root = ElementTree.parse(report).getroot()
    cases = list(root.iter("testcase"))
    failed = sum(1 for case in cases if case.find("failure") is not None)
    skipped = sum(1 for case in cases
                  if case.get("status") == "notrun" or case.find("skipped") is not None)
    return len(cases) - failed - skipped, failed, skipped


def count(folder):
    total = [0, 0, 0]
    for program in ElementTree.parse(folder / "ctest.junit").getroot().iter("testcase"):
        succeeded = program.get("status") == "run"
        report = folder / f"{program.get('name')}.xml"
        passed, failed, skipped = (1, 0, 0) if succeeded else (0, 1, 0)
        if report.exists():
            try:
                passed, failed, skipped = cases_of(report)
            except ElementTree.ParseError:  # It died while writing.
                passed, failed, skipped = 0, 0, 0
        if not succeeded and failed == 0:
            failed = 1
        for i, number in enumerate((passed, failed, skipped)):
            total[i] += number
    return total


def main():
    passed, failed, skipped = count(Path(sys.argv[1]))
    print(passed, failed, skipped)
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
