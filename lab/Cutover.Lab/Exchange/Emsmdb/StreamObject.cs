using System.Text;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// One property open as bytes. What is written shows in its object at once; of a folder it is kept when the stream is committed or released.
/// Source: [MS-OXCPRPT] 3.2.5.11 to 3.2.5.19.
/// </summary>
internal sealed class StreamObject(ServerObject owner, PropertyTag tag, byte[] content, bool isWritable) : ServerObject(owner.Mailbox)
{
    /// <summary>2^31 bytes can't be reached here: an array ends before.</summary>
    public const long MaximumSize = 0x7FFFFFC7;

    private readonly MemoryStream bytes = WithContent(content);
    private bool isDirty;

    public bool IsWritable => isWritable;

    public long Size => bytes.Length;

    public long Position
    {
        get => bytes.Position;
        set => bytes.Position = value;
    }

    public byte[] Read(int count)
    {
        var part = new byte[Math.Max(0, Math.Min(count, bytes.Length - bytes.Position))];
        bytes.ReadExactly(part);
        return part;
    }

    public void Write(ReadOnlySpan<byte> part)
    {
        bytes.Write(part);
        isDirty = true;
    }

    /// <summary>Cuts the stream or fills it up with zeros.</summary>
    public void Resize(long size)
    {
        var position = bytes.Position;
        bytes.SetLength(size);
        bytes.Position = position;
        isDirty = true;
    }

    /// <summary>A new stream is a change even when nothing is written to it.</summary>
    public StreamObject AsNew()
    {
        isDirty = true;
        return this;
    }

    /// <summary>Gives the property the value that was written, if anything was.</summary>
    public void Flush()
    {
        if (!isDirty) return;
        isDirty = false;
        ((IEditableProperties)owner).SetProperty(new PropertyValue(tag, ToValue(tag.Type, bytes.ToArray())));
    }

    public override void Released()
    {
        Flush();
        owner.Forget(this);
    }

    /// <summary>Strings lie in a stream without their NUL.</summary>
    public static byte[] ToBytes(PropertyType type, object value) => value switch
    {
        byte[] binary => binary,
        string text when type == PropertyType.String8 => Encoding.Latin1.GetBytes(text),
        string text => Encoding.Unicode.GetBytes(text),
        _ => [],
    };

    private static object ToValue(PropertyType type, byte[] bytes) => type switch
    {
        PropertyType.String => Encoding.Unicode.GetString(bytes).TrimEnd('\0'),
        PropertyType.String8 => Encoding.Latin1.GetString(bytes).TrimEnd('\0'),
        _ => bytes,
    };

    private static MemoryStream WithContent(byte[] content)
    {
        var stream = new MemoryStream();
        stream.Write(content);
        stream.Position = 0;
        return stream;
    }
}
