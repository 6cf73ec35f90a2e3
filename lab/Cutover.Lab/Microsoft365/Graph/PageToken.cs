using System.Buffers.Binary;
using System.Buffers.Text;

namespace Cutover.Lab.Microsoft365.Graph;

/// <summary>An opaque token that holds a number: where a page begins, up to which change a delta went.</summary>
internal static class PageToken
{
    public static string Write(params ReadOnlySpan<long> numbers)
    {
        var bytes = new byte[8 * numbers.Length + 1];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1 + 8 * i), numbers[i]);
        return Base64Url.EncodeToString(bytes);
    }

    public static long Read(string token) => ReadAll(token)[0];

    /// <exception cref="GraphException">The token is not one of ours.</exception>
    public static long[] ReadAll(string token)
    {
        var bytes = Base64Url.IsValid(token) ? Base64Url.DecodeFromChars(token) : [];
        if (bytes.Length < 9 || bytes.Length % 8 != 1)
            throw new GraphException(400, "SyncStateInvalid", "The sync state generation is not found or the token is invalid.");
        var numbers = new long[bytes.Length / 8];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1 + 8 * i));
        return numbers;
    }
}
