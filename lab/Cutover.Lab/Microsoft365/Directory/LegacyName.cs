namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>The legacyExchangeDN that Exchange Online gives its recipients; never that of the old organisation.</summary>
internal static class LegacyName
{
    public static string New(Microsoft365Options options, Guid id) =>
        $"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={id:N}-{options.InitialDomain.Split('.')[0]}";
}
