namespace Cutover.Mapi;

/// <summary>The error codes that we tell apart. Source: [MS-OXCDATA] 2.4, [MS-OXCRPC] 3.1.4, [MS-OXCSTOR] 2.2.1.1.</summary>
public static class MapiErrorCode
{
    public const uint Success = 0;

    /// <summary>ecUnknownUser: the server doesn't know the legacyExchangeDN.</summary>
    public const uint UnknownUser = 0x000003EB;

    /// <summary>ecLoginPerm: the account has no right to open the mailbox.</summary>
    public const uint LoginPerm = 0x000003F2;

    /// <summary>ecWrongServer: the mailbox lives elsewhere; the answer names the server.</summary>
    public const uint WrongServer = 0x00000478;

    /// <summary>ecBufferTooSmall: not even the first answer fits the output buffer.</summary>
    public const uint BufferTooSmall = 0x0000047D;

    /// <summary>ecServerBusy, also RopFastTransferSourceGetBuffer's backoff.</summary>
    public const uint ServerBusy = 0x00000480;

    /// <summary>ecRpcFormat: the server could not parse the request.</summary>
    public const uint RpcFormat = 0x000004B6;

    /// <summary>ecNullObject: the handle index holds no object.</summary>
    public const uint NullObject = 0x000004B9;

    /// <summary>ecMdbOffline: the database is dismounted.</summary>
    public const uint MdbOffline = 0x0000047F;

    /// <summary>ecDstNullObject: the destination handle index holds no object.</summary>
    public const uint NullDestinationObject = 0x00000503;

    /// <summary>ecProfileNotConfigured: not the account's own mailbox and no administrator privilege asked for.</summary>
    public const uint ProfileNotConfigured = 0x0000011C;

    /// <summary>ecNotEncrypted: the server wants RPC encryption.</summary>
    public const uint NotEncrypted = 0x00000970;

    /// <summary>ecClientVerDisallowed.</summary>
    public const uint ClientVersionDisallowed = 0x000004DF;

    /// <summary>ecAccessDenied.</summary>
    public const uint AccessDenied = 0x80070005;

    /// <summary>ecNotEnoughMemory: also "this value is too big for a row".</summary>
    public const uint NotEnoughMemory = 0x8007000E;

    /// <summary>ecInvalidParam.</summary>
    public const uint InvalidParameter = 0x80070057;

    /// <summary>ecNotSupported.</summary>
    public const uint NotSupported = 0x80040102;

    /// <summary>ecNotFound: no such property, message or folder.</summary>
    public const uint NotFound = 0x8004010F;

    /// <summary>ecLoginFailure.</summary>
    public const uint LoginFailure = 0x80040111;

    /// <summary>ecMaxConnectionsExceeded: the account has as many sessions as the server allows.</summary>
    public const uint MaxConnectionsExceeded = 0x80040605;

    /// <summary>MAPI_E_CALL_FAILED (ecError): what we call a download whose status is Error without a code of its own.</summary>
    public const uint DownloadFailed = 0x80004005;

    /// <summary>ecCorruptData: the stored object is damaged.</summary>
    public const uint CorruptData = 0x8004011B;

    /// <summary>RPC_S_SERVER_UNAVAILABLE.</summary>
    public const uint RpcServerUnavailable = 0x000006BA;

    /// <summary>nca_s_fault_context_mismatch: the session is lost.</summary>
    public const uint RpcContextMismatch = 0x1C00001A;
}
