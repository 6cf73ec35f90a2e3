using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.AddressBook;

// Order and change: what sorts or compares, and what is refused.
public sealed partial class AddressBookService
{
    // Source: [MS-OXNSPI] 3.1.4.1.12.
    private NspiCompareMIdsResponse CompareMIds(NspiCompareMIdsRequest request)
    {
        if (!IsServed(request.Stat)) return new(0, NspiStatus.InvalidCodePage);
        if (request.Stat.ContainerId != 0) return new(0, NspiStatus.InvalidBookmark);
        var table = directory.GlobalAddressList;
        var first = AddressBookPosition.Of(request.Stat with { CurrentRec = request.First, Delta = 0 }, table);
        var second = AddressBookPosition.Of(request.Stat with { CurrentRec = request.Second, Delta = 0 }, table);
        return first is { } one && second is { } other ? new(one.CompareTo(other), NspiStatus.Success) : new(0, NspiStatus.GeneralFailure);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.11.
    private NspiResortRestrictionResponse ResortRestriction(NspiResortRestrictionRequest request)
    {
        if (!IsServed(request.Stat)) return new(request.Stat, null, NspiStatus.InvalidCodePage);
        if (request.Stat.SortType != NspiSortType.DisplayName) return new(request.Stat, null, NspiStatus.GeneralFailure);
        var sorted = request.MinimalIds.Select(directory.Find).OfType<AddressBookObject>()
            .OrderBy(one => one.Recipient.DisplayName, StringComparer.OrdinalIgnoreCase).Select(one => one.MinimalId).ToList();
        var position = sorted.IndexOf(request.Stat.CurrentRec);
        var stat = request.Stat with
        {
            TotalRecs = (uint)sorted.Count,
            NumPos = (uint)Math.Max(position, 0),
            CurrentRec = position < 0 ? MinimalEntryId.BeginningOfTable : request.Stat.CurrentRec,
        };
        return new(stat, sorted, NspiStatus.Success);
    }

    // The lab keeps no templates. Source: [MS-OXNSPI] 3.1.4.1.18 constraint 5.
    private static NspiGetPropsResponse GetTemplateInfo(NspiGetTemplateInfoRequest request)
    {
        var isServed = IsServed(new NspiStat { CodePage = request.CodePage });
        return new(null, isServed ? NspiStatus.InvalidLocale : NspiStatus.InvalidCodePage, (int)request.CodePage);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.14 constraints 1, 5 to 7, 11.
    private NspiStatusResponse ModProps(NspiModPropsRequest request)
    {
        if (!IsServed(request.Stat)) return new(NspiStatus.InvalidCodePage);
        if (request.Removed is null || directory.Find(request.Stat.CurrentRec) is not { } one) return new(NspiStatus.InvalidParameter);
        return new(one.Recipient.HasMailbox ? NspiStatus.AccessDenied : NspiStatus.InvalidObject);
    }

    // Source: [MS-OXNSPI] 3.1.4.1.15 constraints 3, 4, 8.
    private NspiStatusResponse ModLinkAtt(NspiModLinkAttRequest request)
    {
        if (request.Property != PropertyTags.AddressBookMember && request.Property != PropertyTags.AddressBookPublicDelegates) return new(NspiStatus.NotFound);
        return new(directory.Find(request.MinimalId) is null ? NspiStatus.InvalidParameter : NspiStatus.AccessDenied);
    }
}
