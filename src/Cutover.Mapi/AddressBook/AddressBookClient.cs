using System.Runtime.CompilerServices;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>
/// A session with the address book (NSPI), over either transport. Values that an object lacks are left out of its row. One call at a time. Source: [MS-OXNSPI] 3.2.
/// </summary>
public sealed class AddressBookClient : IAsyncDisposable
{
    /// <summary>Rows asked for at a time: small, since servers cap an answer and the cap is not told.</summary>
    public const int RowsPerCall = 50;

    private const int NamesPerCall = 100;
    private const uint MostMatches = 100_000;

    private readonly INspiTransport transport;

    private AddressBookClient(INspiTransport transport) => this.transport = transport;

    /// <summary>Round trips made on this connection.</summary>
    public long Calls => transport.Calls;

    /// <summary>Opens a session over RPC, on a connection bound to <see cref="NspiInterface.Id"/>; disposing the client ends both.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public static Task<AddressBookClient> BindAsync(IRpcClient rpc, CancellationToken ct) => BindAsync(new RpcNspiTransport(rpc), ct);

    /// <summary>Opens a session over a transport, which the client then owns.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public static async Task<AddressBookClient> BindAsync(INspiTransport transport, CancellationToken ct)
    {
        try
        {
            var client = new AddressBookClient(transport);
            await client.CheckedAsync(new NspiBindRequest(0, new NspiStat(), Guid.Empty), ct).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Every object of the global address list, in the server's order.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async IAsyncEnumerable<PropertyBag> GetRowsAsync(IReadOnlyList<PropertyTag> columns, [EnumeratorCancellation] CancellationToken ct)
    {
        var stat = new NspiStat();
        while (stat.CurrentRec != MinimalEntryId.EndOfTable)
        {
            var request = new NspiQueryRowsRequest(default, 0, stat, null, RowsPerCall, columns);
            var response = await CheckedAsync(request, ct).ConfigureAwait(false);
            var rows = response.Rows ?? [];
            foreach (var row in rows) yield return WithoutErrors(row);
            // A server that gives nothing and does not move would be asked for ever.
            if (rows.Count == 0 && response.Stat.CurrentRec == stat.CurrentRec) yield break;
            stat = response.Stat;
        }
    }

    /// <summary>The minimal ids of objects by their legacyExchangeDN, hidden ones too; 0 where there is none.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<IReadOnlyList<uint>> GetMinimalIdsAsync(IReadOnlyList<string> legacyExchangeDNs, CancellationToken ct)
    {
        var ids = new List<uint>(legacyExchangeDNs.Count);
        foreach (var names in legacyExchangeDNs.Chunk(NamesPerCall))
        {
            var found = (await CheckedAsync(new NspiDNToMIdRequest(default, 0, names), ct).ConfigureAwait(false)).Numbers ?? [];
            if (found.Count != names.Length) throw new MapiProtocolException($"NspiDNToMId gave {found.Count} ids for {names.Length} names.");
            ids.AddRange(found);
        }
        return ids;
    }

    /// <summary>The properties of one object; null when it is gone.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<PropertyBag?> GetPropertiesAsync(uint minimalId, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var stat = new NspiStat { CurrentRec = minimalId };
        var response = await transport.CallAsync(new NspiGetPropsRequest(default, 0, stat, columns), ct).ConfigureAwait(false);
        if (response.Status == NspiStatus.NotFound) return null;
        // For an object that is not there servers answer as for one without values. Source: [MS-OXNSPI] 3.1.4.1.7 constraint 11.
        return Checked(NspiOperation.GetProps, response).Row is { } row && WithoutErrors(row) is { Count: > 0 } values ? values : null;
    }

    /// <summary>
    /// The objects that a property of an object refers to, hidden ones too: members, owners, delegates. None where the object has no such
    /// property or the server does not keep it.
    /// </summary>
    /// <param name="property">With its Object type, such as <see cref="PropertyTags.AddressBookMember"/>.</param>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<IReadOnlyList<PropertyBag>> GetReferencesAsync(
        uint minimalId, PropertyTag property, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var stat = new NspiStat { SortType = NspiSortType.DisplayNameReadOnly, CurrentRec = minimalId, ContainerId = property.Value };
        var request = new NspiGetMatchesRequest(default, 0, stat, null, MostMatches, null);
        var response = await transport.CallAsync(request, ct).ConfigureAwait(false);
        if (response.Status is NspiStatus.NotSupported or NspiStatus.NotFound) return [];
        var ids = Checked(NspiOperation.GetMatches, response).MinimalIds ?? [];
        return await GetRowsAsync(ids, columns, ct).ConfigureAwait(false);
    }

