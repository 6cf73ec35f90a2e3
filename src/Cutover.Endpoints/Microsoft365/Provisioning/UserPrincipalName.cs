using System.Text;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>
/// Makes sign-in names of addresses. A user principal name takes A-Z a-z 0-9 and ' . - _ ! # ^ ~ before the @: every other character becomes an
/// underscore, dots at the ends or side by side go, and 64 characters remain. The address itself stays as it was.
/// </summary>
internal static class UserPrincipalName
{
    private const string Punctuation = "'.-_!#^~";
    private const int MaxLength = 64;

    public static string Of(string address, string domain) => $"{LocalPart(address.Split('@')[0])}@{domain}";

    /// <summary>The mailNickname: the same rule.</summary>
    public static string Alias(string alias) => LocalPart(alias);

    private static string LocalPart(string text)
    {
        var allowed = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var next = char.IsAsciiLetterOrDigit(character) || Punctuation.Contains(character) ? character : '_';
            if (next == '.' && (allowed.Length == 0 || allowed[^1] == '.')) continue;
            allowed.Append(next);
        }

        var name = allowed.ToString();
        return (name.Length > MaxLength ? name[..MaxLength] : name).TrimEnd('.') is { Length: > 0 } kept ? kept : "_";
    }
}
