using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>Asks an Exchange server where the address book is. Source: [MS-OXABREF] 3.2.</summary>
public sealed class RfrClient(IRpcClient rpc) : IAsyncDisposable
{
    /// <summary>The host name of the NSPI server for this user.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<string> GetAddressBookServerAsync(string userLegacyExchangeDN, CancellationToken ct)
    {
        var request = new RfrGetNewDSARequest(0, userLegacyExchangeDN);
        var stub = await rpc.CallAsync((ushort)RfrOperation.GetNewDSA, request.ToStub(), ct).ConfigureAwait(false);
        var response = RfrGetNewDSAResponse.Read(stub.Span);
        if (!response.IsSuccess) throw new MapiException("RfrGetNewDSA", response.Status);
        return response.Server ?? throw new MapiProtocolException("RfrGetNewDSA names no server.");
    }

    /// <summary>The host name of a server by its legacyExchangeDN.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<string> GetHostNameAsync(string serverLegacyExchangeDN, CancellationToken ct)
    {
        var request = new RfrGetFQDNRequest(0, serverLegacyExchangeDN);
        var stub = await rpc.CallAsync((ushort)RfrOperation.GetFQDNFromLegacyDN, request.ToStub(), ct).ConfigureAwait(false);
        var response = RfrGetFQDNResponse.Read(stub.Span);
        if (!response.IsSuccess) throw new MapiException("RfrGetFQDNFromLegacyDN", response.Status);
        return response.ServerName ?? throw new MapiProtocolException("RfrGetFQDNFromLegacyDN names no server.");
    }

    public ValueTask DisposeAsync() => rpc.DisposeAsync();
}
