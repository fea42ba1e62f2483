"""What the checks found, and what they counted."""

from collections import Counter

_SHOWN_OF_A_KIND = 20


class Findings:
    def __init__(self):
        self._found = []
        self._of_a_kind = Counter()
        self.counts = Counter()

    def add(self, kind, text):
        """`kind` is one of the words that checker_test.py expects: "index missing", ..."""
        self._of_a_kind[kind] += 1
        if self._of_a_kind[kind] <= _SHOWN_OF_A_KIND:
            self._found.append(f"{kind}: {text}")

    def compare(self, what, expected, found, shown=str):
        """Every difference between two dictionaries: missing, extra, wrong."""
        for key in sorted(expected.keys() - found.keys(), key=str):
            self.add(f"{what} missing", f"{shown(key)}, should be {expected[key]}")
        for key in sorted(found.keys() - expected.keys(), key=str):
            self.add(f"{what} extra", f"{shown(key)}, is {found[key]}")
        for key in sorted(expected.keys() & found.keys(), key=str):
            if expected[key] != found[key]:
                self.add(f"{what} wrong",
                         f"{shown(key)}, should be {expected[key]}, is {found[key]}")

    def lines(self):
        yield from self._found
        for kind, count in sorted(self._of_a_kind.items()):
            if count > _SHOWN_OF_A_KIND:
                yield f"{kind}: {count - _SHOWN_OF_A_KIND} more"

    def total(self):
        return sum(self._of_a_kind.values())
