using System.Buffers.Binary;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>Reads an ExtendedErrorInfo: version, padding, error code, folder GID, padding, message GID. Source: [MS-OXCFXICS] 2.2.2.10.</summary>
internal static class ErrorInfo
{
    private const int ErrorCodeOffset = 4;
    private const int MessageOffset = 32;
    private const int GidSize = 22;

    /// <summary>The server's error code; ecCorruptData where it gives none.</summary>
    public static uint CodeOf(PropertyBag error) => BytesOf(error) is { Length: >= ErrorCodeOffset + 4 } info
        ? BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(ErrorCodeOffset))
        : MapiErrorCode.CorruptData;

    /// <summary>The message that it is about; nothing where it names none.</summary>
    public static LongTermId MessageOf(PropertyBag error)
    {
        if (BytesOf(error) is not { Length: >= MessageOffset + GidSize } info) return default;
        var (replica, counter) = IdSet.ReadXid(info.AsSpan(MessageOffset, GidSize));
        return new LongTermId(replica, counter);
    }

    private static byte[]? BytesOf(PropertyBag error) => error.Select(property => property.Value).OfType<byte[]>().FirstOrDefault();
}
