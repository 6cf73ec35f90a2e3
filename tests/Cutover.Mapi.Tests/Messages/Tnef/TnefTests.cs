using System.Globalization;
using System.Text;
using CsCheck;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Messages.Rtf;
using Cutover.Mapi.Messages.Tnef;
using Cutover.Mapi.Properties;
using MimeKit.Tnef;
using OurReader = Cutover.Mapi.Messages.Tnef.TnefReader;

namespace Cutover.Mapi.Tests.Messages.Tnef;

public sealed class TnefTests
{
    private static readonly PropertyName Custom = PropertyName.Of(new Guid("6ED8DA90-450B-101B-98DA-00AA003F1305"), 0x25);

    static TnefTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    // MimeKit gives up in the middle of six of these streams; all that it reads must be ours too.
    [Fact]
    public void Every_property_that_MimeKit_reads_we_read_alike()
    {
        var read = Files().Select(File.ReadAllBytes).Where(bytes => TryRead(bytes) is not null).ToList();
        Assert.True(read.Count >= 15, $"Only {read.Count} streams were read.");
        Assert.All(read, bytes => Assert.Empty(ByMimeKit(bytes).Except(ByUs(bytes))));
        Assert.True(read.Count(bytes => ByMimeKit(bytes).ToHashSet().SetEquals(ByUs(bytes))) >= 12);
    }

    [Fact]
    public void Attachments_are_what_other_programs_took_out() => Assert.All(Files(), file =>
    {
        var folder = Path.Combine(SharedMaterial.Require("corpora/other/mimekit/UnitTests/TestData/tnef"), Path.GetFileNameWithoutExtension(file));
        if (!Directory.Exists(folder) || TryRead(file) is not { } message) return;
        foreach (var attachment in message.Attachments)
        {
            var name = attachment.Properties.GetString(PropertyTags.AttachLongFilename) ?? attachment.Properties.GetString(PropertyTags.AttachFilename) ?? "";
            var answer = Path.Combine(folder, name);
            if (name.Length > 0 && File.Exists(answer)) Assert.Equal(WithoutReturns(File.ReadAllBytes(answer)), WithoutReturns((byte[])attachment.Properties[PropertyTags.AttachDataBinary]!));
        }
    });

    [Fact]
    public void RTF_bodies_are_what_other_programs_took_out() => Assert.All(Files(), file =>
    {
        var answer = Path.Combine(SharedMaterial.Require("corpora/rtf/mimekit/UnitTests/TestData/tnef"), Path.GetFileNameWithoutExtension(file), "message.rtf");
        if (File.Exists(answer) && TryRead(file)?.Properties[PropertyTags.RtfCompressed] is byte[] rtf) Assert.Equal(WithoutReturns(File.ReadAllBytes(answer)), WithoutReturns(CompressedRtf.Decompress(rtf)));
    });

