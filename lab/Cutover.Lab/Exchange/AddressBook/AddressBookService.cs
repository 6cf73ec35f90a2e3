using System.Collections.Concurrent;
using System.Diagnostics;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>
/// The address book's sessions, however they are reached. Hidden recipients are in no table and resolve by no name; NspiDNToMId and NspiGetProps
/// answer for them. Changes live as long as the lab runs. Source: [MS-OXNSPI] 3.1.4.
/// </summary>
public sealed partial class AddressBookService(ContosoOrganisation organisation)
{
    /// <summary>Rows that one answer holds at most.</summary>
    public const int MostRows = 50;

    /// <summary>Of NspiBind: a client that does not say who it is.</summary>
    private const uint AnonymousLogin = 0x20;

    /// <summary>Of NspiGetProps, NspiQueryRows: entry ids in their ephemeral form.</summary>
    private const uint EphemeralIds = 2;

    private const uint UnicodeTypes = 0x8000_0000;

    private const uint ContextMismatch = 0x1C00_001A;
    private const uint HierarchyVersion = 1;
    private const int ContainerFlagsOfRecipients = 0x1 | 0x8;

    private static readonly Guid ServerGuid = new("4c0f5c0e-57a5-4c1b-9d0e-616464726573");

    private readonly AddressBookDirectory directory = new(organisation);
    private readonly ConcurrentDictionary<RpcContextHandle, LabAccount> sessions = new();

    /// <summary>Sessions that are bound now.</summary>
    public int Sessions => sessions.Count;

