#!/usr/bin/env python3
"""The packet inspector beside tshark: packets.py [--show] SMTPSCOPE

Packets of every kind that packets.tsv lists, from captures by other people: each field that both
read must be the same, and every field that is compared must have been met. Skipped where the
captures or tshark are absent. --show prints what was compared.
"""
import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys

from check import HERE, SKIP, folder, read_tsv

# Of the inspector's JSON: a member, or LAYER/FIELD; of tshark a field; how tshark's is read.
DECIMAL, HEX, TEXT = lambda text: int(text, 10), lambda text: int(text, 16), lambda text: text
FIELDS = [
    ("length", "frame.len", DECIMAL), ("captured", "frame.cap_len", DECIMAL),
    ("Ethernet/source", "eth.src", TEXT), ("Ethernet/destination", "eth.dst", TEXT),
    ("802.1Q/VLAN", "vlan.id", DECIMAL), ("Linux cooked/source", "sll.src.eth", TEXT),
    ("PPPoE/session", "pppoe.session_id", HEX), ("MPLS/label", "mpls.label", DECIMAL),
    ("IPv4/source", "ip.src", TEXT), ("IPv4/destination", "ip.dst", TEXT),
    ("IPv4/identification", "ip.id", HEX), ("IPv4/time to live", "ip.ttl", DECIMAL),
    ("IPv4/total length", "ip.len", DECIMAL), ("IPv4/header length", "ip.hdr_len", DECIMAL),
    ("IPv4/protocol", "ip.proto", DECIMAL), ("IPv4/checksum", "ip.checksum", HEX),
    ("IPv4/fragment offset", "ip.frag_offset", DECIMAL),
    ("IPv6/source", "ipv6.src", TEXT), ("IPv6/destination", "ipv6.dst", TEXT),
    ("IPv6/hop limit", "ipv6.hlim", DECIMAL), ("IPv6/payload length", "ipv6.plen", DECIMAL),
    ("IPv6/flow label", "ipv6.flow", HEX),
    ("TCP/source port", "tcp.srcport", DECIMAL), ("TCP/destination port", "tcp.dstport", DECIMAL),
    ("TCP/sequence number", "tcp.seq_raw", DECIMAL),
    ("TCP/acknowledgement", "tcp.ack_raw", DECIMAL),
    ("TCP/header length", "tcp.hdr_len", DECIMAL), ("TCP/flags", "tcp.flags", HEX),
    ("TCP/window", "tcp.window_size_value", DECIMAL), ("TCP/checksum", "tcp.checksum", HEX),
    ("TCP/urgent pointer", "tcp.urgent_pointer", DECIMAL),
    ("TCP/maximum segment size", "tcp.options.mss_val", DECIMAL),
    ("TCP/window scale", "tcp.options.wscale.shift", DECIMAL),
    ("TCP/timestamp", "tcp.options.timestamp.tsval", DECIMAL),
    ("TCP/timestamp echo", "tcp.options.timestamp.tsecr", DECIMAL),
    ("window", "tcp.window_size", DECIMAL),
    ("seq", "tcp.seq", DECIMAL), ("ack", "tcp.ack", DECIMAL), ("payload", "tcp.len", DECIMAL),
    ("UDP/source port", "udp.srcport", DECIMAL), ("UDP/destination port", "udp.dstport", DECIMAL),
    ("UDP/length", "udp.length", DECIMAL), ("UDP/checksum", "udp.checksum", HEX),
    ("ICMP/type", "icmp.type", DECIMAL), ("ICMP/code", "icmp.code", DECIMAL),
    ("ICMPv6/type", "icmpv6.type", DECIMAL), ("ARP/operation", "arp.opcode", DECIMAL),
]
# What tshark says of checksums, against our word behind the number.
VERDICTS = [("TCP/checksum", "tcp.checksum.status"), ("IPv4/checksum", "ip.checksum.status"),
            ("UDP/checksum", "udp.checksum.status")]
