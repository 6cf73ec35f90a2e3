using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Which method answers which ROP, and at which handle index.</summary>
internal static class RopHandlers
{
    private static readonly Dictionary<Type, Handler> ByRequest = new();

    static RopHandlers()
    {
        Opens<LogonRequest>(LogonRops.Logon, request => request.HandleIndex);
        Opens<OpenCollectorRequest>(CollectorRops.OpenCollector, request => request.OutputHandleIndex);
        Opens<ImportMessageChangeRequest>(CollectorRops.ImportMessageChange, request => request.OutputHandleIndex);
        Answers<ImportHierarchyChangeRequest>(CollectorRops.ImportHierarchyChange);
        Answers<ImportMessageMoveRequest>(CollectorRops.ImportMessageMove);
        Answers<ImportDeletesRequest>(CollectorRops.ImportDeletes);
        Answers<ImportReadStateChangesRequest>(CollectorRops.ImportReadStateChanges);
        Answers<GetLocalReplicaIdsRequest>(CollectorRops.GetLocalReplicaIds);
        Answers<SetLocalReplicaMidsetDeletedRequest>(CollectorRops.SetLocalReplicaMidsetDeleted);
        Answers<GetReceiveFolderRequest>(ReceiveFolderRops.GetReceiveFolder);
        Answers<SetReceiveFolderRequest>(ReceiveFolderRops.SetReceiveFolder);
        Answers<GetReceiveFolderTableRequest>(ReceiveFolderRops.GetReceiveFolderTable);
        Answers<GetOwningServersRequest>(PublicFolderRops.GetOwningServers);
        Answers<PublicFolderIsGhostedRequest>(PublicFolderRops.PublicFolderIsGhosted);
        Answers<GetPerUserLongTermIdsRequest>(PublicFolderRops.GetPerUserLongTermIds);
        Answers<GetPerUserGuidRequest>(PublicFolderRops.GetPerUserGuid);
        Answers<ReadPerUserInformationRequest>(PublicFolderRops.ReadPerUserInformation);
        Answers<WritePerUserInformationRequest>(PublicFolderRops.WritePerUserInformation);
        Answers<GetStoreStateRequest>(LogonRops.GetStoreState);
        Answers<LongTermIdFromIdRequest>(LogonRops.LongTermIdFromId);
        Answers<IdFromLongTermIdRequest>(LogonRops.IdFromLongTermId);
        Opens<OpenFolderRequest>(FolderRops.OpenFolder, request => request.OutputHandleIndex);
        Opens<GetHierarchyTableRequest>(FolderRops.GetHierarchyTable, request => request.OutputHandleIndex);
        Opens<GetContentsTableRequest>(FolderRops.GetContentsTable, request => request.OutputHandleIndex);
        Opens<CreateFolderRequest>(FolderChangeRops.CreateFolder, request => request.OutputHandleIndex);
        Answers<DeleteFolderRequest>(FolderChangeRops.DeleteFolder);
        Answers<EmptyFolderRequest>(FolderChangeRops.EmptyFolder);
        Answers<MoveFolderRequest>(FolderChangeRops.MoveFolder);
        Answers<CopyFolderRequest>(FolderChangeRops.CopyFolder);
        Answers<DeleteMessagesRequest>(FolderMessageRops.DeleteMessages);
        Answers<MoveCopyMessagesRequest>(FolderMessageRops.MoveCopyMessages);
        Answers<SetSearchCriteriaRequest>(SearchRops.SetSearchCriteria);
        Answers<GetSearchCriteriaRequest>(SearchRops.GetSearchCriteria);
        Answers<SetColumnsRequest>(TableRops.SetColumns);
        Answers<QueryRowsRequest>(TableRops.QueryRows);
        Answers<QueryPositionRequest>(TableRops.QueryPosition);
        Answers<SortTableRequest>(TableRops.SortTable);
        Answers<RestrictRequest>(TableRops.Restrict);
        Answers<GetStatusRequest>(TableRops.GetStatus);
        Answers<AbortRequest>(TableRops.Abort);
        Answers<ResetTableRequest>(TableRops.ResetTable);
        Answers<FindRowRequest>(TableRops.FindRow);
        Answers<QueryColumnsAllRequest>(TableRops.QueryColumnsAll);
        Answers<SeekRowRequest>(TableSeekRops.SeekRow);
        Answers<SeekRowBookmarkRequest>(TableSeekRops.SeekRowBookmark);
        Answers<SeekRowFractionalRequest>(TableSeekRops.SeekRowFractional);
        Answers<CreateBookmarkRequest>(TableSeekRops.CreateBookmark);
        Answers<FreeBookmarkRequest>(TableSeekRops.FreeBookmark);
        Answers<ExpandRowRequest>(TableCategoryRops.ExpandRow);
        Answers<CollapseRowRequest>(TableCategoryRops.CollapseRow);
        Answers<GetCollapseStateRequest>(TableCategoryRops.GetCollapseState);
        Answers<SetCollapseStateRequest>(TableCategoryRops.SetCollapseState);
        Opens<OpenMessageRequest>(MessageRops.OpenMessage, request => request.OutputHandleIndex);
        Opens<CreateMessageRequest>(MessageRops.CreateMessage, request => request.OutputHandleIndex);
        Answers<SaveChangesMessageRequest>(MessageRops.SaveChangesMessage);
        Answers<ReloadCachedInformationRequest>(MessageRops.ReloadCachedInformation);
        Answers<GetMessageStatusRequest>(MessageStateRops.GetMessageStatus);
        Answers<SetMessageStatusRequest>(MessageStateRops.SetMessageStatus);
        Answers<SetReadFlagsRequest>(MessageStateRops.SetReadFlags);
        Answers<SetMessageReadFlagRequest>(MessageStateRops.SetMessageReadFlag);
        Answers<ReadRecipientsRequest>(RecipientRops.ReadRecipients);
        Answers<RemoveAllRecipientsRequest>(RecipientRops.RemoveAllRecipients);
        Answers<ModifyRecipientsRequest>(RecipientRops.ModifyRecipients);
        Opens<GetAttachmentTableRequest>(AttachmentRops.GetAttachmentTable, request => request.OutputHandleIndex);
        Opens<OpenAttachmentRequest>(AttachmentRops.OpenAttachment, request => request.OutputHandleIndex);
        Opens<CreateAttachmentRequest>(AttachmentRops.CreateAttachment, request => request.OutputHandleIndex);
        Answers<DeleteAttachmentRequest>(AttachmentRops.DeleteAttachment);
        Answers<GetValidAttachmentsRequest>(AttachmentRops.GetValidAttachments);
        Answers<SaveChangesAttachmentRequest>(AttachmentRops.SaveChangesAttachment);
        Opens<OpenEmbeddedMessageRequest>(AttachmentRops.OpenEmbeddedMessage, request => request.OutputHandleIndex);
        Opens<OpenStreamRequest>(StreamRops.OpenStream, request => request.OutputHandleIndex);
        Answers<ReadStreamRequest>(StreamRops.ReadStream);
        Answers<WriteStreamRequest>(StreamRops.WriteStream);
        Answers<WriteStreamExtendedRequest>(StreamRops.WriteStreamExtended);
        Answers<CommitStreamRequest>(StreamRops.CommitStream);
        Answers<GetStreamSizeRequest>(StreamRops.GetStreamSize);
        Answers<SetStreamSizeRequest>(StreamRops.SetStreamSize);
        Answers<SeekStreamRequest>(StreamRops.SeekStream);
        Answers<CopyToStreamRequest>(StreamRops.CopyToStream);
        Answers<GetPropertiesAllRequest>(PropertyRops.GetPropertiesAll);
        Answers<GetPropertiesListRequest>(PropertyRops.GetPropertiesList);
        Answers<QueryNamedPropertiesRequest>(PropertyRops.QueryNamedProperties);
        Answers<SetPropertiesRequest>(PropertyChangeRops.SetProperties);
        Answers<DeletePropertiesRequest>(PropertyChangeRops.DeleteProperties);
        Answers<CopyPropertiesRequest>(PropertyChangeRops.CopyProperties);
        Answers<CopyToRequest>(PropertyChangeRops.CopyTo);
        Answers<ProgressRequest>(PropertyChangeRops.Progress);
        Opens<GetPermissionsTableRequest>(PermissionRops.GetPermissionsTable, request => request.OutputHandleIndex);
        Answers<ModifyPermissionsRequest>(PermissionRops.ModifyPermissions);
        Opens<GetRulesTableRequest>(RuleRops.GetRulesTable, request => request.OutputHandleIndex);
        Answers<ModifyRulesRequest>(RuleRops.ModifyRules);
        Answers<UpdateDeferredActionMessagesRequest>(RuleRops.UpdateDeferredActionMessages);
        Opens<RegisterNotificationRequest>(NotificationRops.RegisterNotification, request => request.OutputHandleIndex);
        Answers<SubmitMessageRequest>(TransportRops.SubmitMessage);
        Answers<TransportSendRequest>(TransportRops.TransportSend);
        Answers<AbortSubmitRequest>(TransportRops.AbortSubmit);
        Answers<GetAddressTypesRequest>(TransportRops.GetAddressTypes);
        Answers<SetSpoolerRequest>(TransportRops.SetSpooler);
        Answers<SpoolerLockMessageRequest>(TransportRops.SpoolerLockMessage);
        Answers<TransportNewMailRequest>(TransportRops.TransportNewMail);
        Answers<GetTransportFolderRequest>(TransportRops.GetTransportFolder);
        Answers<OptionsDataRequest>(TransportRops.OptionsData);
        Answers<GetPropertiesSpecificRequest>(PropertyRops.GetPropertiesSpecific);
        Answers<GetPropertyIdsFromNamesRequest>(PropertyRops.GetPropertyIdsFromNames);
        Answers<GetNamesFromPropertyIdsRequest>(PropertyRops.GetNamesFromPropertyIds);
        Opens<SynchronizationConfigureRequest>(SynchronizationRops.Configure, request => request.OutputHandleIndex);
        Answers<UploadStateStreamBeginRequest>(SynchronizationRops.UploadStateStreamBegin);
        Answers<UploadStateStreamContinueRequest>(SynchronizationRops.UploadStateStreamContinue);
        Answers<UploadStateStreamEndRequest>(SynchronizationRops.UploadStateStreamEnd);
        Opens<GetTransferStateRequest>(SynchronizationRops.GetTransferState, request => request.OutputHandleIndex);
        Opens<FastTransferSourceCopyToRequest>(FastTransferRops.CopyTo, request => request.OutputHandleIndex);
        Opens<FastTransferSourceCopyPropertiesRequest>(FastTransferRops.CopyProperties, request => request.OutputHandleIndex);
        Opens<FastTransferSourceCopyFolderRequest>(FastTransferRops.CopyFolder, request => request.OutputHandleIndex);
        Opens<FastTransferSourceCopyMessagesRequest>(FastTransferRops.CopyMessages, request => request.OutputHandleIndex);
        Answers<FastTransferSourceGetBufferRequest>(FastTransferRops.GetBuffer);
        Answers<TellVersionRequest>(FastTransferRops.TellVersion);
    }

