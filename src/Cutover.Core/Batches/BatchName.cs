using System.Diagnostics.CodeAnalysis;

namespace Cutover.Core.Batches;

/// <summary>A migration batch's name: 1 to 64 letters, digits, hyphens and underscores; no spaces or special characters (S55).</summary>
public readonly record struct BatchName
{
    public const int MaxLength = 64;

    private BatchName(string value) => Value = value;

    public string Value { get; }

    /// <summary>Reads a name, or tells in <paramref name="problem"/> what the administrator must change about it.</summary>
    public static bool TryParse(string? text, out BatchName name, [NotNullWhen(false)] out string? problem)
    {
        problem = ProblemOf(text);
        name = problem is null ? new BatchName(text!) : default;
        return problem is null;
    }

    /// <summary>Reads a name; throws <see cref="FormatException"/> with what must change.</summary>
    public static BatchName Parse(string? text) =>
        TryParse(text, out var name, out var problem) ? name : throw new FormatException(problem);

    public override string ToString() => Value;

    private static string? ProblemOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "A batch needs a name.";
        if (text.Length > MaxLength)
            return $"A batch name has at most {MaxLength} characters; this one has {text.Length}.";
        return text.All(IsAllowed) ? null : $"A batch name may hold letters, digits, '-' and '_' only; \"{text}\" holds something else.";
    }

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c is '-' or '_';
}
