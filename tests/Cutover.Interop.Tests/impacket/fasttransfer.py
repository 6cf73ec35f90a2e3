"""Cuts a FastTransfer stream into its atoms. [MS-OXCFXICS] 2.2.4.1"""
import struct

MARKERS = {
    0x40030003: "StartRecip", 0x40040003: "EndToRecip", 0x40000003: "NewAttach", 0x400E0003: "EndAttach", 0x40010003: "StartEmbed",
    0x40020003: "EndEmbed", 0x400C0003: "StartMessage", 0x400D0003: "EndMessage", 0x40100003: "StartFAIMsg", 0x40090003: "StartTopFld",
    0x400A0003: "StartSubFld", 0x400B0003: "EndFolder", 0x40120003: "IncrSyncChg", 0x407D0003: "IncrSyncChgPartial", 0x40130003: "IncrSyncDel",
    0x40140003: "IncrSyncEnd", 0x40150003: "IncrSyncMessage", 0x402F0003: "IncrSyncRead", 0x403A0003: "IncrSyncStateBegin",
    0x403B0003: "IncrSyncStateEnd", 0x4074000B: "IncrSyncProgressMode", 0x4075000B: "IncrSyncProgressPerMsg", 0x40180003: "FXErrorInfo",
}
FIXED = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
STATE = {0x4017: 0x40170003, 0x6796: 0x67960102, 0x67DA: 0x67DA0102, 0x67D2: 0x67D20102}


def atoms(data):
    """Yields (marker name, None) and (property tag, value); fails on anything that is not the grammar's lexis."""
    at = 0

    def take(count):
        nonlocal at
        if at + count > len(data):
            raise ValueError(f"overrun at {at:#x}")
        at += count
        return data[at - count:at]

    def value(kind):
        if kind in FIXED:
            return take(FIXED[kind])
        if kind in (0x1E, 0x1F, 0x102, 0x0D, 0xFB) or kind & 0x8000:
            return take(struct.unpack("<I", take(4))[0])
        raise ValueError(f"type {kind:#x} at {at:#x}")

    while at < len(data):
        tag = struct.unpack("<I", take(4))[0]
        if tag in MARKERS:
            yield MARKERS[tag], None
            continue
        kind, identity = tag & 0xFFFF, tag >> 16
        if identity >= 0x8000:
            take(16)
            if take(1) == b"\0":
                take(4)
            else:
                while take(2) != b"\0\0":
                    pass
        if identity == 0x4017:  # says Integer32, is binary
            kind = 0x102
        if kind & 0x1000 and not kind & 0x8000:
            yield tag, [value(kind & ~0x1000) for _ in range(struct.unpack("<I", take(4))[0])]
        else:
            yield tag, value(kind)


def count(data, marker):
    return sum(1 for name, _ in atoms(data) if name == marker)


def state(data):
    """The state at the end of an ICS download, as the next one uploads it."""
    return {STATE[tag >> 16]: found for tag, found in atoms(data) if not isinstance(tag, str) and tag >> 16 in STATE}
