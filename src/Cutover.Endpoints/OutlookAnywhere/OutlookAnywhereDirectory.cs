using System.Runtime.CompilerServices;
using Cutover.Core.Endpoints;
using Cutover.Core.Recipients;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>The address book of an on-premises organisation, read over NSPI, by either transport.</summary>
public sealed class OutlookAnywhereDirectory : IRecipientDirectory
{
    private const string Subject = "address book";

    private readonly AddressBookClient addressBook;

    /// <summary>
    /// True once a row showed a list of names: the server has that form, so a mailbox whose row shows no delegates has none and need not be asked by itself.
    /// </summary>
    private bool showsListsInRows;

    /// <summary>Takes over a session with the address book.</summary>
    public OutlookAnywhereDirectory(AddressBookClient addressBook) => this.addressBook = addressBook;

    /// <summary>Signs in at the address book: where Autodiscover said that it is over HTTP, or where the Exchange server refers to over RPC.</summary>
    /// <exception cref="Core.Faults.MigrationFault">The address book can't be opened.</exception>
    public static async Task<IRecipientDirectory> OpenAsync(
        MigrationEndpoint endpoint, string password, Connector connector, TimeProvider clock, CancellationToken ct)
    {
        var settings = OutlookAnywhereSettings.Read(endpoint);
        try
        {
            if (settings is { UsesMapiHttp: true, AddressBookUrl: { } url })
            {
                var overHttp = new NspiHttpTransport(settings.ConnectionTo(url, password, connector, clock));
                return new OutlookAnywhereDirectory(await AddressBookClient.BindAsync(overHttp, ct));
            }
            var server = settings.NspiServer ?? await ReferAsync(settings, password, connector, clock, ct);
            var rpc = await RpcHttpClient.ConnectAsync(
                settings.ConnectionTo(NspiInterface.Port, password, connector, clock, server), NspiInterface.Id, ct);
            return new OutlookAnywhereDirectory(await AddressBookClient.BindAsync(rpc, ct));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, Subject);
        }
    }

    public async IAsyncEnumerable<Recipient> GetRecipientsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var referred = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await using var rows = addressBook.GetRowsAsync(AddressBookRecipients.Columns, ct).GetAsyncEnumerator(ct);
        while (await Guarded(() => rows.MoveNextAsync().AsTask()))
            if (await Guarded(() => ReadAsync(rows.Current, isHidden: false, known, referred, ct)) is { } recipient)
                yield return recipient;

        // What a hidden recipient refers to may be hidden too.
        while (referred.Except(known, known.Comparer).ToList() is { Count: > 0 } hidden)
            foreach (var row in await Guarded(() => GetHiddenAsync(hidden, known, ct)))
                if (await Guarded(() => ReadAsync(row, isHidden: true, known, referred, ct)) is { } recipient)
                    yield return recipient;
    }

    public async Task<Recipient?> FindAsync(string addressOrLegacyExchangeDN, CancellationToken ct)
    {
        if (addressOrLegacyExchangeDN.StartsWith('/')) return await Guarded(() => FindByNameAsync(addressOrLegacyExchangeDN, ct));
        if (await Guarded(() => ResolveAsync(addressOrLegacyExchangeDN, ct)) is { } shown) return await Guarded(() => FindByNameAsync(shown, ct));

        // A hidden recipient resolves by no address; it shows only by what refers to it.
        await foreach (var recipient in GetRecipientsAsync(ct))
            if (recipient.HiddenFromAddressLists && HasAddress(recipient, addressOrLegacyExchangeDN))
                return recipient;
        return null;
    }

    public ValueTask DisposeAsync() => addressBook.DisposeAsync();

    private static async Task<string> ReferAsync(
        OutlookAnywhereSettings settings, string password, Connector connector, TimeProvider clock, CancellationToken ct)
    {
        // From Exchange 2013 on the name behind the proxy is the mailbox's, for the address book too, and no referral may change it.
        if (settings.HasServerPerMailbox) return settings.ExchangeServer;
        var rpc = await RpcHttpClient.ConnectAsync(settings.ConnectionTo(RfrInterface.Port, password, connector, clock), RfrInterface.Id, ct);
        await using var referral = new RfrClient(rpc);
        return await referral.GetAddressBookServerAsync(settings.LegacyExchangeDN ?? "", ct);
    }

    private static bool HasAddress(Recipient recipient, string address) =>
        recipient.EmailAddresses.Contains($"smtp:{address}", StringComparer.OrdinalIgnoreCase);

    private static async Task<T> Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw OutlookAnywhereFaults.Of(e, Subject);
        }
    }

    private async Task<IReadOnlyList<PropertyBag>> GetHiddenAsync(IReadOnlyList<string> names, HashSet<string> known, CancellationToken ct)
    {
        var rows = new List<PropertyBag>();
        var ids = await addressBook.GetMinimalIdsAsync(names, ct);
        for (var i = 0; i < names.Count; i++)
        {
            // Known from now on, even when nothing is there, so that it is not asked for again.
            known.Add(names[i]);
            if (ids[i] == MinimalEntryId.Unresolved) continue;
            if (await addressBook.GetPropertiesAsync(ids[i], AddressBookRecipients.Columns, ct) is { } row) rows.Add(row);
        }
        return rows;
    }

    private async Task<Recipient?> ReadAsync(
        PropertyBag row, bool isHidden, HashSet<string> known, HashSet<string> referred, CancellationToken ct)
    {
        if (AddressBookRecipients.LegacyExchangeDN(row) is { } name) known.Add(name);
        if (AddressBookRecipients.Read(row, isHidden) is not { } recipient) return null;
        showsListsInRows |= recipient.Members.Count + recipient.Delegates.Count + AddressBookRecipients.MemberOf(row).Count > 0;
        recipient = await WithReferencesAsync(recipient, AddressBookRecipients.MinimalId(row), ct);
        referred.UnionWith([.. recipient.Members, .. recipient.ManagedBy, .. recipient.Delegates, .. AddressBookRecipients.MemberOf(row)]);
        if (recipient.Manager is { } manager) referred.Add(manager);
        return recipient;
    }

    /// <summary>
    /// Completes what the row says: servers cut long lists in a row off, and some give none there. The list by itself leaves out hidden
    /// recipients, so both are taken together.
    /// </summary>
    private async Task<Recipient> WithReferencesAsync(Recipient recipient, uint? minimalId, CancellationToken ct)
    {
        if (!recipient.IsGroup && !recipient.HasMailbox) return recipient;
        if (!recipient.IsGroup && recipient.Delegates.Count == 0 && showsListsInRows) return recipient;
        var id = minimalId ?? (await addressBook.GetMinimalIdsAsync([recipient.LegacyExchangeDN], ct))[0];
        if (id == MinimalEntryId.Unresolved) return recipient;
        if (!recipient.IsGroup) return recipient with { Delegates = await UnionAsync(recipient.Delegates, id, PropertyTags.AddressBookPublicDelegates, ct) };
        return recipient with
        {
            Members = await UnionAsync(recipient.Members, id, PropertyTags.AddressBookMember, ct),
            ManagedBy = await UnionAsync(recipient.ManagedBy, id, PropertyTags.AddressBookOwner, ct),
        };
    }

    private async Task<IReadOnlyList<string>> UnionAsync(IReadOnlyList<string> names, uint id, PropertyTag property, CancellationToken ct)
    {
        var rows = await addressBook.GetReferencesAsync(id, property, [PropertyTags.EmailAddress], ct);
        return [.. names.Concat(rows.Select(AddressBookRecipients.LegacyExchangeDN).OfType<string>()).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private async Task<string?> ResolveAsync(string address, CancellationToken ct)
    {
        var found = await addressBook.ResolveAsync([$"=SMTP:{address}"], [PropertyTags.EmailAddress], ct);
        return found is [{ } row] ? AddressBookRecipients.LegacyExchangeDN(row) : null;
    }

    private async Task<Recipient?> FindByNameAsync(string legacyExchangeDN, CancellationToken ct)
    {
        if (await addressBook.GetMinimalIdsAsync([legacyExchangeDN], ct) is not [> MinimalEntryId.Unresolved and var id]) return null;
        if (await addressBook.GetPropertiesAsync(id, AddressBookRecipients.Columns, ct) is not { } row) return null;
        if (AddressBookRecipients.Read(row, isHidden: false) is not { } recipient) return null;
        // What is shown in the address lists resolves by its address.
        var isHidden = await ResolveAsync(recipient.PrimarySmtpAddress, ct) is null;
        return await WithReferencesAsync(recipient with { HiddenFromAddressLists = isHidden }, id, ct);
    }
}
