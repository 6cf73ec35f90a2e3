using System.Buffers.Binary;
using System.Text;
using Cutover.Lab.Organisation;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.AddressBook;

// Order and change: what sorts or compares, templates, and what clients may change.
public sealed partial class AddressBookService
{
    private const int EntryIdHead = 28;
    private const uint DeleteLinks = 1;

    // Source: [MS-OXNSPI] 3.1.4.1.12.
    private NspiCompareMIdsResponse CompareMIds(NspiCompareMIdsRequest request)
    {
        if (!IsServed(request.Stat)) return new(0, NspiStatus.InvalidCodePage);
        if (request.Stat.ContainerId != 0) return new(0, NspiStatus.InvalidBookmark);
        // Ids below 0x10 name no object here. Source: [MS-OXNSPI] 2.2.9.1.
        if (Math.Min(request.First, request.Second) < MinimalEntryId.FirstObject) return new(0, NspiStatus.GeneralFailure);
        var table = directory.GlobalAddressList;
        var first = AddressBookPosition.Of(request.Stat with { CurrentRec = request.First, Delta = 0 }, table);
        var second = AddressBookPosition.Of(request.Stat with { CurrentRec = request.Second, Delta = 0 }, table);
        return first is { } one && second is { } other ? new(one.CompareTo(other), NspiStatus.Success) : new(0, NspiStatus.GeneralFailure);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.11.
    private NspiResortRestrictionResponse ResortRestriction(NspiResortRestrictionRequest request)
    {
        // Minimal ids have no code page: Unicode will do. Exchange 2013 and later take any sort order: [MS-OXNSPI] 3.1.4.1.11 note 6.
        if (!IsServed(request.Stat) && request.Stat.CodePage != CodePages.Utf16) return new(request.Stat, null, NspiStatus.InvalidCodePage);
        var sorted = request.MinimalIds.Select(directory.Find).OfType<AddressBookObject>()
            .OrderBy(one => one.Recipient.DisplayName, AddressBookOrder.Comparer).Select(one => one.MinimalId).ToList();
        var position = sorted.IndexOf(request.Stat.CurrentRec);
        var stat = request.Stat with
        {
            TotalRecs = (uint)sorted.Count,
            Delta = 0,
            NumPos = (uint)Math.Max(position, 0),
            CurrentRec = position < 0 ? MinimalEntryId.BeginningOfTable : request.Stat.CurrentRec,
        };
        return new(stat, sorted, NspiStatus.Success);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.18.
    private static NspiGetPropsResponse GetTemplateInfo(NspiGetTemplateInfoRequest request)
    {
        if (!IsServed(new NspiStat { CodePage = request.CodePage })) return new(null, NspiStatus.InvalidCodePage, (int)request.CodePage);
        var row = AddressBookTemplates.Find(request);
        return new(row, row is null ? NspiStatus.InvalidLocale : NspiStatus.Success, (int)request.CodePage);
    }

    // Certificates are what Outlook publishes this way. Source: [MS-OXNSPI] 3.1.4.1.14.
    private NspiStatusResponse ModProps(LabAccount caller, NspiModPropsRequest request)
    {
        if (!IsServed(request.Stat)) return new(NspiStatus.InvalidCodePage);
        if (request.Removed is null || directory.Find(request.Stat.CurrentRec) is not { } one) return new(NspiStatus.InvalidParameter);
        if (one.DisplayType() != AddressBookDisplayType.MailUser) return new(NspiStatus.InvalidObject);
        var tags = request.Removed.Concat(request.Row.Select(value => value.Tag)).ToList();
        if (!MayChange(caller, one) || !tags.TrueForAll(IsCertificate)) return new(NspiStatus.AccessDenied);
        foreach (var tag in tags) one.Certify(tag, request.Row.Find(value => value.Tag.Id == tag.Id)?.Value as byte[][] ?? []);
        return new(NspiStatus.Success);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.15.
    private NspiStatusResponse ModLinkAtt(LabAccount caller, NspiModLinkAttRequest request)
    {
        if (ChangeableOn(request.Property) is not { } displayType) return new(NspiStatus.NotFound);
        if (directory.Find(request.MinimalId) is not { } one) return new(NspiStatus.InvalidParameter);
        if (one.DisplayType() != displayType || !MayChange(caller, one)) return new(NspiStatus.AccessDenied);
        var named = request.EntryIds.Select(ObjectOf).OfType<AddressBookObject>().Select(found => found.Recipient.LegacyExchangeDN).ToList();
        var before = one.References(request.Property) ?? [];
        one.Refer(request.Property, (request.Flags & DeleteLinks) != 0
            ? [.. before.Except(named, StringComparer.OrdinalIgnoreCase)]
            : [.. before.Union(named, StringComparer.OrdinalIgnoreCase)]);
        directory.CountMembers();
        // Exchange 2013 and later make the change and yet answer so to ephemeral entry ids: note 8, and Microsoft's suite (R2003009, R1335, R1332).
        return new(request.EntryIds.Any(id => id.Length > 0 && id[0] == AddressBookObject.EphemeralIdType) ? NspiStatus.GeneralFailure : NspiStatus.Success);
    }

    private static bool IsCertificate(PropertyTag tag) =>
        tag.Id == PropertyTags.AddressBookX509Certificate.Id || tag.Id == PropertyTags.UserX509Certificate.Id;

    private static AddressBookDisplayType? ChangeableOn(PropertyTag property)
    {
        if (property.Id == PropertyTags.AddressBookMember.Id) return AddressBookDisplayType.DistributionList;
        return property.Id == PropertyTags.AddressBookPublicDelegates.Id ? AddressBookDisplayType.MailUser : null;
    }

    // Users change themselves, owners their groups, administrators everything.
    private bool MayChange(LabAccount caller, AddressBookObject one) =>
        caller == organisation.Administrator || organisation.Directory.Administrators.Append(one.Recipient.LegacyExchangeDN).Concat(one.Recipient.ManagedBy)
            .Contains(caller.LegacyExchangeDN, StringComparer.OrdinalIgnoreCase);

    // The display type within an entry id is not part of what it names. Source: [MS-OXNSPI] 2.2.9.2, 2.2.9.3.
    private AddressBookObject? ObjectOf(byte[] entryId)
    {
        if (entryId.Length < EntryIdHead) return null;
        var tail = entryId.AsSpan(EntryIdHead);
        return entryId[0] == AddressBookObject.EphemeralIdType
            ? tail.Length == sizeof(uint) ? directory.Find(BinaryPrimitives.ReadUInt32LittleEndian(tail)) : null
            : directory.Find(Encoding.Latin1.GetString(tail).TrimEnd('\0'));
    }
}
