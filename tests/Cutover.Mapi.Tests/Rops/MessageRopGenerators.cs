using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP of messages, recipients and attachments, either way.</summary>
internal static class MessageRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    public static Gen<(PropertyTag[] Columns, RecipientRow Row)> Recipients => Gen.Select(
        Row, Gen.Byte[0, 7], Gen.Bool, Gen.Select(MaybeAscii, MaybeAscii, MaybeAscii, MaybeAscii, MaybeAscii), Bytes,
        (row, kind, unicode, texts, bytes) => (row.Columns, new RecipientRow((RecipientAddressKind)kind, row.Row)
        {
            HasUnicodeStrings = unicode,
            IsTransmittableNameSame = texts.Item4 is null,
            EmailAddress = texts.Item1,
            DisplayName = texts.Item2,
            SimpleDisplayName = texts.Item3,
            TransmittableDisplayName = texts.Item4,
            AddressType = kind == 0 ? texts.Item5 : null,
            X500DN = kind == 1 ? texts.Item5 ?? "" : null,
            AddressPrefixUsed = 3,
            EntryId = kind > 5 ? bytes : default,
            SearchKey = kind > 5 ? bytes : default,
        }));

    private static Gen<string?> MaybeAscii => Gen.Select(Ascii, Gen.Bool, (text, has) => has ? text : null);

    private static Gen<OpenedMessage> Opened => Gen.Select(Gen.Bool, Text, Tags, Bytes, (named, subject, columns, row) =>
        new OpenedMessage(named, null, subject, 1) { RecipientColumns = columns, RecipientRows = [new OpenRecipientRow(1, 1252, row)] });

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Gen.Select(Index, Index, Id, Gen.Bool, (i, o, folder, associated) => new CreateMessageRequest(i, o, folder, associated))),
        Request(Gen.Select(Index, Index, (i, o) => new SaveChangesMessageRequest(i, o, SaveFlags.ForceSave))),
        Request(Index.Select(i => new ReloadCachedInformationRequest(i))),
        Request(Gen.Select(Index, Id, (i, id) => new GetMessageStatusRequest(i, id))),
        Request(Gen.Select(Index, Id, Gen.UInt, (i, id, flags) =>
            new SetMessageStatusRequest(i, id, (MessageStatusFlags)flags, MessageStatusFlags.RemoteDelete))),
        Request(Gen.Select(Index, Id.Array[0, 5], (i, ids) => new SetReadFlagsRequest(i, false, ReadFlags.SuppressReceipt, ids))),
        Request(Gen.Select(Index, Index, (i, o) => new SetMessageReadFlagRequest(i, o, ReadFlags.ClearReadFlag))),
        Request(Gen.Select(Index, Gen.UInt, (i, row) => new ReadRecipientsRequest(i, row))),
        Request(Index.Select(i => new RemoveAllRecipientsRequest(i))),
        Request(Gen.Select(Index, Tags, Bytes, (i, tags, row) => new ModifyRecipientsRequest(i, tags, [new ModifyRecipientRow(0, 2, row)]))),
        Request(Gen.Select(Index, Index, (i, o) => new GetAttachmentTableRequest(i, o, TableFlags.UseUnicode))),
        Request(Gen.Select(Index, Index, Gen.UInt, (i, o, id) => new OpenAttachmentRequest(i, o, id, OpenModeFlags.BestAccess))),
        Request(Gen.Select(Index, Index, (i, o) => new CreateAttachmentRequest(i, o))),
        Request(Gen.Select(Index, Gen.UInt, (i, id) => new DeleteAttachmentRequest(i, id))),
        Request(Gen.Select(Index, Index, (i, o) => new SaveChangesAttachmentRequest(i, o, SaveFlags.KeepOpenReadWrite))),
        Request(Gen.Select(Index, Index, (i, o) => new OpenEmbeddedMessageRequest(i, o, EmbeddedMessageOpenMode.Create))),
        Request(Index.Select(i => new GetValidAttachmentsRequest(i))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(
            Gen.Select(Index, Opened),
            e => new OpenMessageRequest(0, e.Item1, default, default),
            e => new OpenMessageResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Opened),
            e => new ReloadCachedInformationRequest(e.Item1),
            e => new OpenMessageResponse(e.Item1, e.Item2, RopId.ReloadCachedInformation)),
        Exchange(
            Gen.Select(Index, Id, Opened),
            e => new OpenEmbeddedMessageRequest(0, e.Item1),
            e => new OpenEmbeddedMessageResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Id, Gen.Bool),
            e => new CreateMessageRequest(0, e.Item1, default),
            e => new CreateMessageResponse(e.Item1, e.Item3 ? e.Item2 : null)),
        Exchange(
            Gen.Select(Index, Index, Id),
            e => new SaveChangesMessageRequest(e.Item1, e.Item2, SaveFlags.None),
            e => new SaveChangesMessageResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new GetMessageStatusRequest(e.Item1, default),
            e => new MessageStatusResponse(e.Item1, (MessageStatusFlags)e.Item2)),
        Exchange(
            Index,
            i => new GetMessageStatusRequest(i, default),
            i => new GetMessageStatusRequest(i, default).Failure(i, MapiErrorCode.NotFound)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new SetMessageStatusRequest(e.Item1, default, 0, 0),
            e => new MessageStatusResponse(e.Item1, (MessageStatusFlags)e.Item2)),
        Exchange(
            Gen.Select(Index, Gen.Bool, Gen.UInt),
            e => new SetReadFlagsRequest(e.Item1, false, 0, []),
            e => new SetReadFlagsResponse(e.Item1, e.Item2, e.Item3)),
        Exchange(
            Gen.Select(Index, Gen.Bool),
            e => new SetMessageReadFlagRequest(e.Item1, 0, 0),
            e => new SetMessageReadFlagResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Bytes, Gen.UInt),
            e => new ReadRecipientsRequest(e.Item1, 0),
            e => new ReadRecipientsResponse(e.Item1, [new ReadRecipientRow(e.Item3, new OpenRecipientRow(1, 1252, e.Item2))])),
        Exchange(Index, i => new ModifyRecipientsRequest(i, [], []), i => new RopSuccess(RopId.ModifyRecipients, i)),
        Exchange(Index, i => new OpenAttachmentRequest(0, i, 1), i => new RopSuccess(RopId.OpenAttachment, i)),
        Exchange(
            Gen.Select(Index, Gen.UInt),
            e => new CreateAttachmentRequest(0, e.Item1),
            e => new CreateAttachmentResponse(e.Item1, e.Item2)),
        Exchange(Index, i => new SaveChangesAttachmentRequest(i, 0, 0), i => new RopSuccess(RopId.SaveChangesAttachment, i)),
        Exchange(
            Gen.Select(Index, Gen.UInt.Array[0, 5]),
            e => new GetValidAttachmentsRequest(e.Item1),
            e => new GetValidAttachmentsResponse(e.Item1, e.Item2)));
}
