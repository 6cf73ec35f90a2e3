"""impacket's own RPC over HTTP v2 client, pointed at the lab's Exchange. Nothing here knows the project's code."""
from impacket.dcerpc.v5 import transport
from impacket.http import AUTH_BASIC


def connect(https_port, server, port, user, password):
    binding = transport.DCERPCTransportFactory(f"ncacn_http:{server}[{port},RpcProxy=localhost:443]")
    # impacket's own binding takes ports 80 and 443 only.
    binding.set_rpc_proxy_url(f"https://localhost:{https_port}/rpc/rpcproxy.dll")
    binding.set_credentials(user, password, "CONTOSO")
    binding.set_auth_type(AUTH_BASIC)
    rpc = binding.get_dce_rpc()
    rpc.connect()
    return rpc
