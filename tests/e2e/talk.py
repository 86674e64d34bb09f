"""Captures made of what two ends say."""

import struct


class Talk:
    """One TCP connection, as Ethernet frames; no checksum of TCP."""

    ENDS = {"C": bytes([192, 0, 2, 10]), "S": bytes([198, 51, 100, 25])}

    def __init__(self, client_port, port, is_whole):
        self.ports = {"C": client_port, "S": port}
        self.at = {"C": 1000, "S": 5000}
        self.frames = []
        if is_whole:
            for who, flags in (("C", 2), ("S", 18), ("C", 16)):
                self.segment(who, b"", flags=flags)
                self.at[who] += flags != 16

    def segment(self, who, data, at=None, flags=24):
        other = "S" if who == "C" else "C"
        at = self.at[who] if at is None else at
        tcp = struct.pack(">HHIIBBHHH", self.ports[who], self.ports[other], at, self.at[other], 0x50, flags, 65535, 0, 0)
        head = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(data), 1, 0, 64, 6, 0) + self.ENDS[who] + self.ENDS[other]
        total = sum(struct.unpack(">10H", head))
        total = (total & 0xFFFF) + (total >> 16)
        head = head[:10] + struct.pack(">H", ~(total + (total >> 16)) & 0xFFFF) + head[12:]
        self.frames.append(bytes(12) + b"\x08\x00" + head + tcp + data)

    def send(self, who, data, how=None):
        at = self.at[who]
        if how == "decoy":  # something harmless first, which the server takes; then the login
            self.segment(who, b"NOOP " + b"x" * (len(data) - 7) + b"\r\n" if len(data) > 8 else data)
        if how == "late":
            self.segment(who, data[7:], at + 7)
            data, rest = data[:7], data
        else:
            rest = data
        if how != "lost":
            self.segment(who, data)
        self.at[who] += len(rest)
        self.segment("S" if who == "C" else "C", b"", flags=16)
        if how == "twice":  # and the other way round
            self.segment(who, b"NOOP " + b"x" * (len(data) - 7) + b"\r\n" if len(data) > 8 else data, at)
            self.segment(who, b"AUTH PLAIN " + data, at)


def write_capture(path, talks):
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    clock = 1700000000000000
    for talk in talks:
        for frame in talk.frames:
            clock += 1000
            parts += [struct.pack("<IIII", clock // 1000000, clock % 1000000, len(frame), len(frame)), frame]
        clock += 1000000
    path.write_bytes(b"".join(parts))
