namespace Cutover.Mapi.Rops;

/// <summary>
/// A ROP that a client asks for. All begin with RopId, LogonId and an index into the server object handle table that holds the object to
/// act on (for
/// RopLogon the index that receives the logon). Source: [MS-OXCROPS] 2.2.
/// </summary>
public abstract record RopRequest(RopId Id, byte HandleIndex)
{
    public byte LogonId { get; init; }

    public void Write(RopWriter writer)
    {
        writer.WriteByte((byte)Id).WriteByte(LogonId).WriteByte(HandleIndex);
        WriteBody(writer);
    }

    /// <summary>The id that the response bears, all but always that of the request.</summary>
    protected virtual RopId ResponseId => Id;

    protected abstract void WriteBody(RopWriter writer);

    /// <summary>True for RopRelease alone, which the server never answers.</summary>
    public virtual bool HasNoResponse => false;

    /// <summary>Reads the next ROP, as a server does.</summary>
    /// <exception cref="MapiProtocolException">It is cut, or a ROP that we don't speak: its length is then unknown, so the rest is lost too.</exception>
    public static RopRequest Read(RopReader reader)
    {
        var id = (RopId)reader.ReadByte();
        var logonId = reader.ReadByte();
        var handleIndex = reader.ReadByte();
        return ReadBody(id, logonId, handleIndex, reader) with { LogonId = logonId };
    }

    /// <summary>
    /// Reads the response to this request: its result, a <see cref="RopFailure"/>, or one of the extra responses that may stand anywhere.
    /// </summary>
    public RopResponse ReadResponse(RopReader reader)
    {
        var id = (RopId)reader.ReadByte();
        if (RopResponse.TryReadExtra(id, reader) is { } extra) return extra;
        if (id != ResponseId) throw reader.Broken($"the response to {Id}, not to {id},");
        var handleIndex = reader.ReadByte();
        var returnValue = reader.ReadUInt32();
        return returnValue == MapiErrorCode.Success ? ReadSuccess(handleIndex, reader) : ReadFailure(handleIndex, returnValue, reader);
    }

    /// <summary>The response that says no to this request, as a server writes it: most are a <see cref="RopFailure"/>.</summary>
    public virtual RopResponse Failure(byte handleIndex, uint returnValue) => new RopFailure(ResponseId, handleIndex, returnValue);

    protected abstract RopResponse ReadSuccess(byte handleIndex, RopReader reader);

    protected virtual RopResponse ReadFailure(byte handleIndex, uint returnValue, RopReader reader) =>
        new RopFailure(ResponseId, handleIndex, returnValue);

