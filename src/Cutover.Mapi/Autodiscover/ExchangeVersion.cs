using System.Globalization;

namespace Cutover.Mapi.Autodiscover;

/// <summary>A version of Exchange, and the name that administrators know it by.</summary>
public sealed record ExchangeVersion(int Major, int Minor, int Build)
{
    /// <summary>Subscription Edition goes on where 2019 ends: 15.2.2562 is its first build.</summary>
    private const int FirstSubscriptionEdition = 2562;

    /// <summary>Exchange 2007, 2010, 2013, 2016, 2019, SE; the bare number for any other.</summary>
    public string Name => (Major, Minor) switch
    {
        (6, 5) => "Exchange 2003",
        (8, _) => "Exchange 2007",
        (14, _) => "Exchange 2010",
        (15, 0) => "Exchange 2013",
        (15, 1) => "Exchange 2016",
        (15, 2) => Build >= FirstSubscriptionEdition ? "Exchange SE" : "Exchange 2019",
        _ => $"Exchange {Major}.{Minor}",
    };

    /// <summary>
    /// The version in Autodiscover's word: bits 22-27 major, 16-21 minor, 0-14 build. Null when it is none. Source: [MS-OXDSCLI]
    /// 2.2.4.1.1.2.6.39 ServerVersion.
    /// </summary>
    public static ExchangeVersion? OfWord(string? word) =>
        uint.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
            ? new ExchangeVersion((int)(bits >> 22 & 0x3F), (int)(bits >> 16 & 0x3F), (int)(bits & 0x7FFF))
            : null;

    /// <summary>The word that means this version.</summary>
    public string ToWord() => ((7u << 28) | (uint)Major << 22 | (uint)Minor << 16 | 0x8000u | (uint)Build).ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>14.1.218.</summary>
    public override string ToString() => $"{Major}.{Minor}.{Build}";
}
