"""Lists the streams of compound files by Debian's python3-olefile: file, path, size, SHA-256; and the property ids of the top storage."""
import hashlib
import struct
import sys

try:
    import olefile
except ImportError:
    sys.exit(77)

for name in sys.argv[1:]:
    try:
        ole = olefile.OleFileIO(name)
    except Exception:
        print(name, "-", 0, "-", sep="\t")
        continue
    for path in sorted(ole.listdir(streams=True, storages=False)):
        data = ole.openstream(path).read()
        print(name, "/".join(path), len(data), hashlib.sha256(data).hexdigest(), sep="\t")
    if ole.exists("__properties_version1.0"):
        data = ole.openstream("__properties_version1.0").read()
        ids = sorted({struct.unpack_from("<I", data, at)[0] >> 16 for at in range(32, len(data) - 15, 16)})
        print(name, "?", len(ids), " ".join("%04X" % i for i in ids), sep="\t")
