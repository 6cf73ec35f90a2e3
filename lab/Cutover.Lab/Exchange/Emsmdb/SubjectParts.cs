using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>A subject, its prefix and the rest, kept in step whichever of them is set. Source: [MS-OXCMSG] 2.2.1.9, 2.2.1.10, 2.2.1.46.</summary>
internal static class SubjectParts
{
    private const int LongestPrefix = 3;

    /// <summary>Prefix and rest of a subject that was set.</summary>
    public static void Split(PropertyBag properties)
    {
        var (prefix, rest) = Split(properties.GetString(PropertyTags.Subject) ?? "");
        properties.Set(PropertyTags.SubjectPrefix, prefix).Set(PropertyTags.NormalizedSubject, rest);
    }

    /// <summary>The subject of a prefix or rest that was set.</summary>
    public static void Join(PropertyBag properties) => properties.Set(
        PropertyTags.Subject, properties.GetString(PropertyTags.SubjectPrefix) + properties.GetString(PropertyTags.NormalizedSubject));

    /// <summary>"Re: " and the like: at most three letters, a colon, a space.</summary>
    public static (string Prefix, string Normalized) Split(string subject)
    {
        var colon = subject.IndexOf(": ", StringComparison.Ordinal);
        return colon is >= 1 and <= LongestPrefix && subject[..colon].All(char.IsLetter) ? (subject[..(colon + 2)], subject[(colon + 2)..]) : ("", subject);
    }
}
