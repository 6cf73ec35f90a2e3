using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Http;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>The address book as Outlook reaches it over HTTP. Source: [MS-OXCMAPIHTTP] 2.2.5, 3.2.5.</summary>
internal sealed class AddressBookEndpoint(AddressBookService addressBook, ExchangeServerOptions server) : IMapiHttpService
{
    public string Opening => nameof(NspiOperation.Bind);

    public string Closing => nameof(NspiOperation.Unbind);

    public bool Serves(string requestType) => IsUrl(requestType) || NspiBody.OperationOf(requestType) is not null;

    // Exchange leaves the sequence as it is: Microsoft's suite goes on with the cookies that it had before.
    public bool IsOutOfTurn(string requestType) => IsUrl(requestType);

    public (Guid? Session, ReadOnlyMemory<byte> Body) Open(MapiHttpCall call)
    {
        var answer = (NspiBindResponse)addressBook.Answer(call.Caller, NspiBody.ReadRequest(NspiOperation.Bind, call.Body, RpcContextHandle.Null));
        return (answer.Context.IsNull ? null : answer.Context.Uuid, answer.ToBody());
    }

    public Func<CancellationToken, Task<ReadOnlyMemory<byte>>> Prepare(MapiHttpCall call, Guid session)
    {
        if (IsUrl(call.RequestType))
        {
            var url = UrlFor(call.RequestType, EndpointUrlBodies.ReadRequest(call.Body));
            return _ => Task.FromResult(EndpointUrlBodies.WriteResponse(NspiStatus.Success, url));
        }
        var operation = NspiBody.OperationOf(call.RequestType) ?? throw new MapiProtocolException($"{call.RequestType} is no request type");
        var request = NspiBody.ReadRequest(operation, call.Body, new RpcContextHandle(0, session));
        return _ => Task.FromResult(addressBook.Answer(call.Caller, request).ToBody());
    }

    public void Drop(Guid session) => addressBook.Drop(new RpcContextHandle(0, session));

    private static bool IsUrl(string requestType) => requestType is EndpointUrlBodies.GetMailboxUrl or EndpointUrlBodies.GetAddressBookUrl;

    // A mailbox server's name leads to its endpoint, a user's to the address book with the user's mailbox in its query.
    private string UrlFor(string requestType, string distinguishedName)
    {
        var path = requestType == EndpointUrlBodies.GetMailboxUrl ? MapiVirtualDirectory.MailStorePath : MapiVirtualDirectory.AddressBookPath;
        return MapiVirtualDirectory.Url(server.ProxyHost, path, server.MailStore?.MailboxGuidOf(distinguishedName), server.Organisation.Domain);
    }
}
