"""Reads hexadecimal RTS PDUs, one a line with its name, and says what impacket sees in them."""
import sys

from impacket.dcerpc.v5 import rpch

for line in sys.stdin:
    name, text = line.split()
    pdu = rpch.RTSHeader(bytes.fromhex(text))
    data, seen = pdu["pduData"], []
    while data:
        kind = int.from_bytes(data[:4], "little")
        command = rpch.COMMANDS[kind](data)
        seen.append(type(command).__name__)
        data = data[len(command):]
    print(name, pdu["Flags"], pdu["NumberOfCommands"], pdu["frag_len"], ",".join(seen))
