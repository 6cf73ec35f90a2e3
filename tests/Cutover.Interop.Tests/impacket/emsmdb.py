"""A small EMSMDB client: EcDoConnectEx, EcDoRpcExt2 and the ROPs that read a mailbox, laid out by hand from [MS-OXCRPC] and [MS-OXCROPS]."""
import struct

from impacket import uuid

import labrpc

INTERFACE = ("a4f1db00-ca47-1067-b31f-00dd010662da", "0.81")
UNSET = 0xFFFFFFFF


def pad(data, size=4):
    return data + b"\0" * (-len(data) % size)


def lz77(data, size):
    """Plain LZ77, [MS-XCA] 2.4."""
    out, i, flags, left, nibble = bytearray(), 0, 0, 0, None
    while len(out) < size:
        if left == 0:
            flags, left, i = struct.unpack_from("<I", data, i)[0], 32, i + 4
        left -= 1
        if not flags >> left & 1:
            out.append(data[i])
            i += 1
            continue
        match, i = struct.unpack_from("<H", data, i)[0], i + 2
        length, offset = match & 7, (match >> 3) + 1
        if length == 7:
            if nibble is None:
                length, nibble, i = data[i] & 15, i, i + 1
            else:
                length, nibble = data[nibble] >> 4, None
            if length == 15:
                length, i = data[i], i + 1
                if length == 255:
                    length, i = struct.unpack_from("<H", data, i)[0] - 22, i + 2
                length += 15
            length += 7
        for _ in range(length + 3):
            out.append(out[-offset])
    return bytes(out)


class RopError(Exception):
    def __init__(self, rop, code):
        super().__init__(f"ROP {rop:#04x} failed with {code:#x}")
        self.code = code


