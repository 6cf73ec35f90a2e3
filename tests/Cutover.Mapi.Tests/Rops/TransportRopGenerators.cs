using CsCheck;
using Cutover.Mapi.Rops;
using static Cutover.Mapi.Tests.Rops.RopGenerators;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Any ROP of the transport, and notifications, either way.</summary>
internal static class TransportRopGenerators
{
    private static readonly Gen<byte> Index = Gen.Byte;

    public static Gen<RopRequest> Requests => Gen.OneOf(
        Request(Index.Select(i => new SubmitMessageRequest(i, SubmitFlags.NeedsSpooler))),
        Request(Gen.Select(Index, Id, Id, (i, folder, message) => new AbortSubmitRequest(i, folder, message))),
        Request(Index.Select(i => new GetAddressTypesRequest(i))),
        Request(Index.Select(i => new SetSpoolerRequest(i))),
        Request(Gen.Select(Index, Id, (i, id) => new SpoolerLockMessageRequest(i, id, SpoolerLockState.Finished))),
        Request(Index.Select(i => new TransportSendRequest(i))),
        Request(Gen.Select(Index, Id, Id, Ascii, (i, message, folder, name) => new TransportNewMailRequest(i, message, folder, name, 1))),
        Request(Index.Select(i => new GetTransportFolderRequest(i))),
        Request(Gen.Select(Index, Ascii, Gen.Bool, (i, type, win32) => new OptionsDataRequest(i, type, win32))),
        Request(Gen.Select(Index, Index, Gen.UShort, Id, (i, o, types, id) =>
            new RegisterNotificationRequest(i, o, (NotificationTypes)types, (types & 1) == 0 ? null : (id, id)))));

    public static Gen<(RopRequest Request, RopResponse Response)> Exchanges => Gen.OneOf(
        Exchange(Index, i => new SubmitMessageRequest(i, 0), i => new RopSuccess(RopId.SubmitMessage, i)),
        Exchange(
            Gen.Select(Index, Ascii.Array[0, 4]),
            e => new GetAddressTypesRequest(e.Item1),
            e => new GetAddressTypesResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Property.Array[0, 4], Gen.Bool),
            e => new TransportSendRequest(e.Item1),
            e => new TransportSendResponse(e.Item1, e.Item3 ? e.Item2 : null)),
        Exchange(
            Gen.Select(Index, Id),
            e => new GetTransportFolderRequest(e.Item1),
            e => new GetTransportFolderResponse(e.Item1, e.Item2)),
        Exchange(
            Gen.Select(Index, Bytes, Ascii),
            e => new OptionsDataRequest(e.Item1, "SMTP", false),
            e => new OptionsDataResponse(e.Item1, e.Item2, e.Item2, e.Item3)),
        Exchange(Index, i => new RegisterNotificationRequest(0, i, NotificationTypes.NewMail, null), i => new RopSuccess(RopId.RegisterNotification, i)),
        Exchange(Notifications, _ => new SetSpoolerRequest(0), e => e));

    // A notification may stand where any answer is expected.
    private static Gen<NotifyResponse> Notifications => Gen.Select(
        Gen.UInt, Gen.UShort, Gen.UShort[1, 7], Id, Tags, Bytes, Text, (handle, types, table, id, tags, row, text) =>
            new NotifyResponse(handle, 1, (NotificationTypes)types)
            {
                TableEvent = (types & (ushort)NotificationTypes.TableModified) == 0 ? null : (TableEventType)table,
                Row = new NotifiedRow(id, id, 3),
                RowData = row,
                Object = new NotifiedObject(id, id),
                ParentFolder = id,
                Tags = tags.Length > 5 ? null : tags,
                TotalMessageCount = handle,
                MessageClass = text,
            });
}
