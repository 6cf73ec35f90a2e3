using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Cli.Output;

/// <summary>An item as JSON: every property with its name, tag, type and value, recipients, attachments, embedded messages. Binary values are base64.</summary>
internal static class ItemJson
{
    // What leaves this process is a file or a terminal, never a web page.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(MapiMessage message, Stream output, CancellationToken ct)
    {
        await using var json = new Utf8JsonWriter(output, Options);
        Write(json, message);
        await json.FlushAsync(ct);
    }

    private static void Write(Utf8JsonWriter json, MapiMessage message)
    {
        json.WriteStartObject();
        WriteProperties(json, message.Properties);
        json.WriteStartArray("recipients");
        foreach (var recipient in message.Recipients)
        {
            json.WriteStartObject();
            WriteProperties(json, recipient);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("attachments");
        foreach (var attachment in message.Attachments) Write(json, attachment);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MapiAttachment attachment)
    {
        json.WriteStartObject();
        WriteProperties(json, attachment.Properties);
        if (attachment.EmbeddedMessage is { } embedded)
        {
            json.WritePropertyName("embeddedMessage");
            Write(json, embedded);
        }
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, PropertyBag properties)
    {
        json.WriteStartArray("properties");
        foreach (var property in properties) Write(json, property);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, PropertyValue property)
    {
        json.WriteStartObject();
        if (PropertyTagNames.Find(property) is { } known) json.WriteString("name", known);
        if (property.Name is { } name)
        {
            json.WriteString("propertySet", name.PropertySet.ToString());
            if (name.Lid is { } lid) json.WriteString("propertyLid", string.Create(CultureInfo.InvariantCulture, $"0x{lid:X4}"));
            else json.WriteString("propertyName", name.Name);
        }
        else
        {
            json.WriteString("tag", property.Tag.ToString());
        }
        json.WriteString("type", property.Tag.Type.ToString());
        if (PropertyWords.Find(property) is { } words) json.WriteString("meaning", words);
        json.WritePropertyName("value");
        WriteValue(json, property.Value);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case byte[] bytes: json.WriteBase64StringValue(bytes); break;
            case DateTime time: json.WriteStringValue(time); break;
            case Guid guid: json.WriteStringValue(guid); break;
            case float or double when !double.IsFinite(Convert.ToDouble(value, CultureInfo.InvariantCulture)):
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case float or double: json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case short or int or long: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case Array values: WriteValues(json, values); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    private static void WriteValues(Utf8JsonWriter json, Array values)
    {
        json.WriteStartArray();
        foreach (var value in values) WriteValue(json, value);
        json.WriteEndArray();
    }
}
