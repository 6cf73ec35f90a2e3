namespace Cutover.Mapi.FastTransfer;

/// <summary>Markers that give a FastTransfer stream its structure. Source: [MS-OXCFXICS] 2.2.4.1.4.</summary>
public enum FastTransferMarker : uint
{
    // Folders
    StartTopFld = 0x40090003,
    StartSubFld = 0x400A0003,
    EndFolder = 0x400B0003,

    // Messages and their parts
    StartMessage = 0x400C0003,
    EndMessage = 0x400D0003,
    StartFAIMsg = 0x40100003,
    StartEmbed = 0x40010003,
    EndEmbed = 0x40020003,
    StartRecip = 0x40030003,
    EndToRecip = 0x40040003,
    NewAttach = 0x40000003,
    EndAttach = 0x400E0003,

    // Synchronisation download
    IncrSyncChg = 0x40120003,
    IncrSyncChgPartial = 0x407D0003,
    IncrSyncDel = 0x40130003,
    IncrSyncEnd = 0x40140003,
    IncrSyncMessage = 0x40150003,
    IncrSyncRead = 0x402F0003,
    IncrSyncStateBegin = 0x403A0003,
    IncrSyncStateEnd = 0x403B0003,
    IncrSyncProgressMode = 0x4074000B,
    IncrSyncProgressPerMsg = 0x4075000B,
    IncrSyncGroupInfo = 0x407B0102,

    // Special
    FXErrorInfo = 0x40180003,
}
