using Cutover.Mapi.Properties;

namespace Cutover.Lab.Organisation.Items;

/// <summary>A conversation as it grows, message by message.</summary>
internal sealed class MailThread(string topic, DateTime start, Guid conversation)
{
    private readonly DateTime start = start;
    private readonly List<string> ids = [];

    public string Topic => topic;

    public DateTime Time { get; private set; } = start;

    public int Count => ids.Count;

    public string? LastId => ids.LastOrDefault();

    public string References => string.Join(' ', ids);

    /// <summary>A new message of this conversation, so much later than the last.</summary>
    public void Continue(string messageId, TimeSpan later)
    {
        if (ids.Count > 0) Time += later;
        ids.Add(messageId);
    }

    /// <summary>A header block, then five bytes for each reply. Source: [MS-OXOMSG] 2.2.1.3.</summary>
    public byte[] Index()
    {
        var index = new byte[22 + 5 * Math.Max(0, ids.Count - 1)];
        var time = FileTime.FromDateTime(start);
        index[0] = 1;
        for (var i = 0; i < 5; i++) index[1 + i] = (byte)(time >> (48 - 8 * i));
        conversation.TryWriteBytes(index.AsSpan(6), bigEndian: true, out _);
        for (var i = 22; i < index.Length; i++) index[i] = (byte)(i * 37 + ids.Count);
        return index;
    }
}
