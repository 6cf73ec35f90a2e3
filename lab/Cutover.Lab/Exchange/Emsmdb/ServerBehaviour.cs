using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// What servers of different versions do differently, by the version that they answer. Source: the product notes of [MS-OXCSTOR], [MS-OXCFXICS] and
/// [MS-OXCRPC]; the number of a note stands with its line.
/// </summary>
public sealed record ServerBehaviour(MapiVersion Version)
{
    public static readonly MapiVersion Exchange2003 = new(6, 5, 7638, 1);
    public static readonly MapiVersion Exchange2007 = new(8, 3, 485, 1);
    public static readonly MapiVersion Exchange2010 = new(14, 3, 513, 0);
    public static readonly MapiVersion Exchange2013 = new(15, 0, 1497, 2);
    public static readonly MapiVersion Exchange2016 = new(15, 1, 2507, 6);
    public static readonly MapiVersion Exchange2019 = new(15, 2, 1118, 7);

    /// <summary>Exchange 2003 and 2007.</summary>
    private bool IsBefore2010 => Version.Major < 14;

    /// <summary>TransferStatus NoRoom in place of Partial. [MS-OXCFXICS] note 8.</summary>
    public bool SaysNoRoom => IsBefore2010;

    /// <summary>Bytes from which on a string in a stream lacks its NUL; 0 where none does. [MS-OXCFXICS] note 20.</summary>
    public int UnterminatedStringsFrom => IsBefore2010 ? 0x8000 : 0;

    /// <summary>RopSynchronizationGetTransferState in mid-download tells how far it is, not where it began. [MS-OXCFXICS] note 32.</summary>
    public bool GivesTrueTransferState => IsBefore2010;

    /// <summary>RopGetStoreState exists. [MS-OXCSTOR] note 11.</summary>
    public bool HasStoreState => IsBefore2010;

    /// <summary>Who saves a message that somebody else saved meanwhile is told; else it seems to succeed and is lost. [MS-OXCMSG] note 25.</summary>
    public bool TellsLostChanges => IsBefore2010;

    /// <summary>RopGetValidAttachments exists. [MS-OXCMSG] note 18.</summary>
    public bool HasValidAttachments => IsBefore2010;

    /// <summary>Who logs on without TAKE_OWNERSHIP is a delegate and no owner. [MS-OXCSTOR] note 3.</summary>
    public bool HonoursTakeOwnership => IsBefore2010;

    /// <summary>
    /// PidTagDeleteAfterSubmit and PidTagDisplayName of the store can't be set ([MS-OXCSTOR] notes 15, 16), and none of its properties deleted.
    /// </summary>
    public bool KeepsStoreProperties => Version.Major >= 15;

    /// <summary>A folder that may not be deleted is told of by PartialCompletion alone. [MS-OXCFOLD] R503.</summary>
    public bool KeepsFoldersInSilence => !IsBefore2010;

    /// <summary>Read states that are no IDSET are refused. [MS-OXCSTOR] R1021006.</summary>
    public bool ChecksPerUserInformation => (Version.Major, Version.Minor) is ( > 15, _) or (15, > 0);

    /// <summary>Someone with rights on a mailbox may connect by its name. An account needs no mailbox of its own then.</summary>
    public bool ConnectsByMailbox => IsBefore2010;

    /// <summary>
    /// The refusal of who logs on to another's mailbox without rights; null since Exchange 2013, which lets everybody in as a delegate, to whatever the
    /// folders' permissions leave. [MS-OXCSTOR] note 31.
    /// </summary>
    public uint? LogonRefusal => Version.Major switch
    {
        < 14 => MapiErrorCode.AccessDenied,
        14 => MapiErrorCode.LoginPerm,
        _ => null,
    };

    /// <summary>
    /// What a further logon of a session to another mailbox gets without USE_PER_MDB_REPLID_MAPPING; null where it is let in. [MS-OXCSTOR] notes 26,
    /// 28, 29.
    /// </summary>
    public uint? SharedMappingRefusal => Version.Major switch
    {
        < 14 => null,
        14 => MapiErrorCode.WrongServer,
        _ => MapiErrorCode.InvalidParameter,
    };

    /// <summary>What AUX_SERVER_CAPABILITIES says; servers before 2013 say nothing.</summary>
    public ServerCapabilities Capabilities => Version.Major < 15
        ? ServerCapabilities.None
        : ServerCapabilities.PackedFastTransferUploadBuffers | ServerCapabilities.PackedWriteStreamUploadBuffers
            | ServerCapabilities.UltraLargePackedDownloadBuffers;

    /// <summary>The most bytes that a call may ask for. [MS-OXCRPC] 3.1.4.2.</summary>
    public uint MaximumOutput => Capabilities.HasFlag(ServerCapabilities.UltraLargePackedDownloadBuffers)
        ? (uint)EmsmdbInterface.UltraLargeOutput
        : EmsmdbInterface.MaximumOutput;
}
