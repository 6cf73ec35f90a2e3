"""Calls the lab's echo interface with impacket's NTLM on the HTTP legs and at the RPC level. Prints one line per fact.
usage: security.py HTTPS_PORT SERVER USER PASSWORD UUID VERSION LEVEL"""
import hashlib
import struct
import sys

from impacket import uuid
from impacket.dcerpc.v5 import transport
from impacket.dcerpc.v5.rpcrt import DCERPCException
from impacket.http import AUTH_NTLM

https_port, server, user, password, interface, version, level = sys.argv[1:]


def connect(rpc_password):
    binding = transport.DCERPCTransportFactory(f"ncacn_http:{server}[6001,RpcProxy=localhost:443]")
    binding.set_rpc_proxy_url(f"https://localhost:{https_port}/rpc/rpcproxy.dll")
    binding.set_credentials(user, password, "CONTOSO")
    binding.set_auth_type(AUTH_NTLM)
    rpc = binding.get_dce_rpc()
    rpc.set_credentials(user, rpc_password, "CONTOSO")
    rpc.set_auth_level(int(level))
    rpc.connect()
    rpc.bind(uuid.uuidtup_to_bin((interface, version)))
    return rpc


def call(rpc, opnum, stub):
    rpc.call(opnum, stub)
    return rpc.recv()


rpc = connect(password)
print("bound")
for size in (0, 1, 15, 16, 17, 3000):
    stub = bytes(i * 31 & 0xFF for i in range(size))
    print("echo", size, call(rpc, 0, stub)[:size] == stub)
answer = call(rpc, 2, struct.pack("<i", 300_000))
print("large", hashlib.sha256(answer[:300_000]).hexdigest())
try:
    call(rpc, 3, b"")
except DCERPCException as fault:
    print("fault", str(fault).strip())
print("after", call(rpc, 0, b"still here")[:10].decode())
rpc.disconnect()

try:
    print("wrong password", call(connect("not " + password), 0, b""))
except DCERPCException as refusal:
    print("refused", str(refusal).strip())