    /// <summary>The objects that these names mean; null for a name that means none or several.</summary>
    /// <param name="names">What a user would type; <c>=SMTP:</c> or a legacyExchangeDN is taken exactly.</param>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<IReadOnlyList<PropertyBag?>> ResolveAsync(IReadOnlyList<string> names, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var request = new NspiResolveNamesRequest(default, 0, new NspiStat(), columns, names);
        var response = await CheckedAsync(request, ct).ConfigureAwait(false);
        var rows = new Queue<PropertyBag>(response.Rows ?? []);
        return (response.MinimalIds ?? []).Select(id =>
            id == MinimalEntryId.Resolved && rows.TryDequeue(out var row) ? WithoutErrors(row) : null).ToList();
    }

    /// <summary>The containers of the address book, the global address list first.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<IReadOnlyList<PropertyBag>> GetContainersAsync(CancellationToken ct)
    {
        var request = new NspiGetSpecialTableRequest(default, NspiGetSpecialTableRequest.UnicodeStrings, new NspiStat(), 0);
        return (await CheckedAsync(request, ct).ConfigureAwait(false)).Rows ?? [];
    }

    /// <summary>The properties that the server keeps, with Unicode string types.</summary>
    /// <exception cref="MapiException">The server said no.</exception>
    public async Task<IReadOnlyList<PropertyTag>> GetColumnsAsync(CancellationToken ct)
    {
        const uint unicodeProptypes = 0x8000_0000;
        return ((await CheckedAsync(new NspiQueryColumnsRequest(default, 0, unicodeProptypes), ct).ConfigureAwait(false)).Numbers ?? []).Select(tag => new PropertyTag(tag)).ToList();
    }

    /// <summary>Ends the session if the server still answers, and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await transport.CallAsync(new NspiUnbindRequest(default), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MapiException or MapiProtocolException or IOException or OperationCanceledException)
        {
            // The connection goes anyway, and the session with it.
        }
        await transport.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<PropertyBag>> GetRowsAsync(IReadOnlyList<uint> ids, IReadOnlyList<PropertyTag> columns, CancellationToken ct)
    {
        var rows = new List<PropertyBag>(ids.Count);
        foreach (var table in ids.Chunk(RowsPerCall))
        {
            var request = new NspiQueryRowsRequest(default, 0, new NspiStat(), table, (uint)table.Length, columns);
            var response = await CheckedAsync(request, ct).ConfigureAwait(false);
            rows.AddRange((response.Rows ?? []).Select(WithoutErrors));
        }
        return rows;
    }

    private async Task<T> CheckedAsync<T>(NspiRequest<T> request, CancellationToken ct) where T : NspiAnswer =>
        Checked(request.Operation, await transport.CallAsync(request, ct).ConfigureAwait(false));

    private static T Checked<T>(NspiOperation operation, T response) where T : NspiAnswer =>
        response.IsSuccess ? response : throw new MapiException($"Nspi{operation}", response.Status);

    private static PropertyBag WithoutErrors(PropertyBag row) => new(row.Where(property => property.Tag.Type != PropertyType.ErrorCode));
}
