namespace Cutover.Orchestrator.Storage;

/// <summary>Text as every database takes it: PostgreSQL knows no NUL, and neither knows half a surrogate pair.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    public static string Of(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 && !text.Contains('\0') ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? Replacement.ToString() : rune.ToString()));
}
