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
/// answer for them. Nobody may change anything. Source: [MS-OXNSPI] 3.1.4.
/// </summary>
public sealed partial class AddressBookService(ContosoOrganisation organisation)
{
    /// <summary>Rows that one answer holds at most.</summary>
    public const int MostRows = 50;

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
            NspiModPropsRequest modProps => ModProps(modProps),
            NspiGetSpecialTableRequest getSpecialTable => GetSpecialTable(getSpecialTable),
            NspiGetTemplateInfoRequest template => GetTemplateInfo(template),
            NspiModLinkAttRequest modLinkAtt => ModLinkAtt(modLinkAtt),
            NspiQueryColumnsRequest => QueryColumns(),
            NspiResolveNamesRequest resolve => ResolveNames(resolve),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Ends a session whose connection is gone, if it is still there.</summary>
    public void Drop(RpcContextHandle context) => sessions.TryRemove(context, out _);

    private NspiBindResponse Bind(LabAccount caller, NspiBindRequest request)
    {
        var serverGuid = request.ServerGuid is null ? (Guid?)null : ServerGuid;
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
        var from = AddressBookPosition.Of(request.Stat with { Delta = 0 }, table);
        if (request.Stat.ContainerId != 0 || from is null) return new(request.Stat, request.Delta, NspiStatus.InvalidBookmark);
        var to = AddressBookPosition.Of(request.Stat, table)!.Value;
        return new(request.Stat.At(to, table), request.Delta is null ? null : to - from, NspiStatus.Success);
    }

    private NspiRowsResponse QueryRows(NspiQueryRowsRequest request)
    {
        if (!IsServed(request.Stat)) return new(request.Stat, null, NspiStatus.InvalidCodePage);
        if (request.Count == 0) return new(request.Stat, null, NspiStatus.InvalidParameter);
        var count = (int)Math.Min(request.Count, MostRows);
        var columns = request.Columns ?? AddressBookObject.DefaultColumns;
        return request.Table is { } explicitTable
            ? new(request.Stat, [.. explicitTable.Take(count).Select(id => Row(id, columns))], NspiStatus.Success) { Columns = columns }
            : QueryContainer(request.Stat, count, columns);
    }

    private NspiRowsResponse QueryContainer(NspiStat stat, int count, IReadOnlyList<PropertyTag> columns)
    {
        var table = directory.GlobalAddressList;
        if (stat.ContainerId != 0 || AddressBookPosition.Of(stat, table) is not { } start) return new(stat, null, NspiStatus.InvalidBookmark);
        var rows = table.Skip(start).Take(count).Select(one => one.Row(columns)).ToList();
        return new(stat.At(start + rows.Count, table), rows, NspiStatus.Success) { Columns = columns };
    }

    private NspiRowsResponse SeekEntries(NspiSeekEntriesRequest request)
    {
        if (!IsServed(request.Stat)) return new(request.Stat, null, NspiStatus.InvalidCodePage);
        if (request.Target?.Value is not string target) return new(request.Stat, null, NspiStatus.GeneralFailure);
        var table = directory.GlobalAddressList;
        var start = Enumerable.Range(0, table.Count).Where(i =>
            string.Compare(table[i].Recipient.DisplayName, target, StringComparison.OrdinalIgnoreCase) >= 0).DefaultIfEmpty(-1).First();
        if (start < 0) return new(request.Stat, null, NspiStatus.NotFound);
        var rows = request.Columns is { } columns ? table.Skip(start).Take(MostRows).Select(one => one.Row(columns)).ToList() : null;
        return new(request.Stat.At(start, table), rows, NspiStatus.Success) { Columns = request.Columns };
    }

    private NspiGetMatchesResponse GetMatches(NspiGetMatchesRequest request)
    {
        var stat = request.Stat;
        if (!IsServed(stat)) return new(stat, null, null, NspiStatus.InvalidCodePage);
        var (status, matches) = request.Filter is { } restriction ? Filter(restriction) : Referred(stat);
        if (status != NspiStatus.Success) return new(stat, null, null, status);
        if (matches.Count > request.Requested) return new(stat, null, null, NspiStatus.TableTooBig);
        var rows = request.Columns is { } columns ? matches.Take(MostRows).Select(one => one.Row(columns)).ToList() : null;
        return new(stat with { ContainerId = stat.CurrentRec }, [.. matches.Select(one => one.MinimalId)], rows, NspiStatus.Success) { Columns = request.Columns };
    }