    [Fact]
    public void What_we_write_MimeKit_reads_property_by_property()
    {
        var bytes = TnefWriter.Write(Sample());
        var read = ByMimeKit(bytes);
        Assert.Equal(ByUs(bytes).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_we_write_we_read_back()
    {
        var message = Sample();
        var back = OurReader.Read(TnefWriter.Write(message));
        Assert.Equal(Describe(message.Properties), Describe(back.Properties));
        Assert.Equal(Describe(message.Recipients[0]), Describe(back.Recipients[0]));
        Assert.Equal(2, back.Attachments.Count);
        Assert.Equal("Inner", back.Attachments[1].EmbeddedMessage?.Properties.GetString(PropertyTags.Subject));
        Assert.Equal(new byte[] { 1, 2, 3 }, back.Attachments[0].Properties[PropertyTags.AttachDataBinary]);
    }

    [Fact]
    public void A_task_keeps_its_properties_through_mail()
    {
        var task = new MapiMessage
        {
            Properties = new PropertyBag { new(PropertyTags.MessageClass, "IPM.Task.Custom"), new(PropertyTags.Subject, "Plan"), new(PropertyTags.Body, "Do it") }
                .Set(PropertyNames.PercentComplete, PropertyType.Floating64, 0.25).Set(PropertyNames.TaskOwner, PropertyType.String, "Ann"),
        };
        using var mail = new MemoryStream();
        MapiToMime.Write(task, mail);
        var back = MimeToMapi.Read(mail.ToArray());
        Assert.Equal("IPM.Task.Custom", back.Properties.GetString(PropertyTags.MessageClass));
        Assert.Equal(0.25, back.Properties[PropertyNames.PercentComplete]);
        Assert.Equal("Ann", back.Properties[PropertyNames.TaskOwner]);
        Assert.Equal("Do it", back.Properties.GetString(PropertyTags.Body));
        Assert.Empty(back.Attachments);
    }

    [Fact]
    public void Any_properties_survive() => Gen.Select(Gen.String, Gen.Byte.Array, Gen.Int, Gen.Long, Gen.Bool).Sample((text, bytes, number, large, flag) =>
    {
        var message = new MapiMessage
        {
            Properties = [new(PropertyTags.MessageClass, "IPM.Note"), new(PropertyTags.Body, text.TrimEnd('\0')), new(PropertyTags.ConversationIndex, bytes),
                new(PropertyTags.Importance, number), new(PropertyTags.MessageSizeExtended, large), new(PropertyTags.ReadReceiptRequested, flag)],
        };
        return Describe(message.Properties).SequenceEqual(Describe(OurReader.Read(TnefWriter.Write(message)).Properties));
    });

    [Fact]
    public void Damaged_streams_are_read_or_refused()
    {
        var random = new Random(3);
        foreach (var file in Files())
        {
            var original = File.ReadAllBytes(file);
            for (var i = 0; i < 50; i++)
            {
                var bytes = original.ToArray();
                for (var n = 0; n < 4; n++) bytes[random.Next(Math.Min(bytes.Length, 3000))] = (byte)random.Next(256);
                _ = TryRead(bytes);
            }
        }
    }

    // The answers went through a version control that took the CR out of text.
    private static IEnumerable<byte> WithoutReturns(byte[] bytes) => bytes.Where(b => b != '\r');

    private static MapiMessage Sample() => new()
    {
        Properties = new PropertyBag
        {
            new(PropertyTags.MessageClass, "IPM.Note.Custom"), new(PropertyTags.Subject, "Größe"), new(PropertyTags.Importance, 2),
            new(PropertyTags.ClientSubmitTime, new DateTime(2026, 11, 3, 9, 15, 0, DateTimeKind.Utc)), new(PropertyTags.ReadReceiptRequested, true),
            new(PropertyTags.ConversationIndex, new byte[] { 1, 2, 3, 4, 5 }), new(PropertyTags.MessageSizeExtended, 12345678901L),
        }.Set(Custom, PropertyType.Integer32, 7).Set(PropertyNames.Keywords, PropertyType.MultipleString, new[] { "Rood", "Blauw" }),
        Recipients = [MessageAddress.Smtp("Ann", "ann@contoso.com").ToRecipient(1, 0)],
        Attachments =
        [
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 1), new(PropertyTags.AttachLongFilename, "a.bin"), new(PropertyTags.AttachDataBinary, new byte[] { 1, 2, 3 })] },
            new MapiAttachment { Properties = [new(PropertyTags.AttachMethod, 5)], EmbeddedMessage = new MapiMessage { Properties = [new(PropertyTags.MessageClass, "IPM.Note"), new(PropertyTags.Subject, "Inner")] } },
        ],
    };

    private static IEnumerable<string> Describe(PropertyBag bag) => bag.Select(property => $"{(object?)property.Name ?? property.Tag} {Text(property.Value)}").Order(StringComparer.Ordinal);

    // Each MAPI property at message, recipient and attachment level: tag or name, and value.
    private static IEnumerable<string> ByUs(byte[] bytes)
    {
        var message = OurReader.Read(bytes);
        return [.. message.Properties.Concat(message.Recipients.SelectMany(row => row)).Concat(message.Attachments.SelectMany(attachment => attachment.Properties))
            .Where(property => !OfAttributes.Contains(property.Tag.Id)).Select(property => $"{Id(property)} {(property.Value is Array and not byte[] ? "multiple" : Text(property.Value))}")];
    }

    // What attributes other than the property lists also set.
    private static readonly HashSet<ushort> OfAttributes =
    [
        0x001A, 0x004B, 0x0037, 0x1000, 0x0039, 0x0E06, 0x3008, 0x3007, 0x0060, 0x0061, 0x0017, 0x0063, 0x0062, 0x3705, 0x370B, 0x3701, 0x3704, 0x3709, 0x370C,
    ];

    private static string Id(PropertyValue property) => property.Name switch
    {
        { Lid: { } lid } name => $"{name.PropertySet} {lid}",
        { } name => $"{name.PropertySet} {name.Name}",
        null => $"{property.Tag.Id:X4}",
    };

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
        Array array => string.Join('|', array.Cast<object>().Select(Text)),
        float or double => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static List<string> ByMimeKit(byte[] bytes)
    {
        using var reader = new MimeKit.Tnef.TnefReader(new MemoryStream(bytes), 1252, TnefComplianceMode.Loose);
        var found = new List<string>();
        try
        {
            while (reader.ReadNextAttribute())
            {
                if (reader.AttributeTag is not (TnefAttributeTag.MapiProperties or TnefAttributeTag.Attachment or TnefAttributeTag.RecipientTable)) continue;
                var properties = reader.TnefPropertyReader;
                if (reader.AttributeTag != TnefAttributeTag.RecipientTable) Read(properties, found);
                else while (properties.ReadNextRow()) Read(properties, found);
            }
        }
        catch (Exception e) when (e is TnefException or IOException or InvalidOperationException)
        {
        }
        return found;
    }

    private static void Read(TnefPropertyReader properties, List<string> found)
    {
        while (properties.ReadNextProperty())
        {
            if (OfAttributes.Contains((ushort)properties.PropertyTag.Id) && !properties.IsNamedProperty) continue;
            var id = properties.IsNamedProperty ? Id(properties.PropertyNameId) : $"{(ushort)properties.PropertyTag.Id:X4}";
            // Of several values MimeKit gives the last only.
            found.Add($"{id} {(properties.IsMultiValuedProperty ? "multiple" : Text(Value(properties)))}");
        }
    }

    private static string Id(TnefNameId name) => name.Kind == TnefNameIdKind.Id ? $"{name.PropertySetGuid} {name.Id}" : $"{name.PropertySetGuid} {name.Name?.TrimEnd('\0')}";

    private static object Value(TnefPropertyReader properties) => properties.ReadValue() switch
    {
        string text => text.TrimEnd('\0'),
        var value => value ?? "",
    };

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(SharedMaterial.Require("corpora/tnef"), "*.tnef", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static MapiMessage? TryRead(string file) => TryRead(File.ReadAllBytes(file));

    private static MapiMessage? TryRead(byte[] bytes)
    {
        try
        {
            return OurReader.Read(bytes);
        }
        catch (MapiProtocolException)
        {
            return null;
        }
    }
}
