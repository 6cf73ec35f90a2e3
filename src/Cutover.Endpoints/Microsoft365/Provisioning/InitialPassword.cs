using System.Security.Cryptography;

namespace Cutover.Endpoints.Microsoft365.Provisioning;

/// <summary>Initial passwords: 20 characters of four kinds at random (over 115 bits), without those that are mistaken for one another on paper.</summary>
internal static class InitialPassword
{
    private const int Length = 20;

    private static readonly string[] Kinds = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_+=!?*#%"];

    public static string Create()
    {
        var password = new char[Length];
        for (var i = 0; i < Length; i++)
        {
            // The first four make sure of each kind; the shuffle hides where they stood.
            var kind = i < Kinds.Length ? Kinds[i] : string.Concat(Kinds);
            password[i] = kind[RandomNumberGenerator.GetInt32(kind.Length)];
        }

        RandomNumberGenerator.Shuffle(password.AsSpan());
        return new string(password);
    }
}