    /// <summary>Answers one request.</summary>
    /// <exception cref="RpcFaultException">The session is unknown, or another account's.</exception>
    public NspiAnswer Answer(LabAccount caller, NspiRequest request)
    {
        if (request is NspiBindRequest bind) return Bind(caller, bind);
        if (request is NspiUnbindRequest unbind) return Unbind(unbind);
        if (sessions.GetValueOrDefault(request.Context) != caller) throw new RpcFaultException(ContextMismatch);
        return request switch
        {
            NspiUpdateStatRequest updateStat => UpdateStat(updateStat),
            NspiQueryRowsRequest queryRows => QueryRows(queryRows),
            NspiSeekEntriesRequest seekEntries => SeekEntries(seekEntries),
            NspiGetMatchesRequest getMatches => GetMatches(getMatches),
            NspiResortRestrictionRequest resort => ResortRestriction(resort),
            NspiDNToMIdRequest names => DNToMId(names),
            NspiGetPropListRequest getPropList => GetPropList(getPropList),
            NspiGetPropsRequest getProps => GetProps(getProps),
            NspiCompareMIdsRequest compare => CompareMIds(compare),
            NspiModPropsRequest modProps => ModProps(caller, modProps),
            NspiGetSpecialTableRequest getSpecialTable => GetSpecialTable(getSpecialTable),
            NspiGetTemplateInfoRequest template => GetTemplateInfo(template),
            NspiModLinkAttRequest modLinkAtt => ModLinkAtt(caller, modLinkAtt),
            NspiQueryColumnsRequest queryColumns => QueryColumns(queryColumns),
            NspiResolveNamesRequest resolve => ResolveNames(resolve),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Ends a session whose connection is gone, if it is still there.</summary>
    public void Drop(RpcContextHandle context) => sessions.TryRemove(context, out _);

    private NspiBindResponse Bind(LabAccount caller, NspiBindRequest request)
    {
        var serverGuid = request.ServerGuid is null ? (Guid?)null : ServerGuid;
        // Exchange 2010 and later serve nobody without a name. Source: [MS-OXNSPI] 3.1.4.1.1 note 2.
        if ((request.Flags & AnonymousLogin) != 0) return new NspiBindResponse(serverGuid, RpcContextHandle.Null, NspiStatus.NotSupported);
        if (!IsServed(request.Stat)) return new NspiBindResponse(serverGuid, RpcContextHandle.Null, NspiStatus.InvalidCodePage);
        var context = new RpcContextHandle(0, Guid.NewGuid());
        sessions[context] = caller;
        return new NspiBindResponse(serverGuid, context, NspiStatus.Success);
    }

    private NspiUnbindResponse Unbind(NspiUnbindRequest request) =>
        new(RpcContextHandle.Null, sessions.TryRemove(request.Context, out _) ? NspiStatus.UnbindSuccess : NspiStatus.UnbindFailure);

    private NspiUpdateStatResponse UpdateStat(NspiUpdateStatRequest request)
    {
        if (!IsServed(request.Stat)) return new(request.Stat, request.Delta, NspiStatus.InvalidCodePage);
        var table = directory.GlobalAddressList;
        if (request.Stat.ContainerId != 0) return new(request.Stat, request.Delta, NspiStatus.InvalidBookmark);
        var from = AddressBookPosition.Of(request.Stat with { Delta = 0 }, table);
        if (from is null) return new(request.Stat, request.Delta, NspiStatus.NotFound);
        var to = AddressBookPosition.Of(request.Stat, table)!.Value;
        return new(request.Stat.At(to, table), request.Delta is null ? null : to - from, NspiStatus.Success);
    }

    private NspiRowsResponse QueryRows(NspiQueryRowsRequest request)
    {
        if (!IsServed(request.Stat)) return new(request.Stat, null, NspiStatus.InvalidCodePage);
        if (request.Count == 0) return new(request.Stat, null, NspiStatus.InvalidParameter);
        var count = (int)Math.Min(request.Count, MostRows);
        var columns = request.Columns ?? AddressBookObject.DefaultColumns;
        var issuer = Issuer(request.Flags);
        return request.Table is { } explicitTable
            ? new(request.Stat, [.. explicitTable.Take(count).Select(id => Row(id, columns, issuer))], NspiStatus.Success) { Columns = columns }
            : QueryContainer(request.Stat, count, columns, issuer);
    }

    private NspiRowsResponse QueryContainer(NspiStat stat, int count, IReadOnlyList<PropertyTag> columns, Guid? issuer)
    {
        var table = directory.GlobalAddressList;
        if (stat.ContainerId != 0 || AddressBookPosition.Of(stat, table) is not { } start) return new(stat, null, NspiStatus.InvalidBookmark);
        var rows = table.Skip(start).Take(count).Select(one => one.Row(columns, issuer)).ToList();
        return new(stat.At(start + rows.Count, table), rows, NspiStatus.Success) { Columns = columns };
    }

    // An explicit table is searched in the order that it has; an empty one is none. Rows are those of NspiQueryRows with fEphID. Source: [MS-OXNSPI] 3.1.4.1.9.
    private NspiRowsResponse SeekEntries(NspiSeekEntriesRequest request)
    {
        var stat = request.Stat;
        if (!IsServed(stat)) return new(stat, null, NspiStatus.InvalidCodePage);
        if (stat.ContainerId != 0) return new(stat, null, NspiStatus.InvalidBookmark);
        if (stat.SortType != NspiSortType.DisplayName || request.Target is not { Value: string target } value || value.Tag.Id != PropertyTags.DisplayName.Id)
            return new(stat, null, NspiStatus.GeneralFailure);
        IReadOnlyList<AddressBookObject> table = request.Table is { Count: > 0 } ids ? [.. ids.Select(directory.Find).OfType<AddressBookObject>()] : directory.GlobalAddressList;
        var start = Enumerable.Range(0, table.Count).Where(i => AddressBookOrder.Compare(table[i].Recipient.DisplayName, target) >= 0).DefaultIfEmpty(-1).First();
        if (start < 0) return new(stat, null, NspiStatus.NotFound);
        var rows = request.Columns is { } columns ? table.Skip(start).Take(MostRows).Select(one => one.Row(columns, ServerGuid)).ToList() : null;
        return new(stat.At(start, table) with { Delta = stat.Delta }, rows, NspiStatus.Success) { Columns = request.Columns };
    }

    private NspiGetMatchesResponse GetMatches(NspiGetMatchesRequest request)
    {
        var stat = request.Stat;
        if (!IsServed(stat)) return new(stat, null, null, NspiStatus.InvalidCodePage);
        // What this method gives back as container, an object, is taken for one the next time: Microsoft's suite sees Exchange do so (R1899).
        if (request.Filter is not null && stat.ContainerId != 0 && directory.Find(stat.ContainerId) is null) return new(stat, null, null, NspiStatus.InvalidBookmark);
        var (status, matches) = request.Filter is { } restriction ? Filter(restriction, stat.SortType) : Referred(stat);
        if (status != NspiStatus.Success) return new(stat, null, null, status);
        if (matches.Count > request.Requested) return new(stat, null, null, NspiStatus.TableTooBig);
        var rows = request.Columns is { } columns ? matches.Select(one => one.Row(columns, ServerGuid)).ToList() : null;
        return new(stat with { ContainerId = stat.CurrentRec }, [.. matches.Select(one => one.MinimalId)], rows, NspiStatus.Success) { Columns = request.Columns };
    }

    private (uint Status, IReadOnlyList<AddressBookObject> Matches) Filter(AddressBookRestriction restriction, NspiSortType order)
    {
        if (!AddressBookFilter.IsServed(restriction)) return (NspiStatus.TooComplex, []);
        var filter = new AddressBookFilter(directory);
        var matches = directory.GlobalAddressList.Where(one => filter.Meets(one, restriction));
        return (NspiStatus.Success, order == NspiSortType.PhoneticDisplayName ? [.. matches.OrderBy(one => one.PhoneticName, AddressBookOrder.Comparer)] : [.. matches]);
    }

    private (uint Status, IReadOnlyList<AddressBookObject> Matches) Referred(NspiStat stat)
    {
        if (directory.Find(stat.CurrentRec) is not { } one) return (NspiStatus.GeneralFailure, []);
        // Without a property there is nothing to follow: the object itself. Microsoft's suite of [MS-OXNSPI] sees Exchange do so (R347).
        if (stat.ContainerId == 0) return (NspiStatus.Success, [one]);
        var names = one.References(new PropertyTag(stat.ContainerId)) ?? [];
        // Like Exchange's address book, the table of a group's members does not show hidden ones.
        var matches = names.Select(directory.Find).OfType<AddressBookObject>().Where(directory.GlobalAddressList.Contains);
        return (NspiStatus.Success, [.. matches.OrderBy(match => match.Recipient.DisplayName, AddressBookOrder.Comparer)]);
    }

    private NspiNumbersResponse DNToMId(NspiDNToMIdRequest request)
    {
        return new([.. request.Names.Select(name => directory.Find(name)?.MinimalId ?? MinimalEntryId.Unresolved)], NspiStatus.Success);
    }

    // Exchange takes the minimal id 0 for the address book itself and gives all that it knows: [MS-OXNSPI] does not say so, its suite does (R801, R828).
    private NspiNumbersResponse GetPropList(NspiGetPropListRequest request)
    {
        if (request.MinimalId == MinimalEntryId.BeginningOfTable) return Tags(KnownColumns(), request.CodePage == CodePages.Utf16);
        return directory.Find(request.MinimalId) is { } one
            ? Tags(one.Columns(), request.CodePage == CodePages.Utf16)
            : new(null, NspiStatus.GeneralFailure);
    }

    private NspiGetPropsResponse GetProps(NspiGetPropsRequest request)
    {
        // Unicode alone needs no code page; 8-bit strings are then told as missing. Source: [MS-OXNSPI] 3.1.4.1.7 constraint 1.
        if (!IsServed(request.Stat) && request.Stat.CodePage != CodePages.Utf16) return new(null, NspiStatus.InvalidCodePage);
        var one = directory.Find(request.Stat.CurrentRec);
        if (one is null && request.Columns is null) return new(null, NspiStatus.GeneralFailure);
        var columns = request.Columns ?? [.. one!.Columns()];
        var row = one?.Row(columns, Issuer(request.Flags)) ?? AddressBookObject.NoRow(columns);
        var hasErrors = row.Exists(property => property.Tag.Type == PropertyType.ErrorCode);
        return new(row, hasErrors ? NspiStatus.ErrorsReturned : NspiStatus.Success, (int)request.Stat.CodePage);
    }

    private NspiGetSpecialTableResponse GetSpecialTable(NspiGetSpecialTableRequest request)
    {
        if ((request.Flags & NspiGetSpecialTableRequest.AddressCreationTemplates) != 0)
            return new(HierarchyVersion, AddressBookTemplates.CreationTable(request.Stat.TemplateLocale), NspiStatus.Success);
        var stringType = (request.Flags & NspiGetSpecialTableRequest.UnicodeStrings) != 0 ? PropertyType.String : PropertyType.String8;
        if (stringType == PropertyType.String8 && !IsServed(request.Stat)) return new(HierarchyVersion, null, NspiStatus.InvalidCodePage);
        // PermanentEntryID of a container: its display type is 0x100.
        byte[] containerId = [0, 0, 0, 0, .. AddressBookObject.ProviderUid, 1, 0, 0, 0, 0, 1, 0, 0, (byte)'/', 0];
        PropertyBag globalAddressList =
        [
            new(PropertyTags.EntryId, containerId),
            new(PropertyTags.ContainerFlags, ContainerFlagsOfRecipients),
            new(PropertyTags.Depth, 0),
            new(PropertyTags.AddressBookContainerId, 0),
            new(PropertyTags.DisplayName.WithType(stringType), "Global Address List"),
            new(PropertyTags.AddressBookIsMaster, false),
        ];
        return new(HierarchyVersion, [globalAddressList], NspiStatus.Success);
    }

    private NspiNumbersResponse QueryColumns(NspiQueryColumnsRequest request) => Tags(KnownColumns(), (request.Flags & UnicodeTypes) != 0);

    private IEnumerable<PropertyTag> KnownColumns() =>
        directory.GlobalAddressList.Count > 0 ? AddressBookObject.Columns(directory.GlobalAddressList[0]) : [];

    // String types are those that the client can read. Source: [MS-OXNSPI] 3.1.4.1.5 constraints 3 and 4, 3.1.4.1.6 constraint 4.
    private static NspiNumbersResponse Tags(IEnumerable<PropertyTag> tags, bool isUnicode) =>
        new([.. tags.Select(tag => (isUnicode ? tag : tag.Type switch
        {
            PropertyType.String => tag.WithType(PropertyType.String8),
            PropertyType.MultipleString => tag.WithType(PropertyType.MultipleString8),
            _ => tag,
        }).Value)], NspiStatus.Success);

    private NspiResolveNamesResponse ResolveNames(NspiResolveNamesRequest request)
    {
        if (!IsServed(request.Stat)) return new(null, null, NspiStatus.InvalidCodePage);
        if (request.Stat.ContainerId != 0) return new(null, null, NspiStatus.InvalidBookmark);
        var columns = request.Columns ?? AddressBookObject.DefaultColumns;
        var found = request.Names.Select(directory.Resolve).ToList();
        var ids = found.Select(matches => matches.Count switch { 0 => MinimalEntryId.Unresolved, 1 => MinimalEntryId.Resolved, _ => MinimalEntryId.Ambiguous });
        var rows = found.Where(matches => matches.Count == 1).Select(matches => matches[0].Row(columns));
        return new([.. ids], [.. rows], NspiStatus.Success, (int)request.Stat.CodePage) { Columns = columns };
    }

    private PropertyBag Row(uint minimalId, IReadOnlyList<PropertyTag> columns, Guid? issuer) =>
        directory.Find(minimalId)?.Row(columns, issuer) ?? AddressBookObject.NoRow(columns);

    private static Guid? Issuer(uint flags) => (flags & EphemeralIds) != 0 ? ServerGuid : null;

    // Exchange takes 0 for its own code page, and clients send it.
    private static bool IsServed(NspiStat stat) =>
        stat.CodePage == 0
        || (stat.CodePage != CodePages.Utf16 && stat.CodePage <= ushort.MaxValue && CodePages.Find((int)stat.CodePage) is not null);
}
