using System.Buffers.Binary;
using Cutover.Lab.Exchange.Store;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// The errorInfo element: a message that could not be read, in the middle of a stream. Source: [MS-OXCFXICS] 2.2.4.3.4, 2.2.2.10.
/// </summary>
internal static class ErrorInfo
{
    private const int Size = 88;
    private static readonly PropertyTag ExtendedErrorInfo = new(0x00000102);

    public static void Write(SegmentWriter output, MailboxStore mailbox, StoredMessage message)
    {
        var info = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(4), LabErrorCode.CorruptData);
        mailbox.Xid(message.Folder).CopyTo(info, 8);
        mailbox.Xid(message.Id).CopyTo(info, 32);
        output.Marker(FastTransferMarker.FXErrorInfo);
        output.Property(ExtendedErrorInfo, info);
    }
}
