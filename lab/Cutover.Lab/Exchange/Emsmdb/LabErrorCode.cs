namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Error codes that only a server uses. Source: [MS-OXCDATA] 2.4, [MS-OXCRPC] 3.1.4.</summary>
internal static class LabErrorCode
{
    /// <summary>ecError.</summary>
    public const uint Error = 0x80004005;

    /// <summary>ecCorruptData: the stored object is damaged.</summary>
    public const uint CorruptData = 0x8004011B;

    /// <summary>ecInvalidObject: the handle was released.</summary>
    public const uint InvalidObject = 0x80040108;

    /// <summary>ecObjectDeleted.</summary>
    public const uint ObjectDeleted = 0x8004010A;

    /// <summary>ecRpcFailed.</summary>
    public const uint RpcFailed = 0x80040115;

    /// <summary>RPC_X_BAD_STUB_DATA, as the status of a fault.</summary>
    public const uint BadStubData = 0x000006F7;

    /// <summary>nca_s_op_rng_error, as the status of a fault.</summary>
    public const uint OperationRange = 0x1C010002;

    /// <summary>NotImplemented.</summary>
    public const uint NotImplemented = 0x80040FFF;
}
