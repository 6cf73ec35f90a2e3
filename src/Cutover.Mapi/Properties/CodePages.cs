using System.Runtime.InteropServices;
using System.Text;

namespace Cutover.Mapi.Properties;

/// <summary>Strings in the code pages that MAPI names by number.</summary>
public static class CodePages
{
    public const int Utf16 = 1200;

    /// <summary>What PtypString8 means where nothing says otherwise.</summary>
    public const int Windows1252 = 1252;

    private const int HighBit = 0x8000;

    /// <summary>
    /// The encoding of a code page, or null when there is none. Code pages from 0x8000 on (65001 is UTF-8) lose their high bit in a code-page
    /// string type, so a number that means nothing is tried with the bit set.
    /// </summary>
    public static Encoding? Find(int codePage) => Get(codePage) ?? Get(codePage | HighBit);

    /// <summary>The code page of a string type: 1200 for PtypString, 1252 for PtypString8, else what the type says.</summary>
    public static int Of(PropertyType type) => type switch
    {
        PropertyType.String => Utf16,
        PropertyType.String8 => Windows1252,
        _ => type.CodePage(),
    };

    /// <summary>Decodes a string, its terminating NUL taken off; false when encoding it again would not give the same bytes.</summary>
    public static bool TryDecode(int codePage, ReadOnlySpan<byte> bytes, out string value)
    {
        if (codePage == Utf16)
        {
            value = DecodeUtf16(bytes);
            return bytes.Length % 2 == 0;
        }
        bytes = WithoutTerminator(bytes);
        value = (Find(codePage) ?? Encoding.Latin1).GetString(bytes);
        return (codePage == Windows1252 && Ascii.IsValid(bytes)) || RoundTrips(codePage, bytes, value);
    }

    /// <summary>Decodes a string as well as can be.</summary>
    public static string Decode(int codePage, ReadOnlySpan<byte> bytes)
    {
        _ = TryDecode(codePage, bytes, out var value);
        return value;
    }

    /// <summary>Encodes a string with its terminating NUL. An unknown code page writes Latin-1.</summary>
    public static byte[] Encode(int codePage, string value)
    {
        if (codePage == Utf16) return MemoryMarshal.AsBytes((value + '\0').AsSpan()).ToArray();
        var encoding = Find(codePage) ?? Encoding.Latin1;
        var bytes = new byte[encoding.GetByteCount(value) + 1];
        encoding.GetBytes(value, bytes);
        return bytes;
    }

    // Encoding.Unicode would replace lone surrogates, which mail does hold; the characters are taken as they are.
    private static string DecodeUtf16(ReadOnlySpan<byte> bytes)
    {
        var chars = MemoryMarshal.Cast<byte, char>(bytes);
        return new string(chars is [.., '\0'] ? chars[..^1] : chars);
    }

    private static ReadOnlySpan<byte> WithoutTerminator(ReadOnlySpan<byte> bytes) => bytes is [.., 0] ? bytes[..^1] : bytes;

    private static bool RoundTrips(int codePage, ReadOnlySpan<byte> bytes, string value) =>
        Find(codePage) is { } encoding && bytes.SequenceEqual(encoding.GetBytes(value));

    private static Encoding? Get(int codePage)
    {
        // 0 asks for the machine's own code page, which no message can mean.
        if (codePage is 0 or > ushort.MaxValue) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
