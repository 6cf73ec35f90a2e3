namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Error codes that only a server uses. Source: [MS-OXCDATA] 2.4, [MS-OXCRPC] 3.1.4.</summary>
internal static class LabErrorCode
{
    /// <summary>ecError.</summary>
    public const uint Error = 0x80004005;

    /// <summary>NewerClientChange (SYNC_W_CLIENT_CHANGE_NEWER): a warning. Source: [MS-OXCFXICS] 2.2.3.2.4.4.2.</summary>
    public const uint NewerClientChange = 0x00040821;

    /// <summary>ecCorruptData: the stored object is damaged.</summary>
    public const uint CorruptData = 0x8004011B;

    /// <summary>ecObjectModified: somebody else saved it meanwhile.</summary>
    public const uint ObjectModified = 0x80040109;

    /// <summary>ecTooBig.</summary>
    public const uint TooBig = 0x80040305;

    /// <summary>StreamAccessDenied: the stream is read-only.</summary>
    public const uint StreamAccessDenied = 0x80030005;

    /// <summary>StreamSeekError: before the beginning, or too far.</summary>
    public const uint StreamSeek = 0x80030019;

    /// <summary>StreamInvalidParam.</summary>
    public const uint StreamInvalidParameter = 0x80030057;

    /// <summary>ecMsgCycle: a message would come to hold itself.</summary>
    public const uint MessageCycle = 0x00000504;

    /// <summary>ecUnknownCodePage.</summary>
    public const uint UnknownCodePage = 0x000003EF;

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

    /// <summary>ecInvalidBookmark: the bookmark was freed, or the table was sorted, restricted or reset since.</summary>
    public const uint InvalidBookmark = 0x80040405;

    /// <summary>ecNotExpanded: the category is closed already.</summary>
    public const uint NotExpanded = 0x000004F7;

    /// <summary>ecNotCollapsed: the category is open already.</summary>
    public const uint NotCollapsed = 0x000004F8;

    /// <summary>ecDuplicateName: the folder has a child of this name already.</summary>
    public const uint DuplicateName = 0x80040604;

    /// <summary>ecFolderCycle (MAPI_E_FOLDER_CYCLE): a folder can't go below itself.</summary>
    public const uint FolderCycle = 0x8004060B;

    /// <summary>ecSearchFolder: a search folder holds no messages of its own.</summary>
    public const uint SearchFolder = 0x00000460;

    /// <summary>ecNotSearchFolder.</summary>
    public const uint NotSearchFolder = 0x00000461;

    /// <summary>ecSearchFolderScopeViolation: a search folder can't search itself.</summary>
    public const uint SearchScopeViolation = 0x00000490;

    /// <summary>ecNotInitialized: the search folder has no criteria, or no scope.</summary>
    public const uint NotInitialized = 0x80040605;

    /// <summary>ecParameterOverflow: no replica id is left.</summary>
    public const uint ParameterOverflow = 0x00000450;

    /// <summary>ecSyncConflict: somebody else changed it too.</summary>
    public const uint SyncConflict = 0x80040802;

    /// <summary>ecNoParentFolder: the folder that it should come under is not there.</summary>
    public const uint NoParentFolder = 0x80040803;

    /// <summary>ecUnableToAbort: there is nothing to abort.</summary>
    public const uint UnableToAbort = 0x80040114;
}
