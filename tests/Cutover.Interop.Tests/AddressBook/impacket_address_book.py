# An independent client of the address book, on impacket's RPC over HTTP and NSPI. Prints one JSON document.
# usage: impacket_address_book.py PORT DOMAIN USER PASSWORD SERVER USER_DN NAME [NAME ...]
import json
import socket
import sys

from impacket.dcerpc.v5 import nspi, oxabref, transport
from impacket.http import AUTH_BASIC

port, domain, user, password, server, user_dn = sys.argv[1:7]
names = sys.argv[7:]
COLUMNS = [0x3001001F, 0x39FE001F, 0x39000003, 0x3003001F, 0x800F101F]


# impacket insists on port 443, where the lab does not listen.
open_socket = socket.create_connection
socket.create_connection = lambda address, *rest, **named: open_socket(("127.0.0.1", int(port)), *rest, **named)


def connect(rpc_port, interface):
    binding = f"ncacn_http:{server}[{rpc_port},RpcProxy=localhost:443]"
    rpc = transport.DCERPCTransportFactory(binding)
    rpc.set_credentials(user, password, domain)
    rpc.set_auth_type(AUTH_BASIC)
    dce = rpc.get_dce_rpc()
    dce.connect()
    dce.bind(interface)
    return dce


def text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").rstrip("\0")
    if isinstance(value, list):
        return [text(one) for one in value]
    if isinstance(value, (int, bool)):
        return value
    return value.rstrip("\0") if isinstance(value, str) else str(type(value).__name__)


def rows(row_set):
    return [{f"{tag:08X}": text(value) for tag, value in row.items()} for row in nspi.simplifyPropertyRowSet(row_set)]


def number(value):
    return value["Data"] if hasattr(value, "fields") else value


rfr = connect(6002, oxabref.MSRPC_UUID_OXABREF)
referral = oxabref.hRfrGetNewDSA(rfr, user_dn + "\0")["ppszServer"]
host = oxabref.hRfrGetFQDNFromServerDN(rfr, "/o=Contoso/cn=Servers/cn=EX01\0")["ppszServerFQDN"]

book = connect(6004, nspi.MSRPC_UUID_NSPI)
context = nspi.hNspiBind(book)["contextHandle"]
result = {"referral": text(referral), "host": text(host)}
resolved = nspi.hNspiResolveNamesW(book, context, 0, COLUMNS, paStr=names)
result["minimalIds"] = [number(one) for one in resolved["ppMIds"]["aulPropTag"]]
result["resolved"] = rows(resolved["ppRows"])
found = nspi.hNspiDNToMId(book, context, [user_dn, "/o=nobody"])
result["byName"] = [number(one) for one in found["ppOutMIds"]["aulPropTag"]]
result["columns"] = nspi.hNspiQueryColumns(book, context)["ppColumns"]["cValues"]
result["rows"] = rows(nspi.hNspiQueryRows(book, context, Count=50, pPropTags=COLUMNS)["ppRows"])
# impacket 0.10 writes the columns of this call without their pointer, so only the position can be asked for.
result["sought"] = nspi.hNspiSeekEntries(book, context, "V\0")["pStat"]["CurrentRec"]
result["containers"] = rows(nspi.hNspiGetSpecialTable(book, context)["ppRows"])
nspi.hNspiUnbind(book, context)
print(json.dumps(result))
