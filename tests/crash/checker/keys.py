"""Reads the keys of a store, from the tables in storage/README.md alone.

A key is decoded to (municipality, table, parts): `("GM0150", "t", (1795305600000, "7ZK3..."))`.
"""

_SIGN = 1 << 63
_ALL = (1 << 64) - 1


class BadKey(ValueError):
    """Bytes that are no key of any table."""


class _Reader:
    def __init__(self, key):
        self.rest = key

    def text(self):
        text = b""
        while True:
            part, zero, after = self.rest.partition(b"\x00")
            text += part
            self.rest = after[1:]
            if after[:1] == b"\x01":
                return text.decode("utf-8", "surrogateescape")
            if not zero or after[:1] != b"\xff":
                raise BadKey("a string that doesn't end")
            text += b"\x00"

    def byte(self):
        if not self.rest:
            raise BadKey("cut short")
        byte, self.rest = self.rest[0], self.rest[1:]
        return byte

    def number(self):
        if len(self.rest) < 8:
            raise BadKey("a number of less than eight bytes")
        number, self.rest = int.from_bytes(self.rest[:8], "big"), self.rest[8:]
        return number

    def signed(self):
        number = self.number() ^ _SIGN
        return number - (1 << 64) if number & _SIGN else number

    def descending(self):
        number = (self.number() ^ _ALL) ^ _SIGN
        return number - (1 << 64) if number & _SIGN else number


# Table letter -> how its parts read, after municipality and table.
OF_A_MUNICIPALITY = {
    "C": ("text",),
    "S": ("text", "number"),
    "U": ("text", "signed", "text"),
    "E": ("signed", "number"),
    "F": ("signed", "text"),
    "t": ("descending", "text"),
    "o": ("text", "descending", "text"),
    "r": ("byte", "text", "signed", "text", "number"),
    "w": ("signed", "text", "number"),
    "d": ("byte", "signed", "text", "number"),
    "q": ("byte", "signed", "text"),
    "f": ("text", "byte", "signed", "text"),
    "n": ("signed", "text"),
    "N": ("text",),
}
OF_THE_STORE = {
    "A": ("text",),
    "H": ("text",),
    "G": ("text",),
    "L": ("text", "text"),
    "P": (),
    "W": (),
    "K": (),
    "V": (),
    "I": (),
    "k": ("number",),
    "h": ("number",),
}
INDEXES = "torwdqfn"


def decode(key):
    """(municipality, table, parts); BadKey."""
    reader = _Reader(key)
    municipality = reader.text()
    table = chr(reader.byte())
    parts = (OF_A_MUNICIPALITY if municipality else OF_THE_STORE).get(table)
    if parts is None:
        raise BadKey(f"no table {table!r} under {municipality!r}")
    read = tuple(getattr(reader, part)() for part in parts)
    if reader.rest:
        raise BadKey(f"{len(reader.rest)} bytes too many in table {table}")
    return municipality, table, read


def shown(key):
    """As the examples of storage/README.md, for a finding."""
    municipality, table, parts = key
    return " ".join([municipality or "-", table, *(_shown_part(part) for part in parts)])


def _shown_part(part):
    if isinstance(part, str) and not part.isprintable():
        return part.encode("utf-8", "surrogateescape").hex()
    return str(part)
