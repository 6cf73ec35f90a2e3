"""Decodes plain LZ77 (DIRECT2) as Outlook sends it: first 4 bytes the size of the result, then the compressed bytes; prints the result in hex.
The decoder was proven on stubs that Outlook 2007 sent; it shares nothing with the product."""
import struct
import sys


def decode(source, size):
    out = bytearray()
    position = mask = flags = 0
    nibble = None
    while len(out) < size:
        if mask == 0:
            flags = struct.unpack_from('<I', source, position)[0]
            position += 4
            mask = 1 << 31
        bit = flags & mask
        mask >>= 1
        if not bit:
            out.append(source[position])
            position += 1
            continue
        token = struct.unpack_from('<H', source, position)[0]
        position += 2
        length = token & 7
        offset = (token >> 3) + 1
        if length == 7:
            if nibble is None:
                nibble = position
                length = source[position] & 15
                position += 1
            else:
                length = source[nibble] >> 4
                nibble = None
            if length == 15:
                length = source[position]
                position += 1
                if length == 255:
                    length = struct.unpack_from('<H', source, position)[0]
                    position += 2
                    length -= 15 + 7
                length += 15
            length += 7
        length += 3
        for _ in range(length):
            out.append(out[-offset])
    return bytes(out)


data = open(sys.argv[1], 'rb').read()
print(decode(data[4:], struct.unpack_from('<I', data, 0)[0]).hex())