WORDS = {"0": "bad", "1": "good"}


def ours(smtpscope, path, frames):
    spec = f"packets,format=json,detail=1,frames={'+'.join(map(str, frames))}"
    out = subprocess.run([smtpscope, "-q", "--no-progress", str(path), "-o", spec],
                         capture_output=True, check=False).stdout
    return {packet["frame"]: packet for packet in map(json.loads, out.splitlines())}


def theirs(path, frames):
    names = ["frame.number", *(field for _, field, _ in FIELDS), *(field for _, field in VERDICTS)]
    command = ["tshark", "-r", str(path), "-T", "fields", "-E", "separator=/t", "-E",
               "occurrence=a", "-E", "aggregator=,", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
               "-o", "udp.check_checksum:TRUE",
               "-Y", " or ".join(f"frame.number == {frame}" for frame in frames)]
    for name in names:
        command += ["-e", name]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = csv.DictReader(out.splitlines(), names, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {int(row["frame.number"]): row for row in rows}


def value(packet, name):
    """What the inspector shows, as a number where it begins with one; None where it does not.
    Of several layers of a name the innermost is taken."""
    if "/" not in name:
        return packet.get(name)
    layer, field = name.split("/")
    found = None
    for member in packet["layers"]:
        for row in member["fields"] if member["name"] == layer else ():
            if row["name"] == field:
                found = row["value"]
    return found


def number(shown, read):
    if read is TEXT or not isinstance(shown, str):
        return shown
    return int(re.match(r"0x[0-9a-f]+|\d+", shown).group(0), 0)


def innermost(packet, name, text):
    """Of tshark's values that of our innermost layer of the name: it also reads the packet that an
    ICMP error quotes."""
    values = text.split(",")
    layers = sum(member["name"] == name.split("/")[0] for member in packet["layers"])
    return values[min(max(layers, 1), len(values)) - 1]


def compare(packet, row):
    """(field, ours, theirs) of all that both show."""
    for name, field, read in FIELDS:
        shown = value(packet, name)
        if shown is None or not row[field] or (name in ("seq", "ack") and not packet["relative"]):
            continue
        yield name, number(shown, read), read(innermost(packet, name, row[field]))
    for name, field in VERDICTS:
        shown, word = value(packet, name), WORDS.get(innermost(packet, name, row[field]))
        if shown and word and ("good" in shown or "bad" in shown):
            yield name + " verdict", "good" if "good" in shown else "bad", word


def main(smtpscope, show=False):
    captures = folder()
    if not captures or not shutil.which("tshark"):
        print("SKIPPED: no captures, or no tshark")
        sys.exit(SKIP)
    by_file, met, wrong, kinds = {}, set(), 0, 0
    for row in read_tsv(HERE / "packets.tsv"):
        by_file.setdefault(row["file"], []).append((int(row["frame"]), row["kind"]))
    for name, wanted in by_file.items():
        path = captures / "captures" / name
        frames = [frame for frame, _ in wanted]
        mine, other = ours(smtpscope, path, frames), theirs(path, frames)
        for frame, kind in wanted:
            if frame not in mine or frame not in other:
                wrong += 1
                print(f"not ok: {name} {frame} ({kind}): not shown")
                continue
            kinds += 1
            for field, one, two in compare(mine[frame], other[frame]):
                met.add(field)
                if show or one != two:
                    print(f"{'ok' if one == two else 'not ok'}: {kind}: {field}: {one} {two}")
                wrong += one != two
    never = [name for name, *_ in FIELDS if name not in met]
    print(f"{kinds} packets, {len(met)} fields, {wrong} differences; never met: {never}")
    sys.exit(wrong > 0 or kinds < 20 or len(never) > 0)


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != "--show"]
    main(pathlib.Path(arguments[0]).resolve(), "--show" in sys.argv)
