"""Reads the lab's address book with impacket's own NSPI and RFR clients. Prints one line per fact.
usage: addressbook.py HTTPS_PORT SERVER USER PASSWORD USER_DN ADDRESS"""
import sys

from impacket.dcerpc.v5 import nspi, oxabref

import labrpc

https_port, server, user, password, user_dn, address = sys.argv[1:]
DISPLAY_NAME, SMTP_ADDRESS, LEGACY_DN, DISPLAY_TYPE = 0x3001001F, 0x39FE001F, 0x3003001F, 0x39000003

rpc = labrpc.connect(https_port, server, 6002, user, password)
rpc.bind(oxabref.MSRPC_UUID_OXABREF)
print("RfrGetNewDSA", oxabref.hRfrGetNewDSA(rpc, user_dn + "\0")["ppszServer"].rstrip("\0"))
rpc.disconnect()

rpc = labrpc.connect(https_port, server, 6004, user, password)
rpc.bind(nspi.MSRPC_UUID_NSPI)
context = nspi.hNspiBind(rpc)["contextHandle"]


send = rpc.request


def request(call, *rest, **options):
    # impacket leaves the code page of most calls 0, which is none.
    if "pStat" in call.fields and call["pStat"]["CodePage"] == 0:
        call["pStat"]["CodePage"] = 1252
    return send(call, *rest, **options)


rpc.request = request


def text(value):
    return (value.decode() if isinstance(value, bytes) else value).rstrip("\0")


names, position = [], 0
while True:
    stat = nspi.STAT()
    stat["CodePage"], stat["TemplateLocale"], stat["SortLocale"], stat["CurrentRec"] = 1252, 1033, 1033, position
    answer = nspi.hNspiQueryRows(rpc, context, pStat=stat, Count=20, pPropTags=[SMTP_ADDRESS, DISPLAY_NAME, DISPLAY_TYPE])
    names += [text(row[SMTP_ADDRESS]) for row in nspi.simplifyPropertyRowSet(answer["ppRows"])]
    position = answer["pStat"]["CurrentRec"]
    if position == 2:  # MID_END_OF_TABLE
        break
for name in names:
    print("row", name)

resolved = nspi.hNspiResolveNamesW(rpc, context, 0, [DISPLAY_NAME, LEGACY_DN], paStr=[f"=SMTP:{address}", "nobody-of-that-name"])
print("resolved", [entry["Data"] for entry in resolved["ppMIds"]["aulPropTag"]])
print("legacyDN", text(nspi.simplifyPropertyRowSet(resolved["ppRows"])[0][LEGACY_DN]))
mids = [entry["Data"] for entry in nspi.hNspiDNToMId(rpc, context, [user_dn, "/o=nobody"])["ppOutMIds"]["aulPropTag"]]
print("DNToMId", mids)
print("columns", nspi.hNspiQueryColumns(rpc, context)["ppColumns"]["cValues"] > 20)
print("hierarchy", len(nspi.simplifyPropertyRowSet(nspi.hNspiGetSpecialTable(rpc, context)["ppRows"])) > 0)
nspi.hNspiUnbind(rpc, context)
print("unbound")
