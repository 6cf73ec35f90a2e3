using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Benchmarks;

/// <summary>Items to carry, as one messageContent each.</summary>
/// <param name="Contents">The messageContent of each item.</param>
/// <param name="Stream">All of them one after the other.</param>
internal sealed record Workload(string Name, IReadOnlyList<byte[]> Contents, byte[] Stream)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        Of("Mail with a body of 20 KB", 200, body: 10_000, attachment: 0),
        Of("Mail with an attachment of 2 MB", 10, body: 10_000, attachment: 2_000_000),
        Of("Appointments (small properties)", 2000, body: 100, attachment: 0),
    ];

    public int Items => Contents.Count;

    private static Workload Of(string name, int items, int body, int attachment)
    {
        var random = new Random(1);
        var contents = Enumerable.Range(0, items).Select(n => Content(Message(n, body, attachment, random))).ToList();
        return new Workload(name, contents, [.. contents.SelectMany(content => content)]);
    }

    private static byte[] Content(MapiMessage message)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        MapiMessageWriter.Write(new FastTransferWriter(output), message);
        return output.WrittenSpan.ToArray();
    }

    private static MapiMessage Message(int n, int body, int attachment, Random random)
    {
        var properties = new PropertyBag
        {
            new(PropertyTags.MessageClass, "IPM.Note"), new(PropertyTags.Subject, $"Vergadering {n}"), new(PropertyTags.Body, Text(body, random)),
            new(PropertyTags.MessageFlags, 1), new(PropertyTags.ChangeKey, new byte[22]),
        };
        for (ushort id = 0x1100; id < 0x1114; id++) properties.Add(new PropertyValue(new PropertyTag(id, PropertyType.Integer32), n * id));
        for (ushort id = 0x1200; id < 0x1210; id++) properties.Add(new PropertyValue(new PropertyTag(id, PropertyType.String), $"value {n} of {id}"));
        for (var lid = 0x8201u; lid < 0x8215; lid++)
            properties.Add(new PropertyValue(new PropertyTag((ushort)lid, PropertyType.Time), DateTime.UnixEpoch.AddHours(n + lid), PropertyName.Of(PropertySets.Appointment, lid)));
        var message = new MapiMessage { Properties = properties, Recipients = [.. Enumerable.Range(0, 3).Select(Recipient)] };
        if (attachment > 0) message.Attachments.Add(Attachment(attachment, random));
        return message;
    }

    private static PropertyBag Recipient(int n) =>
    [
        new(PropertyTags.Rowid, n), new(PropertyTags.RecipientType, 1), new(PropertyTags.DisplayName, $"Recipient {n}"),
        new(PropertyTags.SmtpAddress, $"recipient{n}@contoso.com"), new(PropertyTags.EntryId, new byte[120]),
    ];

    private static MapiAttachment Attachment(int size, Random random)
    {
        var data = new byte[size];
        random.NextBytes(data);
        return new MapiAttachment { Properties = [new(PropertyTags.AttachLongFilename, "a.bin"), new(PropertyTags.AttachDataBinary, data)] };
    }

    private static string Text(int length, Random random) => string.Create(length, random, static (span, random) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = (char)random.Next('a', 'z');
    });
}
