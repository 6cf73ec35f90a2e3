using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cutover.Endpoints.ItemStreams;

/// <summary>What a digest is of; the number stands in the digest.</summary>
internal enum ObjectKind : byte
{
    Message = 1,
    Recipient = 2,
    Attachment = 3,
}

/// <summary>The digest of a message, recipient or attachment: of its sorted properties and sorted children. docs/formats/content-digest.md</summary>
internal sealed class ObjectDigest(ObjectKind kind)
{
    private const byte Version = 1;

    private readonly List<byte[]> properties = [];
    private readonly List<byte[]> recipients = [];
    private readonly List<byte[]> attachments = [];
    private readonly List<byte[]> embedded = [];

    public ObjectKind Kind => kind;

    public void Add(byte[] propertyHash) => properties.Add(propertyHash);

    public void Add(ObjectDigest child)
    {
        var children = child.Kind switch
        {
            ObjectKind.Recipient => recipients,
            ObjectKind.Attachment => attachments,
            _ => embedded,
        };
        children.Add(child.Compute());
    }

    public byte[] Compute()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([Version, (byte)kind]);
        foreach (var part in (List<byte[]>[])[properties, recipients, attachments, embedded]) Append(sha, part);
        return sha.GetHashAndReset();
    }

    private static void Append(IncrementalHash sha, List<byte[]> hashes)
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(count, hashes.Count);
        sha.AppendData(count);
        hashes.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        foreach (var hash in hashes) sha.AppendData(hash);
    }
}
