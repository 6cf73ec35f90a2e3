using System.Buffers.Binary;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Msg;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Messages.Tnef;

namespace Cutover.Fuzz;

/// <summary>The decoders of messages: what people and programs outside the organisation wrote.</summary>
internal static class MessageTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("compressed-rtf", MessageSeeds.CompressedRtfs, bytes => CompressedRtf.Decompress(bytes)),
        new("rtf", MessageSeeds.Rtfs, bytes => RtfBody.Read(bytes)),
        new("tnef", MessageSeeds.TnefStreams, bytes => TnefReader.Read(WithChecksums(bytes))),
        new("msg", MessageSeeds.MsgFiles, bytes => MsgReader.Read(new MemoryStream(bytes))),
        new("mime-to-mapi", MessageSeeds.Mails, ReadMail),
        new("mapi-to-mime", MessageSeeds.TnefStreams, bytes => MapiToMime.Write(TnefReader.Read(WithChecksums(bytes)), Stream.Null)),
        new("msg-to-mime", MessageSeeds.MsgFiles, bytes => MapiToMime.Write(MsgReader.Read(new MemoryStream(bytes)), Stream.Null)),
    ];

    // With checksums that are right again, the damage reaches the properties.
    private static byte[] WithChecksums(byte[] bytes)
    {
        const int signatureAndKey = 6, attributeHeader = 9;
        for (var at = signatureAndKey; at + attributeHeader <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 5));
            var end = at + attributeHeader + (long)length;
            if (end + 2 > bytes.Length) break;
            var sum = bytes.AsSpan(at + attributeHeader, (int)length).ToArray().Sum(b => b);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((int)end), (ushort)sum);
            at = (int)end + 2;
        }
        return bytes;
    }

    // There and back: what was read from mail must be fit to be written as mail.
    private static void ReadMail(byte[] bytes)
    {
        try
        {
            MapiToMime.Write(MimeToMapi.Read(bytes), Stream.Null);
        }
        catch (NotAMessageException)
        {
        }
    }
}
