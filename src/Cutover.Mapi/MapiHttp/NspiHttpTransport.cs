using Cutover.Mapi.AddressBook;

namespace Cutover.Mapi.MapiHttp;

/// <summary>The address book over HTTP: flat bodies, the session in the cookies. Source: [MS-OXCMAPIHTTP] 2.2.5.</summary>
public sealed class NspiHttpTransport(MapiHttpOptions options) : INspiTransport
{
    private readonly MapiHttpChannel channel = new(options);

    public long Calls => channel.Calls;

    public async Task<TAnswer> CallAsync<TAnswer>(NspiRequest<TAnswer> request, CancellationToken ct) where TAnswer : NspiAnswer
    {
        var body = await channel.SendAsync(NspiBody.RequestTypeOf(request.Operation), request.ToBody(), opens: request is NspiBindRequest, ct);
        if (request is NspiUnbindRequest) options.Cookies.Clear();
        return NspiBody.ReadAnswer(request, body);
    }

    /// <summary>Where the mailboxes of a server are reached over HTTP, as RFR's host name by legacyExchangeDN over RPC. Source: [MS-OXCMAPIHTTP] 2.2.5.18.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public Task<Uri> GetMailboxUrlAsync(string serverDN, CancellationToken ct) => GetUrlAsync(EndpointUrlBodies.GetMailboxUrl, serverDN, ct);

    /// <summary>Where a user's address book is reached over HTTP, as RFR's referral over RPC. Source: [MS-OXCMAPIHTTP] 2.2.5.19.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public Task<Uri> GetAddressBookUrlAsync(string userDN, CancellationToken ct) => GetUrlAsync(EndpointUrlBodies.GetAddressBookUrl, userDN, ct);

    public ValueTask DisposeAsync()
    {
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Uri> GetUrlAsync(string requestType, string distinguishedName, CancellationToken ct)
    {
        var body = await channel.SendAsync(requestType, EndpointUrlBodies.WriteRequest(distinguishedName), opens: false, ct);
        var (status, url) = EndpointUrlBodies.ReadResponse(requestType, body);
        if (status != NspiStatus.Success) throw new MapiException(requestType, status);
        return Uri.TryCreate(url, UriKind.Absolute, out var found) ? found : throw new MapiProtocolException($"{requestType} gives no URL");
    }
}
