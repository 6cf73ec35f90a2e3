using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Properties as streams. Locking, cloning and writing-and-committing went with Exchange 2010. Source: [MS-OXCPRPT] 3.2.5.11 to 3.2.5.24.
/// </summary>
internal static class StreamRops
{
    // RopId, handle index, return value, data size.
    private const int ReadStreamOverhead = 8;

    public static RopResponse OpenStream(RopContext context, OpenStreamRequest request)
    {
        var owner = context.Get<ServerObject>(request.HandleIndex);
        if (owner is LogonObject or not IEditableProperties || !CanStream(owner, request.PropertyTag)) throw new RopException(MapiErrorCode.NotSupported);
        var stream = request.OpenMode switch
        {
            StreamOpenMode.ReadOnly => new StreamObject(owner, request.PropertyTag, Value(owner, request.PropertyTag), isWritable: false),
            StreamOpenMode.ReadWrite => new StreamObject(owner, request.PropertyTag, Value(owner, request.PropertyTag), isWritable: true),
            StreamOpenMode.Create => new StreamObject(owner, request.PropertyTag, [], isWritable: true).AsNew(),
            _ => throw new RopException(MapiErrorCode.InvalidParameter),
        };
        if (stream.IsWritable) Keep(owner, stream);
        context.Put(request.OutputHandleIndex, stream);
        return new StreamSizeResponse(request.Id, request.OutputHandleIndex, (uint)stream.Size);
    }

    public static RopResponse ReadStream(RopContext context, ReadStreamRequest request)
    {
        if (request.Wanted > ReadStreamRequest.LargestMaximum) throw new MapiProtocolException($"RopReadStream of {request.Wanted} bytes");
        var stream = context.Get<StreamObject>(request.HandleIndex);
        var room = Math.Min(context.Room - ReadStreamOverhead, ushort.MaxValue);
        var data = stream.Read((int)Math.Min(request.Wanted, (uint)Math.Max(0, room)));
        return new ReadStreamResponse(request.HandleIndex, data);
    }

    public static RopResponse WriteStream(RopContext context, WriteStreamRequest request)
    {
        if (request.Id == RopId.WriteAndCommitStream) throw new RopException(MapiErrorCode.NotSupported);
        Write(context, request.HandleIndex, request.Data);
        return new WriteStreamResponse(request.Id, request.HandleIndex, (ushort)request.Data.Length);
    }

    public static RopResponse WriteStreamExtended(RopContext context, WriteStreamExtendedRequest request)
    {
        Write(context, request.HandleIndex, request.Data);
        return new WriteStreamExtendedResponse(request.HandleIndex, (uint)request.Data.Length);
    }

    public static RopResponse CommitStream(RopContext context, CommitStreamRequest request)
    {
        context.Get<StreamObject>(request.HandleIndex).Flush();
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse GetStreamSize(RopContext context, GetStreamSizeRequest request) =>
        new StreamSizeResponse(request.Id, request.HandleIndex, (uint)context.Get<StreamObject>(request.HandleIndex).Size);

    public static RopResponse SetStreamSize(RopContext context, SetStreamSizeRequest request)
    {
        var stream = Writable(context.Get<StreamObject>(request.HandleIndex));
        if (request.StreamSize > StreamObject.MaximumSize) throw new RopException(LabErrorCode.TooBig);
        stream.Resize((long)request.StreamSize);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    /// <summary>Seeking beyond the end makes the stream longer. Source: [MS-OXCPRPT] 3.2.5.18.</summary>
    public static RopResponse SeekStream(RopContext context, SeekStreamRequest request)
    {
        var stream = context.Get<StreamObject>(request.HandleIndex);
        var origin = request.Origin switch
        {
            StreamOrigin.Beginning => 0,
            StreamOrigin.Current => stream.Position,
            StreamOrigin.End => stream.Size,
            _ => throw new RopException(LabErrorCode.StreamInvalidParameter),
        };
        var position = (Int128)origin + request.Offset;
        if (position < 0 || position > int.MaxValue) throw new RopException(LabErrorCode.StreamSeek);
        // Beyond what a stream may hold a client can go; it can't write there. Source: [MS-OXCPRPT] 3.2.5.13.
        if (position > stream.Size && position <= StreamObject.MaximumSize && stream.IsWritable) stream.Resize((long)position);
        stream.Position = (long)position;
        return new SeekStreamResponse(request.HandleIndex, (ulong)position);
    }

    public static RopResponse CopyToStream(RopContext context, CopyToStreamRequest request)
    {
        var source = context.Get<StreamObject>(request.HandleIndex);
        var destination = Writable(context.GetDestination<StreamObject>(request.DestinationHandleIndex));
        var part = source.Read((int)Math.Min(request.ByteCount, (ulong)StreamObject.MaximumSize));
        destination.Write(part);
        return new CopyToStreamResponse(request.HandleIndex, (ulong)part.Length, (ulong)part.Length);
    }

    /// <summary>A stream that has not come to its end: a read may go on in another buffer.</summary>
    public static bool HasMore(RopContext context, byte index) => context.Get<StreamObject>(index) is { } stream && stream.Position < stream.Size;

    private static void Write(RopContext context, byte index, ReadOnlyMemory<byte> data)
    {
        var stream = Writable(context.Get<StreamObject>(index));
        if (stream.Position + data.Length > StreamObject.MaximumSize) throw new RopException(LabErrorCode.TooBig);
        stream.Write(data.Span);
    }

    private static StreamObject Writable(StreamObject stream) =>
        stream.IsWritable ? stream : throw new RopException(LabErrorCode.StreamAccessDenied);

    // Of a folder only binaries. Source: [MS-OXCPRPT] 2.2.14.
    private static bool CanStream(ServerObject owner, PropertyTag tag) => tag.Type == PropertyType.Binary
        || (owner is not FolderObject && tag.Type is PropertyType.Object or PropertyType.String or PropertyType.String8);

    private static byte[] Value(ServerObject owner, PropertyTag tag) =>
        ((IPropertyObject)owner).ReadProperties().ValueOf(owner.Mailbox, tag) switch
        {
            null => throw new RopException(MapiErrorCode.NotFound),
            PropertyError error => throw new RopException(error.Code),
            byte[] or string => StreamObject.ToBytes(tag.Type, ((IPropertyObject)owner).ReadProperties().ValueOf(owner.Mailbox, tag)!),
            _ => throw new RopException(MapiErrorCode.NotSupported),
        };

    private static void Keep(ServerObject owner, StreamObject stream)
    {
        if (owner is MessageObject message) message.Keep(stream);
        else if (owner is AttachmentObject attachment) attachment.Keep(stream);
    }
}