    /// <summary>The answer of the ROP's handler; a <see cref="RopException"/> becomes a failure response. Null for RopRelease.</summary>
    public static RopResponse? Answer(RopContext context, RopRequest request)
    {
        if (request is ReleaseRequest)
        {
            context.Release(request.HandleIndex);
            return null;
        }
        // A ROP that the library speaks and this server doesn't. Source: [MS-OXCROPS] 3.2.5.1.
        if (!ByRequest.TryGetValue(request.GetType(), out var handler)) return Fail(request, MapiErrorCode.NotSupported);
        try
        {
            FolderAccess.Require(context, request);
            return handler.Run(context, request);
        }
        catch (RopException e)
        {
            return Fail(request, e.ErrorCode);
        }
    }

    public static RopResponse Fail(RopRequest request, uint errorCode) =>
        request.Failure(ByRequest.TryGetValue(request.GetType(), out var handler) ? handler.ResponseIndex(request) : request.HandleIndex, errorCode);

    private static void Answers<T>(Func<RopContext, T, RopResponse> handler) where T : RopRequest => Opens(handler, request => request.HandleIndex);

    private static void Opens<T>(Func<RopContext, T, RopResponse> handler, Func<T, byte> responseIndex) where T : RopRequest =>
        ByRequest.Add(typeof(T), new Handler((context, request) => handler(context, (T)request), request => responseIndex((T)request)));

    private sealed record Handler(Func<RopContext, RopRequest, RopResponse> Run, Func<RopRequest, byte> ResponseIndex);
}