    private static RopRequest ReadBody(RopId id, byte logonId, byte handleIndex, RopReader reader) => id switch
    {
        RopId.Release => new ReleaseRequest(handleIndex),
        RopId.OpenFolder => OpenFolderRequest.ReadBody(handleIndex, reader),
        RopId.OpenMessage => OpenMessageRequest.ReadBody(handleIndex, reader),
        RopId.GetHierarchyTable => GetHierarchyTableRequest.ReadBody(handleIndex, reader),
        RopId.GetContentsTable => GetContentsTableRequest.ReadBody(handleIndex, reader),
        RopId.CreateMessage => CreateMessageRequest.ReadBody(handleIndex, reader),
        RopId.GetPropertiesSpecific => GetPropertiesSpecificRequest.ReadBody(handleIndex, reader),
        RopId.GetPropertiesAll => GetPropertiesAllRequest.ReadBody(handleIndex, reader),
        RopId.GetPropertiesList => new GetPropertiesListRequest(handleIndex),
        RopId.SetProperties => SetPropertiesRequest.ReadBody(id, handleIndex, reader),
        RopId.DeleteProperties => DeletePropertiesRequest.ReadBody(id, handleIndex, reader),
        RopId.SaveChangesMessage => SaveChangesMessageRequest.ReadBody(handleIndex, reader),
        RopId.RemoveAllRecipients => RemoveAllRecipientsRequest.ReadBody(handleIndex, reader),
        RopId.ModifyRecipients => ModifyRecipientsRequest.ReadBody(handleIndex, reader),
        RopId.ReadRecipients => ReadRecipientsRequest.ReadBody(handleIndex, reader),
        RopId.ReloadCachedInformation => ReloadCachedInformationRequest.ReadBody(handleIndex, reader),
        RopId.SetMessageReadFlag => SetMessageReadFlagRequest.ReadBody(handleIndex, reader.PublicLogons.Contains(logonId), reader),
        RopId.SetColumns => SetColumnsRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferSourceCopyProperties => FastTransferSourceCopyPropertiesRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferSourceCopyFolder => FastTransferSourceCopyFolderRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferDestinationConfigure => FastTransferDestinationConfigureRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferDestinationPutBuffer => FastTransferDestinationPutBufferRequest.ReadBody(id, handleIndex, reader),
        RopId.FastTransferDestinationPutBufferExtended => FastTransferDestinationPutBufferRequest.ReadBody(id, handleIndex, reader),
        RopId.SynchronizationOpenCollector => OpenCollectorRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationImportMessageChange => ImportMessageChangeRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationImportHierarchyChange => ImportHierarchyChangeRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationImportMessageMove => ImportMessageMoveRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationImportDeletes => ImportDeletesRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationImportReadStateChanges => ImportReadStateChangesRequest.ReadBody(handleIndex, reader),
        RopId.GetLocalReplicaIds => new GetLocalReplicaIdsRequest(handleIndex, reader.ReadUInt32()),
        RopId.SetLocalReplicaMidsetDeleted => SetLocalReplicaMidsetDeletedRequest.ReadBody(handleIndex, reader),
        RopId.SetReceiveFolder => SetReceiveFolderRequest.ReadBody(handleIndex, reader),
        RopId.GetReceiveFolderTable => new GetReceiveFolderTableRequest(handleIndex),
        RopId.GetOwningServers => new GetOwningServersRequest(handleIndex, reader.ReadObjectId()),
        RopId.PublicFolderIsGhosted => new PublicFolderIsGhostedRequest(handleIndex, reader.ReadObjectId()),
        RopId.GetPerUserLongTermIds => new GetPerUserLongTermIdsRequest(handleIndex, reader.ReadGuid()),
        RopId.GetPerUserGuid => new GetPerUserGuidRequest(handleIndex, reader.ReadLongTermId()),
        RopId.ReadPerUserInformation => ReadPerUserInformationRequest.ReadBody(handleIndex, reader),
        RopId.WritePerUserInformation => WritePerUserInformationRequest.ReadBody(handleIndex, reader),
        RopId.CreateFolder => CreateFolderRequest.ReadBody(handleIndex, reader),
        RopId.DeleteFolder => DeleteFolderRequest.ReadBody(handleIndex, reader),
        RopId.EmptyFolder => EmptyFolderRequest.ReadBody(id, handleIndex, reader),
        RopId.HardDeleteMessagesAndSubfolders => EmptyFolderRequest.ReadBody(id, handleIndex, reader),
        RopId.MoveFolder => MoveFolderRequest.ReadBody(handleIndex, reader),
        RopId.CopyFolder => CopyFolderRequest.ReadBody(handleIndex, reader),
        RopId.DeleteMessages => DeleteMessagesRequest.ReadBody(id, handleIndex, reader),
        RopId.HardDeleteMessages => DeleteMessagesRequest.ReadBody(id, handleIndex, reader),
        RopId.MoveCopyMessages => MoveCopyMessagesRequest.ReadBody(handleIndex, reader),
        RopId.SetSearchCriteria => SetSearchCriteriaRequest.ReadBody(handleIndex, reader),
        RopId.GetSearchCriteria => GetSearchCriteriaRequest.ReadBody(handleIndex, reader),
        RopId.SortTable => SortTableRequest.ReadBody(handleIndex, reader),
        RopId.Restrict => RestrictRequest.ReadBody(handleIndex, reader),
        RopId.QueryRows => QueryRowsRequest.ReadBody(handleIndex, reader),
        RopId.GetStatus => new GetStatusRequest(handleIndex),
        RopId.QueryPosition => new QueryPositionRequest(handleIndex),
        RopId.SeekRow => SeekRowRequest.ReadBody(handleIndex, reader),
        RopId.SeekRowBookmark => SeekRowBookmarkRequest.ReadBody(handleIndex, reader),
        RopId.SeekRowFractional => SeekRowFractionalRequest.ReadBody(handleIndex, reader),
        RopId.CreateBookmark => new CreateBookmarkRequest(handleIndex),
        RopId.GetMessageStatus => new GetMessageStatusRequest(handleIndex, reader.ReadObjectId()),
        RopId.SetMessageStatus => SetMessageStatusRequest.ReadBody(handleIndex, reader),
        RopId.GetAttachmentTable => GetAttachmentTableRequest.ReadBody(handleIndex, reader),
        RopId.OpenAttachment => OpenAttachmentRequest.ReadBody(handleIndex, reader),
        RopId.CreateAttachment => new CreateAttachmentRequest(handleIndex, reader.ReadByte()),
        RopId.DeleteAttachment => new DeleteAttachmentRequest(handleIndex, reader.ReadUInt32()),
        RopId.SaveChangesAttachment => SaveChangesAttachmentRequest.ReadBody(handleIndex, reader),
        RopId.GetReceiveFolder => new GetReceiveFolderRequest(handleIndex, reader.ReadString8()),
        RopId.RegisterNotification => RegisterNotificationRequest.ReadBody(handleIndex, reader),
        RopId.OpenStream => OpenStreamRequest.ReadBody(handleIndex, reader),
        RopId.ReadStream => ReadStreamRequest.ReadBody(handleIndex, reader),
        RopId.WriteStream => WriteStreamRequest.ReadBody(id, handleIndex, reader),
        RopId.SeekStream => SeekStreamRequest.ReadBody(handleIndex, reader),
        RopId.SetStreamSize => new SetStreamSizeRequest(handleIndex, reader.ReadUInt64()),
        RopId.SubmitMessage => new SubmitMessageRequest(handleIndex, (SubmitFlags)reader.ReadByte()),
        RopId.AbortSubmit => AbortSubmitRequest.ReadBody(handleIndex, reader),
        RopId.QueryColumnsAll => new QueryColumnsAllRequest(handleIndex),
        RopId.Abort => new AbortRequest(handleIndex),
        RopId.CopyTo => CopyToRequest.ReadBody(handleIndex, reader),
        RopId.CopyToStream => CopyToStreamRequest.ReadBody(handleIndex, reader),
        RopId.CloneStream => new CloneStreamRequest(handleIndex, reader.ReadByte()),
        RopId.GetPermissionsTable => GetPermissionsTableRequest.ReadBody(handleIndex, reader),
        RopId.GetRulesTable => GetRulesTableRequest.ReadBody(handleIndex, reader),
        RopId.ModifyPermissions => ModifyPermissionsRequest.ReadBody(handleIndex, reader),
        RopId.ModifyRules => ModifyRulesRequest.ReadBody(handleIndex, reader),
        RopId.LongTermIdFromId => new LongTermIdFromIdRequest(handleIndex, reader.ReadObjectId()),
        RopId.IdFromLongTermId => new IdFromLongTermIdRequest(handleIndex, reader.ReadLongTermId()),
        RopId.OpenEmbeddedMessage => OpenEmbeddedMessageRequest.ReadBody(handleIndex, reader),
        RopId.SetSpooler => new SetSpoolerRequest(handleIndex),
        RopId.SpoolerLockMessage => SpoolerLockMessageRequest.ReadBody(handleIndex, reader),
        RopId.GetAddressTypes => new GetAddressTypesRequest(handleIndex),
        RopId.TransportSend => new TransportSendRequest(handleIndex),
        RopId.FastTransferSourceCopyMessages => FastTransferSourceCopyMessagesRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferSourceCopyTo => FastTransferSourceCopyToRequest.ReadBody(handleIndex, reader),
        RopId.FastTransferSourceGetBuffer => FastTransferSourceGetBufferRequest.ReadBody(handleIndex, reader),
        RopId.FindRow => FindRowRequest.ReadBody(handleIndex, reader),
        RopId.Progress => new ProgressRequest(handleIndex, reader.ReadBoolean()),
        RopId.TransportNewMail => TransportNewMailRequest.ReadBody(handleIndex, reader),
        RopId.GetValidAttachments => new GetValidAttachmentsRequest(handleIndex),
        RopId.GetNamesFromPropertyIds => GetNamesFromPropertyIdsRequest.ReadBody(handleIndex, reader),
        RopId.GetPropertyIdsFromNames => GetPropertyIdsFromNamesRequest.ReadBody(handleIndex, reader),
        RopId.UpdateDeferredActionMessages => UpdateDeferredActionMessagesRequest.ReadBody(handleIndex, reader),
        RopId.ExpandRow => ExpandRowRequest.ReadBody(handleIndex, reader),
        RopId.CollapseRow => new CollapseRowRequest(handleIndex, reader.ReadUInt64()),
        RopId.LockRegionStream => LockRegionStreamRequest.ReadBody(id, handleIndex, reader),
        RopId.UnlockRegionStream => LockRegionStreamRequest.ReadBody(id, handleIndex, reader),
        RopId.CommitStream => new CommitStreamRequest(handleIndex),
        RopId.GetStreamSize => new GetStreamSizeRequest(handleIndex),
        RopId.QueryNamedProperties => QueryNamedPropertiesRequest.ReadBody(handleIndex, reader),
        RopId.SetReadFlags => SetReadFlagsRequest.ReadBody(handleIndex, reader),
        RopId.CopyProperties => CopyPropertiesRequest.ReadBody(handleIndex, reader),
        RopId.GetCollapseState => GetCollapseStateRequest.ReadBody(handleIndex, reader),
        RopId.SetCollapseState => SetCollapseStateRequest.ReadBody(handleIndex, reader),
        RopId.GetTransportFolder => new GetTransportFolderRequest(handleIndex),
        RopId.OptionsData => OptionsDataRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationConfigure => SynchronizationConfigureRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationUploadStateStreamBegin => UploadStateStreamBeginRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationUploadStateStreamContinue => UploadStateStreamContinueRequest.ReadBody(handleIndex, reader),
        RopId.SynchronizationUploadStateStreamEnd => new UploadStateStreamEndRequest(handleIndex),
        RopId.SetPropertiesNoReplicate => SetPropertiesRequest.ReadBody(id, handleIndex, reader),
        RopId.DeletePropertiesNoReplicate => DeletePropertiesRequest.ReadBody(id, handleIndex, reader),
        RopId.GetStoreState => new GetStoreStateRequest(handleIndex),
        RopId.ResetTable => new ResetTableRequest(handleIndex),
        RopId.SynchronizationGetTransferState => new GetTransferStateRequest(handleIndex, reader.ReadByte()),
        RopId.TellVersion => TellVersionRequest.ReadBody(handleIndex, reader),
        RopId.FreeBookmark => FreeBookmarkRequest.ReadBody(handleIndex, reader),
        RopId.WriteAndCommitStream => WriteStreamRequest.ReadBody(id, handleIndex, reader),
        RopId.WriteStreamExtended => WriteStreamExtendedRequest.ReadBody(handleIndex, reader),
        RopId.Logon => LogonRequest.ReadBody(handleIndex, reader),
        _ => throw reader.Broken($"a ROP that we speak, not 0x{(byte)id:X2},"),
    };
}

/// <summary>RopRelease: lets go of a server object. The server doesn't answer it. Source: [MS-OXCROPS] 2.2.15.3.</summary>
public sealed record ReleaseRequest(byte HandleIndex) : RopRequest(RopId.Release, HandleIndex)
{
    public override bool HasNoResponse => true;

    protected override void WriteBody(RopWriter writer) { }

    protected override RopResponse ReadSuccess(byte handleIndex, RopReader reader) => throw reader.Broken("no response to RopRelease");
}
