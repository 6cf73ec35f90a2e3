"""Binds the lab's echo interface and calls it. Prints one line per fact.
usage: echo.py HTTPS_PORT SERVER USER PASSWORD UUID VERSION"""
import hashlib
import struct
import sys

from impacket import uuid
from impacket.dcerpc.v5 import rpch
from impacket.dcerpc.v5.rpcrt import DCERPCException

import labrpc

https_port, server, user, password, interface, version = sys.argv[1:]
rpc = labrpc.connect(https_port, server, 6001, user, password)
rpc.bind(uuid.uuidtup_to_bin((interface, version)))
print("bound")


def call(opnum, stub):
    rpc.call(opnum, stub)
    return rpc.recv()


print("echo", call(0, b"hello").decode())
request = bytes(i * 31 & 0xFF for i in range(100_000))  # over many request fragments and IN windows
print("long", call(0, request) == request)
answer = call(2, struct.pack("<i", 1_500_000))  # over several OUT windows
print("large", len(answer), hashlib.sha256(answer).hexdigest())
try:
    call(3, b"")
except DCERPCException as fault:
    print("fault", str(fault).strip())
print("after", call(0, b"still here").decode())
rpc.disconnect()

try:
    labrpc.connect(https_port, server, 6001, user, "not " + password)
except rpch.RPCProxyClientException as refusal:
    print("refused", "401" in str(refusal))