class Session:
    def __init__(self, https_port, server, user, password, user_dn, xor=False):
        self.rpc = labrpc.connect(https_port, server, 6001, user, password)
        self.rpc.bind(uuid.uuidtup_to_bin(INTERFACE))
        self.xor, self.compressed, self.payloads = xor, 0, 0
        dn = user_dn.encode() + b"\0"
        stub = struct.pack("<III", len(dn), 0, len(dn)) + pad(dn)
        stub += struct.pack("<IIIIIII", 0, 0x12345678, 0, 1252, 1033, 1033, UNSET)
        stub += pad(struct.pack("<HHHH", 1, 0x000F, 0x1129, 0x1000))  # usFCanConvertCodePages, rgwClientVersion 15.0.4393.4096
        stub += struct.pack("<IIII", 0, 0, 0, 0x1008)  # pulTimeStamp, rgbAuxIn, cbAuxIn, pcbAuxOut
        answer = self.call(10, stub)
        self.context = answer[:20]
        self.connect_result = struct.unpack_from("<I", answer, len(answer) - 4)[0]

    def call(self, opnum, stub):
        self.rpc.call(opnum, stub)
        return self.rpc.recv()

    def disconnect(self):
        answer = self.call(1, self.context)
        self.rpc.disconnect()
        return struct.unpack_from("<I", answer, len(answer) - 4)[0]

    def execute(self, rops, handles):
        """One EcDoRpcExt2; returns (ROP bytes, handle table) of each payload."""
        payload = struct.pack("<H", len(rops) + 2) + rops + struct.pack(f"<{len(handles)}I", *handles)
        flags = 4
        if self.xor:
            payload, flags = bytes(b ^ 0xA5 for b in payload), flags | 2
        buffer = struct.pack("<HHHH", 0, flags, len(payload), len(payload)) + payload
        stub = self.context + struct.pack("<II", 4, len(buffer)) + pad(buffer)  # pulFlags: Chain
        stub += struct.pack("<IIIII", len(buffer), 0x40000, 0, 0, 0x1008)
        answer = self.call(11, stub)
        self.context = answer[:20]
        result = struct.unpack_from("<I", answer, len(answer) - 4)[0]
        if result:
            raise RopError(0, result)
        length = struct.unpack_from("<I", answer, 32)[0]
        return list(self.payloads_of(answer[36:36 + length]))

    def payloads_of(self, buffer):
        at = 0
        while at < len(buffer):
            _, flags, size, actual = struct.unpack_from("<HHHH", buffer, at)
            body, at = buffer[at + 8:at + 8 + size], at + 8 + size
            if flags & 2:
                body = bytes(b ^ 0xA5 for b in body)
            if flags & 1:
                body, self.compressed = lz77(body, actual), self.compressed + 1
            assert len(body) == actual, (len(body), actual)
            self.payloads += 1
            rop_size = struct.unpack_from("<H", body)[0]
            yield body[2:rop_size], struct.unpack_from(f"<{(len(body) - rop_size) // 4}I", body, rop_size)
            if flags & 4:
                return

    def one(self, rop, handles):
        body, table = self.execute(rop, handles)[0]
        code = struct.unpack_from("<I", body, 2)[0]
        if code:
            raise RopError(body[0], code)
        return body, table

    def logon(self, mailbox_dn):
        dn = mailbox_dn.encode() + b"\0"
        body, table = self.one(struct.pack("<BBBBIIH", 0xFE, 0, 0, 1, 0x0100040C, 0, len(dn)) + dn, [UNSET])
        return table[0], struct.unpack_from("<13Q", body, 7)

    def open_folder(self, logon, folder):
        return self.one(struct.pack("<BBBBQB", 2, 0, 0, 1, folder, 0), [logon, UNSET])[1][1]

    def open_message(self, logon, folder, message):
        return self.one(struct.pack("<BBBBHQBQ", 3, 0, 0, 1, 0xFFF, folder, 0, message), [logon, UNSET])[1][1]

    def table(self, rop, handle, flags, tags):
        """RopGetHierarchyTable 4 or RopGetContentsTable 5, RopSetColumns, RopQueryRows until there are none."""
        body, handles = self.one(struct.pack("<BBBBB", rop, 0, 0, 1, flags), [handle, UNSET])
        announced, rows = struct.unpack_from("<I", body, 6)[0], []
        self.one(struct.pack("<BBBBH", 0x12, 0, 0, 0, len(tags)) + struct.pack(f"<{len(tags)}I", *tags), [handles[1]])
        while True:
            got = 0
            for body, _ in self.execute(struct.pack("<BBBBBH", 0x15, 0, 0, 0, 1, 500), [handles[1]]):
                count, at = struct.unpack_from("<H", body, 7)[0], 9
                got += count
                for _ in range(count):
                    row, at = self.row(body, at, tags)
                    rows.append(row)
            if not got:
                return announced, rows

    @staticmethod
    def row(body, at, tags):
        flagged, at, row = body[at], at + 1, []
        for tag in tags:
            if flagged:
                flag, at = body[at], at + 1
                if flag:
                    row.append(None)
                    at += 4 if flag == 0x0A else 0
                    continue
            kind = tag & 0xFFFF
            if kind in (0x14, 0x40):
                row.append(struct.unpack_from("<Q", body, at)[0])
                at += 8
            elif kind == 3:
                row.append(struct.unpack_from("<I", body, at)[0])
                at += 4
            elif kind == 0x1F:
                end = at
                while body[end:end + 2] != b"\0\0":
                    end += 2
                row.append(body[at:end].decode("utf-16le"))
                at = end + 2
            else:
                raise ValueError(hex(tag))
        return row, at

    def download(self, source):
        """RopFastTransferSourceGetBuffer until the transfer is done."""
        data = b""
        while True:
            for body, _ in self.execute(struct.pack("<BBBHH", 0x4E, 0, 0, 0xBABE, 0x7BC0), [source]):
                code = struct.unpack_from("<I", body, 2)[0]
                if code:
                    raise RopError(0x4E, code)
                status, _, _, _, size = struct.unpack_from("<HHHBH", body, 6)
                data += body[15:15 + size]
            if status in (0, 3):
                return data

    def copy_to(self, message):
        return self.download(self.one(struct.pack("<BBBBBIBH", 0x4D, 0, 0, 1, 0, 0, 0x09, 0), [message, UNSET])[1][1])

    def synchronize(self, folder, kind, state):
        """ICS download: 1 contents, 2 hierarchy; state: property tag to bytes."""
        flags = 0x01 | 0x08 | 0x20 if kind == 1 else 0x01
        body = struct.pack("<BBBBBBHHIH", 0x70, 0, 0, 1, kind, 0x09, flags, 0, 0x1 | 0x2 | 0x4, 0)
        context = self.one(body, [folder, UNSET])[1][1]
        for tag, value in state.items():
            self.one(struct.pack("<BBBII", 0x75, 0, 0, tag, len(value)), [context])
            self.one(struct.pack("<BBBI", 0x76, 0, 0, len(value)) + value, [context])
            self.one(struct.pack("<BBB", 0x77, 0, 0), [context])
        return self.download(context)
