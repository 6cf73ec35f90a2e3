"""Reads a whole mailbox of the lab as its administrator. Prints one line per fact.
usage: mailbox.py HTTPS_PORT SERVER USER PASSWORD USER_DN MAILBOX_DN"""
import sys

import emsmdb
import fasttransfer

https_port, server, user, password, user_dn, mailbox_dn = sys.argv[1:]
session = emsmdb.Session(https_port, server, user, password, user_dn)
print("connect", session.connect_result)
logon, folders = session.logon(mailbox_dn)
top = session.open_folder(logon, folders[3])

announced, hierarchy = session.table(4, top, 4, [0x67480014, 0x3001001F, 0x36020003])
print("hierarchy", len(hierarchy), announced == len(hierarchy))
changes = session.synchronize(top, 2, {})
print("hierarchy sync", fasttransfer.count(changes, "IncrSyncChg"))

items = 0
for folder, name, rows in hierarchy:
    handle = session.open_folder(logon, folder)
    _, contents = session.table(5, handle, 0, [0x674A0014, 0x0037001F, 0x0E080003, 0x001A001F])
    stream = session.synchronize(handle, 1, {})
    full = fasttransfer.count(stream, "IncrSyncMessage")
    if not len(contents) == rows == full:
        print(f"differs {name}: {rows} announced, {len(contents)} in the table, {full} in the stream")
    again = session.synchronize(handle, 1, fasttransfer.state(stream))
    if fasttransfer.count(again, "IncrSyncMessage"):
        print(f"differs {name}: messages come again although the state was uploaded")
    for message in contents[:2]:
        copied = session.copy_to(session.open_message(logon, folder, message[0]))
        markers = [name for name, _ in fasttransfer.atoms(copied) if isinstance(name, str)]
        if markers.count("StartRecip") != markers.count("EndToRecip") or markers.count("NewAttach") != markers.count("EndAttach"):
            print(f"differs {name}: unbalanced markers")
    items += full
print("items", items)
print("several payloads a call", session.payloads > 0)
print("disconnect", session.disconnect())

session = emsmdb.Session(https_port, server, user, password, user_dn, xor=True)
print("xor", session.logon(mailbox_dn)[1] == folders)
session.disconnect()
