using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The NSPI interface: names and numbers. Source: [MS-OXNSPI] 2.1, 3.1.4.1.</summary>
public static class NspiInterface
{
    public static readonly RpcInterfaceId Id = new(new Guid("f5cc5a18-4264-101a-8c59-08002b2f8426"), 56, 0);

    /// <summary>The port that RPC over HTTP names it by.</summary>
    public const int Port = 6004;
}

/// <summary>Operation numbers of NSPI. Source: [MS-OXNSPI] 3.1.4.1.</summary>
public enum NspiOperation : ushort
{
    Bind = 0,
    Unbind = 1,
    UpdateStat = 2,
    QueryRows = 3,
    SeekEntries = 4,
    GetMatches = 5,
    ResortRestriction = 6,
    DNToMId = 7,
    GetPropList = 8,
    GetProps = 9,
    CompareMIds = 10,
    ModProps = 11,
    GetSpecialTable = 12,
    GetTemplateInfo = 13,
    ModLinkAtt = 14,
    QueryColumns = 16,
    ResolveNames = 19,
    ResolveNamesW = 20,
}

/// <summary>What an NSPI method returns. Source: [MS-OXNSPI] 2.2.1.2.</summary>
public static class NspiStatus
{
    public const uint Success = 0;
    public const uint UnbindSuccess = 1;
    public const uint UnbindFailure = 2;

    /// <summary>Done, but some columns have no value.</summary>
    public const uint ErrorsReturned = 0x0004_0380;
    public const uint GeneralFailure = 0x8000_4005;
    public const uint NotSupported = 0x8004_0102;
    public const uint NotFound = 0x8004_010F;
    public const uint TooComplex = 0x8004_0117;
    public const uint InvalidCodePage = 0x8004_011E;
    public const uint TableTooBig = 0x8004_0403;
    public const uint InvalidBookmark = 0x8004_0405;
    public const uint InvalidLocale = 0x8004_011F;
    public const uint InvalidObject = 0x8004_0108;
    public const uint AccessDenied = 0x8007_0005;
    public const uint InvalidParameter = 0x8007_0057;
}

/// <summary>Minimal entry ids with a meaning of their own. Source: [MS-OXNSPI] 2.2.1.8, 2.2.1.9.</summary>
public static class MinimalEntryId
{
    public const uint BeginningOfTable = 0;
    public const uint Current = 1;
    public const uint EndOfTable = 2;

    /// <summary>In a name resolution: no such name, several, the one before it is found.</summary>
    public const uint Unresolved = 0;
    public const uint Ambiguous = 1;
    public const uint Resolved = 2;

    /// <summary>The lowest id that can name an object.</summary>
    public const uint FirstObject = 0x10;
}

/// <summary>How a table is sorted. Source: [MS-OXNSPI] 2.2.1.10.</summary>
public enum NspiSortType : uint
{
    DisplayName = 0,
    PhoneticDisplayName = 3,

    /// <summary>A table of the objects that a property refers to.</summary>
    DisplayNameReadOnly = 0x3E8,
}