    private (uint Status, IReadOnlyList<AddressBookObject> Matches) Filter(AddressBookRestriction restriction)
    {
        if (!AddressBookFilter.IsServed(restriction)) return (NspiStatus.TooComplex, []);
        var filter = new AddressBookFilter(directory);
        return (NspiStatus.Success, [.. directory.GlobalAddressList.Where(one => filter.Meets(one, restriction))]);
    }

    private (uint Status, IReadOnlyList<AddressBookObject> Matches) Referred(NspiStat stat)
    {
        if (directory.Find(stat.CurrentRec) is not { } one) return (NspiStatus.GeneralFailure, []);
        var names = one.References(new PropertyTag(stat.ContainerId)) ?? [];
        // Like Exchange's address book, the table of a group's members does not show hidden ones.
        var matches = names.Select(directory.Find).OfType<AddressBookObject>().Where(directory.GlobalAddressList.Contains);
        return (NspiStatus.Success, [.. matches.OrderBy(match => match.Recipient.DisplayName, StringComparer.OrdinalIgnoreCase)]);
    }

    private NspiNumbersResponse DNToMId(NspiDNToMIdRequest request)
    {
        return new([.. request.Names.Select(name => directory.Find(name)?.MinimalId ?? MinimalEntryId.Unresolved)], NspiStatus.Success);
    }

    private NspiNumbersResponse GetPropList(NspiGetPropListRequest request)
    {
        if (directory.Find(request.MinimalId) is not { } one) return new(null, NspiStatus.GeneralFailure);
        return new([.. one.Columns().Select(tag => tag.Value)], NspiStatus.Success);
    }

    private NspiGetPropsResponse GetProps(NspiGetPropsRequest request)
    {
        if (!IsServed(request.Stat)) return new(null, NspiStatus.InvalidCodePage);
        if (directory.Find(request.Stat.CurrentRec) is not { } one) return new(null, NspiStatus.NotFound);
        var row = one.Row(request.Columns ?? one.Columns());
        var hasErrors = row.Exists(property => property.Tag.Type == PropertyType.ErrorCode);
        return new(row, hasErrors ? NspiStatus.ErrorsReturned : NspiStatus.Success, (int)request.Stat.CodePage);
    }

    private NspiGetSpecialTableResponse GetSpecialTable(NspiGetSpecialTableRequest request)
    {
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

    private NspiNumbersResponse QueryColumns()
    {
        var sample = directory.GlobalAddressList.Count > 0 ? directory.GlobalAddressList[0] : null;
        return new(sample is null ? [] : [.. AddressBookObject.Columns(sample).Select(tag => tag.Value)], NspiStatus.Success);
    }

    private NspiResolveNamesResponse ResolveNames(NspiResolveNamesRequest request)
    {
        if (!IsServed(request.Stat)) return new(null, null, NspiStatus.InvalidCodePage);
        var columns = request.Columns ?? AddressBookObject.DefaultColumns;
        var found = request.Names.Select(directory.Resolve).ToList();
        var ids = found.Select(matches => matches.Count switch { 0 => MinimalEntryId.Unresolved, 1 => MinimalEntryId.Resolved, _ => MinimalEntryId.Ambiguous });
        var rows = found.Where(matches => matches.Count == 1).Select(matches => matches[0].Row(columns));
        return new([.. ids], [.. rows], NspiStatus.Success, (int)request.Stat.CodePage) { Columns = columns };
    }

    private PropertyBag Row(uint minimalId, IReadOnlyList<PropertyTag> columns) =>
        directory.Find(minimalId)?.Row(columns)
        ?? new(columns.Select(column => new PropertyValue(column.WithType(PropertyType.ErrorCode), unchecked((int)NspiStatus.NotFound))));

    // Exchange takes 0 for its own code page, and clients send it.
    private static bool IsServed(NspiStat stat) =>
        stat.CodePage == 0
        || (stat.CodePage != CodePages.Utf16 && stat.CodePage <= ushort.MaxValue && CodePages.Find((int)stat.CodePage) is not null);
}
