using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Mailboxes;

namespace Cutover.Core.Ledger;

/// <summary>File names of things whose own names may hold any character.</summary>
public static class FileNames
{
    /// <summary>The name itself where it is harmless; else with the odd characters replaced and a hash that keeps it apart from its like.</summary>
    public static string Safe(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '@' or '.' ? c : '_')).TrimStart('.');
        return safe == name && name.Length is > 0 and <= 100 ? name : $"{safe[..Math.Min(safe.Length, 80)]}~{Hash(name)}";
    }

    public static string OfKey(ItemKey key) => Hash(key.Value);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
