namespace Cutover.Mapi.Messages.ContentLines;

/// <summary>What stands between BEGIN and END: a calendar, an event, a card.</summary>
public sealed class ContentComponent(string name)
{
    /// <summary>In capitals.</summary>
    public string Name { get; } = name;

    public List<ContentLine> Lines { get; } = [];

    public List<ContentComponent> Components { get; } = [];

    /// <summary>The first line of this name; null when there is none.</summary>
    public ContentLine? Line(string name) => Lines.Find(line => line.Name == name);

    /// <summary>The text of the first line of this name; null when there is none or it is empty.</summary>
    public string? Text(string name) => Line(name)?.Text is { Length: > 0 } text ? text : null;

    public IEnumerable<ContentLine> All(string name) => Lines.Where(line => line.Name == name);

    public ContentComponent Add(ContentLine line)
    {
        Lines.Add(line);
        return this;
    }

    /// <summary>Adds a text, if there is one.</summary>
    public ContentComponent AddText(string name, string? text) => string.IsNullOrEmpty(text) ? this : Add(ContentLine.OfText(name, text));
}
