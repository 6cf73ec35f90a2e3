"""An NTLM server made of impacket's parts. The client's messages come in and the server's go out in hexadecimal.
usage: ntlm_server.py challenge NEGOTIATE
       ntlm_server.py accept NEGOTIATE CHALLENGE AUTHENTICATE PASSWORD"""
import calendar
import hashlib
import hmac
import struct
import sys
import time

from Cryptodome.Cipher import ARC4
from impacket import ntlm
from impacket.smbserver import computeNTLMv2

SERVER_CHALLENGE = bytes.fromhex("0123456789abcdef")


def challenge(negotiate):
    asked = ntlm.NTLMAuthNegotiate()
    asked.fromString(negotiate)
    info = ntlm.AV_PAIRS()
    info[ntlm.NTLMSSP_AV_HOSTNAME] = info[ntlm.NTLMSSP_AV_DNS_HOSTNAME] = "EX01".encode("utf-16le")
    info[ntlm.NTLMSSP_AV_DOMAINNAME] = info[ntlm.NTLMSSP_AV_DNS_DOMAINNAME] = "CONTOSO".encode("utf-16le")
    info[ntlm.NTLMSSP_AV_TIME] = struct.pack("<q", 116444736000000000 + calendar.timegm(time.gmtime()) * 10000000)
    answer = ntlm.NTLMAuthChallenge()
    answer["flags"] = asked["flags"] | ntlm.NTLMSSP_NEGOTIATE_TARGET_INFO | ntlm.NTLMSSP_TARGET_TYPE_SERVER | ntlm.NTLMSSP_NEGOTIATE_VERSION
    answer["domain_len"] = answer["domain_max_len"] = len("CONTOSO".encode("utf-16le"))
    answer["domain_offset"] = 40 + 16
    answer["challenge"] = SERVER_CHALLENGE
    answer["domain_name"] = "CONTOSO".encode("utf-16le")
    answer["TargetInfoFields_len"] = answer["TargetInfoFields_max_len"] = len(info)
    answer["TargetInfoFields"] = info
    answer["TargetInfoFields_offset"] = 40 + 16 + len(answer["domain_name"])
    answer["Version"] = b"\xff" * 8
    answer["VersionLen"] = 8
    print(answer.getData().hex())


def accept(negotiate, asked, authenticate, password):
    message = ntlm.NTLMAuthChallengeResponse()
    message.fromString(authenticate)
    # impacket finds every field by its offset but this one.
    message["session_key"] = authenticate[message["session_key_offset"]:][:message["session_key_len"]]
    nt_hash = ntlm.compute_nthash(password)
    user = message["user_name"].decode("utf-16le")
    offer, question = ntlm.NTLMAuthNegotiate(), ntlm.NTLMAuthChallenge()
    offer.fromString(negotiate)
    question.fromString(asked)
    status, session_key = computeNTLMv2(user, ntlm.compute_lmhash(password), nt_hash, SERVER_CHALLENGE, message, question, offer)
    print("status", status)
    if status:
        return
    print("user", user, message["domain_name"].decode("utf-16le"))
    print("key", session_key.hex())
    without_mic = authenticate[:72] + bytes(16) + authenticate[88:]
    print("mic", hmac.new(session_key, negotiate + asked + without_mic, hashlib.md5).digest() == authenticate[72:88])
    flags = message["flags"]
    sign, seal = ntlm.SIGNKEY(flags, session_key, "Server"), ntlm.SEALKEY(flags, session_key, "Server")
    handle = ARC4.new(seal).encrypt
    for number, text in enumerate((b"first answer", b"second answer")):
        sealed, signature = ntlm.SEAL(flags, sign, seal, text, text, number, handle)
        print("sealed", sealed.hex(), signature.getData().hex())


arguments = [bytes.fromhex(argument) for argument in sys.argv[2:5]]
challenge(*arguments) if sys.argv[1] == "challenge" else accept(*arguments, sys.argv[5])
