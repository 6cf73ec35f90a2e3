using System.Collections.Immutable;

namespace Cutover.Mapi.Messages.ContentLines;

/// <summary>A parameter of a line: its name in capitals and what it says. vCard 2.1 may leave the name away.</summary>
public sealed record ContentParameter(string Name, ImmutableArray<string> Values);

/// <summary>
/// One line of iCalendar or vCard: NAME;PARAMETER=value:value. Its value is as it stands in the file; see <see cref="ContentText"/>.
/// Source: RFC 5545 3.1, RFC 6350 3.3.
/// </summary>
/// <param name="Group">What stands before the name of a vCard line, such as item1; null in iCalendar.</param>
/// <param name="Name">In capitals.</param>
public sealed record ContentLine(string Name, ImmutableArray<ContentParameter> Parameters, string Value, string? Group = null)
{
    /// <summary>A line with a value that needs no escaping, or has it.</summary>
    public static ContentLine Of(string name, string value) => new(name, [], value);

    /// <summary>A line with a text as its value.</summary>
    public static ContentLine OfText(string name, string text) => new(name, [], ContentText.Escape(text));

    public ContentLine With(string parameter, params string[] values) => this with { Parameters = Parameters.Add(new ContentParameter(parameter, [.. values])) };

    /// <summary>The first value of a parameter; null when it is absent.</summary>
    public string? Parameter(string name) =>
        Parameters.FirstOrDefault(parameter => parameter.Name == name) is { Values: [var first, ..] } ? first : null;

    /// <summary>True when a parameter (TYPE, say) has a value, whatever the case.</summary>
    public bool Has(string parameter, string value) =>
        Parameters.Any(candidate => candidate.Name == parameter && candidate.Values.Contains(value, StringComparer.OrdinalIgnoreCase));

    /// <summary>The value as text.</summary>
    public string Text => ContentText.Unescape(Value);
}
