using System.Buffers;
using Cutover.Lab.Faults;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Executes the ROPs of one request and packs the answers into one extended buffer, or into more when the last ROP may be chained. Source:
/// [MS-OXCROPS] 3.2.5, [MS-OXCRPC] 3.1.4.2.1.2.
/// </summary>
internal sealed class RopProcessor(RopContext context, FaultSwitches faults, RpcExt2Flags flags, int maximumOutput)
{
    private const int MaximumBuffers = 96;
    private const int RopSizeField = 2;
    private const int HandleSize = 4;

    // A chained buffer is begun only when this much of the output is left.
    private const int ChainRoom = 8 * 1024;
    private const int ChainRoomForRows = 32 * 1024;
    private const int HeaderSize = ExtendedBuffer.HeaderSize;
    private readonly ArrayBufferWriter<byte> output = new();

    private int Left => maximumOutput - output.WrittenCount;

    /// <summary>The answers to a ROP buffer.</summary>
    /// <exception cref="MapiProtocolException">The ROPs can't be parsed.</exception>
    /// <exception cref="RopException">Not even the first answer fits.</exception>
    public ReadOnlyMemory<byte> Execute(ReadOnlyMemory<byte> rops)
    {
        var reader = new RopReader(rops) { PublicLogons = context.Session.PublicLogons };
        var writer = new RopWriter();
        RopRequest? last = null;
        RopResponse? answer = null;
        var finished = true;
        while (finished && !reader.AtEnd)
        {
            var start = reader.Offset;
            last = RopRequest.Read(reader);
            context.Room = RoomAfter(writer.Length) - EchoSize(reader.Remaining);
            answer = Busy(last) ?? RopHandlers.Answer(context, last);
            finished = Append(writer, answer, rops[start..]);
        }
        if (finished && flags.HasFlag(RpcExt2Flags.Chain) && last is not null) ExecuteChained(writer, last, answer);
        else Pack(writer, isLast: true);
        return output.WrittenMemory;
    }

    /// <summary>Packs what there is and goes on with the last ROP as long as it has more to give and there is room.</summary>
    private void ExecuteChained(RopWriter writer, RopRequest request, RopResponse? answer)
    {
        for (var buffers = 1; buffers < MaximumBuffers && Left - Needed(writer) >= RoomToChain(request); buffers++)
        {
            if (Next(request, answer) is not { } next) break;
            Pack(writer, isLast: false);
            writer = new RopWriter();
            context.Room = RoomAfter(0);
            request = next;
            answer = RopHandlers.Answer(context, request);
            answer!.Write(writer);
        }
        Pack(writer, isLast: true);
    }

    /// <summary>The same ROP again when it is one of the three that can be chained and has not come to its end; else null.</summary>
    private RopRequest? Next(RopRequest request, RopResponse? answer) => (request, answer) switch
    {
        (ReadStreamRequest { ByteCount: ReadStreamRequest.MaximumFollows } read, ReadStreamResponse { IsSuccess: true } part)
            when part.Data.Length < read.MaximumByteCount && StreamRops.HasMore(context, read.HandleIndex)
            => read with { MaximumByteCount = read.MaximumByteCount - (uint)part.Data.Length },
        (FastTransferSourceGetBufferRequest { BufferSize: FastTransferSourceGetBufferRequest.ServerDecides },
            FastTransferSourceGetBufferResponse { IsSuccess: true, TransferStatus: TransferStatus.Partial or TransferStatus.NoRoom }) => request,
        (QueryRowsRequest query, QueryRowsResponse { Rows.Count: > 0 } rows)
            when rows.Rows.Count < query.RowCount && rows.Origin == Bookmark.Current && !query.Flags.HasFlag(QueryRowsFlags.NoAdvance)
            => query with { RowCount = (ushort)(query.RowCount - rows.Rows.Count) },
        _ => null,
    };

    private static int RoomToChain(RopRequest request) => request is QueryRowsRequest ? ChainRoomForRows : ChainRoom;

    /// <summary>Adds an answer; false when nothing after it may be executed.</summary>
    private bool Append(RopWriter writer, RopResponse? answer, ReadOnlyMemory<byte> unprocessed)
    {
        if (answer is null) return true;
        var bytes = new RopWriter();
        answer.Write(bytes);
        if (bytes.Length <= context.Room && answer.ReturnValue != MapiErrorCode.BufferTooSmall)
        {
            writer.WriteBytes(bytes.Written.Span);
            return answer is not BackoffResponse;
        }
        if (writer.Length == 0) throw new RopException(MapiErrorCode.BufferTooSmall);
        var needed = Math.Min(ExtendedBuffer.MaximumPayload, bytes.Length + EchoSize(unprocessed.Length));
        new BufferTooSmallResponse((ushort)needed, unprocessed).Write(writer);
        return false;
    }

    /// <summary>
    /// Room that is kept for RopBufferTooSmall, which echoes the ROPs that were not executed so that the client can send them again. Source:
    /// [MS-OXCROPS] 2.2.15.1.
    /// </summary>
    private static int EchoSize(int unprocessed) => unprocessed == 0 ? 0 : 3 + unprocessed;

    /// <summary>A fault switch that says the server is busy with this ROP.</summary>
    private RopResponse? Busy(RopRequest request)
    {
        if (request.HasNoResponse) return null;
        if (faults.Take($"Rop{request.Id}", FaultKind.ServiceUnavailable, FaultKind.TooManyRequests, FaultKind.Refuse) is not { } rule) return null;
        var delay = (uint)rule.Delay.TotalMilliseconds;
        return (rule.Kind, request) switch
        {
            (FaultKind.ServiceUnavailable, FastTransferSourceGetBufferRequest) => new FastTransferSourceGetBufferResponse(
                request.HandleIndex, TransferStatus.Partial, 0, 1, default, MapiErrorCode.ServerBusy)
            { BackoffTime = delay },
            (FaultKind.ServiceUnavailable, _) => RopHandlers.Fail(request, MapiErrorCode.ServerBusy),
            (FaultKind.TooManyRequests, _) => new BackoffResponse(request.LogonId, delay, []),
            (FaultKind.Refuse, _) => throw new RpcFaultException(MapiErrorCode.RpcContextMismatch),
            _ => null,
        };
    }

    private int RoomAfter(int written) =>
        Math.Min(Left - HeaderSize, ExtendedBuffer.MaximumPayload) - RopSizeField - written - HandleSize * (context.Handles.Count + 1);

    private int Needed(RopWriter writer) => HeaderSize + RopSizeField + writer.Length + HandleSize * context.Handles.Count;

    /// <summary>Behind the answers, as far as there is room; what has none is lost, as the client must expect. Source: [MS-OXCNOTIF] 3.1.4.2.</summary>
    private void AppendNotifications(RopWriter writer)
    {
        foreach (var notification in context.Session.TakeNotifications())
        {
            var bytes = new RopWriter();
            notification.Write(bytes);
            if (bytes.Length <= RoomAfter(writer.Length)) writer.WriteBytes(bytes.Written.Span);
        }
    }

    private void Pack(RopWriter writer, bool isLast)
    {
        if (isLast) AppendNotifications(writer);
        var buffer = new RopBuffer(writer.Written, [.. context.Handles]).Serialize();
        ExtendedBuffer.Write(output, buffer, flags, isLast);
    }
}
