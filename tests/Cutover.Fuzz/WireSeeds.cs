using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Http;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Fuzz;

/// <summary>Well-formed PDUs, calls and ROPs.</summary>
internal static class WireSeeds
{
    private static readonly RpcContextHandle Context = new(0, new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"));
    private static readonly ObjectId Folder = ObjectId.Of(1, 0x1234);
    private static readonly PropertyTag[] Tags = [PropertyTags.Subject, PropertyTags.MessageSize, PropertyTags.EntryId, PropertyTags.AddressBookProxyAddresses];

    /// <summary>One of each ROP that the product sends.</summary>
    public static IReadOnlyList<RopRequest> Requests { get; } =
    [
        new LogonRequest(0, (LogonFlags)1, (OpenFlags)0x0100040C, "/o=Contoso/cn=Recipients/cn=ann"),
        new OpenFolderRequest(0, 1, Folder),
        new GetHierarchyTableRequest(1, 2, (TableFlags)4),
        new GetContentsTableRequest(1, 2, 0),
        new SetColumnsRequest(2, Tags),
        new QueryRowsRequest(2, 0, true, 50),
        new QueryPositionRequest(2),
        new SeekRowRequest(2, Bookmark.Beginning, 5),
        new OpenMessageRequest(0, 3, Folder, ObjectId.Of(1, 0x99)),
        new GetPropertiesSpecificRequest(3, Tags),
        new GetPropertyIdsFromNamesRequest(0, true, [PropertyNames.Keywords, PropertyNames.ReminderSet]),
        new GetNamesFromPropertyIdsRequest(0, [0x8001, 0x8002]),
        new LongTermIdFromIdRequest(0, Folder),
        new IdFromLongTermIdRequest(0, new LongTermId(Guid.Empty, 5)),
        new GetReceiveFolderRequest(0, "IPM.Note"),
        new SynchronizationConfigureRequest(1, 4, (SynchronizationType)1, (SendOptions)0x0E, (SynchronizationFlags)0x28, (SynchronizationExtraFlags)7, Tags),
        new UploadStateStreamBeginRequest(4, PropertyTags.MetaTagIdsetGiven, 3),
        new UploadStateStreamContinueRequest(4, new byte[] { 1, 2, 3 }),
        new UploadStateStreamEndRequest(4),
        new GetTransferStateRequest(4, 5),
        new FastTransferSourceCopyToRequest(3, 5, 0, 0, (SendOptions)3, Tags),
        new FastTransferSourceCopyMessagesRequest(1, 5, [Folder], 0, (SendOptions)3),
        new FastTransferSourceGetBufferRequest(4),
        new OpenStreamRequest(3, 6, PropertyTags.AttachDataBinary),
        new ReadStreamRequest(6, MaximumByteCount: 0x10000),
        new WriteStreamRequest(6, new byte[] { 1, 2, 3 }),
        new WriteStreamExtendedRequest(6, new byte[] { 1, 2, 3 }),
        new WriteStreamRequest(6, new byte[] { 1, 2, 3 }, RopId.WriteAndCommitStream),
        new CommitStreamRequest(6),
        new GetStreamSizeRequest(6),
        new SetStreamSizeRequest(6, 100),
        new SeekStreamRequest(6, StreamOrigin.End, -3),
        new CopyToStreamRequest(6, 7, 100),
        new LockRegionStreamRequest(RopId.LockRegionStream, 6, 0, 100, 1),
        new LockRegionStreamRequest(RopId.UnlockRegionStream, 6, 0, 100, 1),
        new CloneStreamRequest(6, 7),
        new GetPermissionsTableRequest(1, 2, PermissionsTableFlags.IncludeFreeBusy),
        new ModifyPermissionsRequest(1, 0, [new RowChange(RowChangeKind.Modify, [new(PropertyTags.MemberId, 0L), new(PropertyTags.MemberRights, 0x41B)])]),
        new GetRulesTableRequest(1, 2, RulesTableFlags.Unicode),
        new ModifyRulesRequest(1, ModifyRulesFlags.Replace, [new RowChange(RowChangeKind.Add, RuleProperties)]),
        new UpdateDeferredActionMessagesRequest(1, new byte[70], new byte[70]),
        new GetPropertiesAllRequest(3),
        new GetPropertiesListRequest(3),
        new QueryNamedPropertiesRequest(3, NamedPropertiesQueryFlags.None, Guid.Empty),
        new SetPropertiesRequest(3, RuleProperties),
        new DeletePropertiesRequest(3, Tags),
        new CopyPropertiesRequest(3, 4, false, PropertyCopyFlags.None, Tags),
        new CopyToRequest(3, 4, false, true, PropertyCopyFlags.None, Tags),
        new ProgressRequest(3, false),
        new CreateMessageRequest(1, 3, Folder),
        new SaveChangesMessageRequest(1, 3, SaveFlags.KeepOpenReadWrite),
        new ReloadCachedInformationRequest(3),
        new GetMessageStatusRequest(1, Folder),
        new SetMessageStatusRequest(1, Folder, MessageStatusFlags.RemoteDelete, MessageStatusFlags.RemoteDelete),
        new SetReadFlagsRequest(1, false, ReadFlags.SuppressReceipt, [Folder]),
        new SetMessageReadFlagRequest(1, 3, ReadFlags.ClearReadFlag),
        new ReadRecipientsRequest(3, 0),
        new RemoveAllRecipientsRequest(3),
        new ModifyRecipientsRequest(3, Tags, [ModifyRecipientRow.Of(0, 1, Recipient, Tags)]),
        new GetAttachmentTableRequest(3, 4, TableFlags.UseUnicode),
        new OpenAttachmentRequest(3, 4, 0),
        new CreateAttachmentRequest(3, 4),
        new DeleteAttachmentRequest(3, 0),
        new SaveChangesAttachmentRequest(3, 4, SaveFlags.None),
        new OpenEmbeddedMessageRequest(4, 5),
        new GetValidAttachmentsRequest(3),
        new SubmitMessageRequest(3, SubmitFlags.None),
        new AbortSubmitRequest(0, Folder, Folder),
        new GetAddressTypesRequest(0),
        new SpoolerLockMessageRequest(0, Folder, SpoolerLockState.Lock),
        new TransportSendRequest(3),
        new TransportNewMailRequest(0, Folder, Folder, "IPM.Note", 0),
        new GetTransportFolderRequest(0),
        new OptionsDataRequest(0, "SMTP", true),
        new RegisterNotificationRequest(0, 5, NotificationTypes.NewMail, (Folder, default)),
        new ReleaseRequest(1),
    ];

    private static RecipientRow Recipient => new(RecipientAddressKind.Smtp, new PropertyRow(["Ja", 5, null, new PropertyError(MapiErrorCode.NotFound)]))
    {
        EmailAddress = "ann@contoso.com",
        DisplayName = "Ann",
    };

    private static PropertyValue[] RuleProperties =>
    [
        new(PropertyTags.RuleName, "Project X"),
        new(PropertyTags.RuleCondition, new Restriction.And(
        [
            new Restriction.Content(FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, PropertyTags.Subject, new(PropertyTags.Subject, "Project X")),
            new Restriction.Not(new Restriction.Exist(PropertyTags.MessageSize)),
            new Restriction.SubObject(PropertyTags.MessageRecipients, new Restriction.BitMask(true, PropertyTags.MessageFlags, 2)),
        ])),
        new(PropertyTags.RuleActions, new RuleActions(
        [
            new RuleAction.Move(RuleFolder.InThisStore(Folder)),
            new RuleAction.Forward([[new(PropertyTags.DisplayName, "Ann"), new(PropertyTags.EntryId, new byte[] { 1, 2 })]]),
            new RuleAction.MarkAsRead(),
        ])),
    ];

    /// <summary>ROPs with their handle table.</summary>
    public static IReadOnlyList<byte[]> RopBuffers { get; } =
        [.. Requests.Select(request => RopBuffer.Of([request], [1, 2]).Serialize()), RopBuffer.Of(Requests, [1, 2, 3, 4, 5]).Serialize()];

    /// <summary>ROPs without it.</summary>
    public static IReadOnlyList<byte[]> Rops { get; } = [.. Requests.Select(request => RopBuffer.Of([request], []).Rops.ToArray())];

    /// <summary>For each ROP a byte that tells which, then an answer that begins rightly.</summary>
    public static IReadOnlyList<byte[]> RopAnswers { get; } = [.. Requests.Select((request, index) =>
        (byte[])[(byte)index, (byte)request.Id, request.HandleIndex, 0, 0, 0, 0, .. Enumerable.Range(0, 200).Select(n => (byte)(n % 7 == 0 ? 2 : 0))])];

    public static IReadOnlyList<byte[]> ExtendedBuffers { get; } =
        [.. RopBuffers.SelectMany(payload => new[] { ExtendedBuffer.Pack(payload, RpcExt2Flags.None), ExtendedBuffer.Pack(payload, RpcExt2Flags.NoXorMagic) })];

    public static IReadOnlyList<byte[]> Calls { get; } =
    [
        new EcDoConnectExRequest("/o=Contoso/cn=ann", new MapiVersion(15, 0, 4551, 1000)).Write().ToArray(),
        new EcDoRpcExt2Request(Context, RpcExt2Flags.Chain, ExtendedBuffers[0], 0x40000).Write().ToArray(),
        new EcDoRpcExt2Response(Context, ExtendedBuffers[0], 0).Write().ToArray(),
    ];

    public static IReadOnlyList<byte[]> Pdus { get; } =
    [
        new RequestPdu(1, 3, 0, 11, Calls[0]).ToArray(), new ResponsePdu(1, 3, 0, Calls[2]).ToArray(),
        RtsPdu.ConnA1(Guid.Empty, Guid.Empty, 65536).ToArray(), RtsPdu.ConnB1(Guid.Empty, Guid.Empty, 1 << 30, 0, Guid.Empty).ToArray(),
        RtsPdu.ConnA3(120_000).ToArray(), RtsPdu.ConnC2(65536, 120_000).ToArray(), RtsPdu.Ping().ToArray(), RtsPdu.OutA2().ToArray(),
        RtsPdu.InA5(Guid.Empty).ToArray(), RtsPdu.OutA3(Guid.Empty, Guid.Empty, Guid.Empty, 65536).ToArray(), RtsPdu.OutR1A6(120_000).ToArray(),
        RtsPdu.OutR2A7(Guid.Empty).ToArray(), RtsPdu.OutR2B3().ToArray(), RtsPdu.OutR2C1().ToArray(), RtsPdu.InR1A4(65536, 120_000).ToArray(),
    ];
}
