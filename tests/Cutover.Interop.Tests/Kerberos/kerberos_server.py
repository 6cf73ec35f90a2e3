"""A web server on loopback that takes nothing but Kerberos, by MIT's GSSAPI, bound to its TLS channel. It answers GET and POST with who signed in,
an OUT channel of RPC over HTTP with success, an IN channel with an RPC error, and writes a line for each request that it let in.
usage: kerberos_server.py CERTIFICATE_PEM CERTIFICATE_SHA256 (keytab in KRB5_KTNAME); the first line of the output is the port"""
import base64
import http.server
import ssl
import sys

import gssapi
import gssapi.raw

CHANNEL_BOUND = 2048  # GSS_C_CHANNEL_BOUND_FLAG, MIT krb5 1.19
bindings = gssapi.raw.ChannelBindings(application_data=b"tls-server-end-point:" + bytes.fromhex(sys.argv[2]))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body="", **headers):
        self.send_response(*status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def handle_request(self):
        length = int(self.headers.get("Content-Length", 0))
        if self.command in ("GET", "POST") or length == 0:
            self.rfile.read(length)
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Negotiate":
            return self.answer((401, "Unauthorized"), WWW_Authenticate="Negotiate")
        try:
            context = gssapi.SecurityContext(usage="accept", channel_bindings=bindings)
            context.step(base64.b64decode(token))
        except gssapi.exceptions.GSSError as error:
            print("refused", str(error).replace("\n", " "), flush=True)
            return self.answer((401, "Unauthorized"), WWW_Authenticate="Negotiate")
        bound = "bound" if int(context.actual_flags) & CHANNEL_BOUND else "unbound"
        who = f"{context.initiator_name} {bound}"
        print(self.command, who, flush=True)
        if self.command == "RPC_OUT_DATA":
            # Stays open, so that the client opens the other channel.
            self.send_response(200, "Success")
            self.send_header("Content-Length", str(1 << 30))
            return self.end_headers()
        if self.command == "RPC_IN_DATA":
            self.close_connection = True
            return self.answer((503, "RPC Error: 6ba"))
        self.answer((200, "OK"), who)

    do_GET = do_POST = do_RPC_IN_DATA = do_RPC_OUT_DATA = handle_request

    def log_message(self, format, *args):
        pass


tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
