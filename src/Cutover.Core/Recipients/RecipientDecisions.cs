using Cutover.Core.Faults;

namespace Cutover.Core.Recipients;

/// <summary>What the administrator decided about one recipient, so that it can be made at the target.</summary>
public sealed record RecipientDecision
{
    /// <summary>It is not moved.</summary>
    public bool LeaveBehind { get; init; }

    /// <summary>The alias (mailNickname) that it gets in place of its own.</summary>
    public string? Alias { get; init; }

    /// <summary>The primary address that it gets; the one before stays as a further address.</summary>
    public string? PrimarySmtpAddress { get; init; }

    /// <summary>Further addresses that it does not take along.</summary>
    public IReadOnlyList<string> WithoutAddresses { get; init; } = [];

    /// <summary>For a dynamic distribution group: its filter, as Get-DynamicDistributionGroup shows it.</summary>
    public string? RecipientFilter { get; init; }
}

/// <summary>The decisions about recipients, by the primary SMTP address that each has at the source, and the rules that decide for many.</summary>
/// <param name="PrimaryDomains">Primary addresses in one domain move to another: contoso.local to contoso.com.</param>
public sealed record RecipientDecisions(IReadOnlyDictionary<string, RecipientDecision> ByAddress, IReadOnlyDictionary<string, string> PrimaryDomains)
{
    private const string Smtp = "smtp:";

    public static readonly RecipientDecisions None = new(new Dictionary<string, RecipientDecision>(), new Dictionary<string, string>());

    public IReadOnlyDictionary<string, RecipientDecision> ByAddress { get; } = new Dictionary<string, RecipientDecision>(ByAddress, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> PrimaryDomains { get; } = new Dictionary<string, string>(PrimaryDomains, StringComparer.OrdinalIgnoreCase);

    /// <summary>The recipient as it is to be at the target. What was decided of it alone wins over a rule.</summary>
    public Recipient Apply(Recipient recipient)
    {
        var decision = ByAddress.GetValueOrDefault(recipient.PrimarySmtpAddress) ?? new RecipientDecision();
        var decided = (decision.PrimarySmtpAddress ?? ByRule(recipient)) is { } primary ? WithPrimary(recipient, primary) : recipient;
        return decided with
        {
            Alias = decision.Alias ?? decided.Alias,
            EmailAddresses = [.. decided.EmailAddresses.Where(address => !decision.WithoutAddresses.Any(without => IsAddress(address, without)))],
            RecipientFilter = decision.RecipientFilter,
        };
    }

    /// <summary>True for a recipient that stays behind.</summary>
    public bool LeavesBehind(Recipient recipient) => ByAddress.GetValueOrDefault(recipient.SourceAddress)?.LeaveBehind == true;

    /// <summary>Holds the decisions against the recipients that there are.</summary>
    /// <exception cref="MigrationFault">One is about nobody, or takes a primary address away.</exception>
    public void Check(IReadOnlyCollection<Recipient> recipients)
    {
        var known = recipients.Select(recipient => recipient.SourceAddress).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (address, decision) in ByAddress)
        {
            if (!known.Contains(address))
                throw Wrong($"{address} is decided about, and the source has no recipient with that primary address.", "Correct or remove the entry in the decisions' file.");
            if (decision.WithoutAddresses.FirstOrDefault(without => recipients.Any(one => Is(one.PrimarySmtpAddress, without) && Is(one.SourceAddress, address))) is { } primary)
                throw Wrong($"{address} can't do without {primary}, which is its primary address.", "Give it another primarySmtpAddress in the decisions' file as well.");
        }
    }

    private string? ByRule(Recipient recipient)
    {
        var at = recipient.PrimarySmtpAddress.LastIndexOf('@') + 1;
        return PrimaryDomains.GetValueOrDefault(recipient.PrimarySmtpAddress[at..]) is { } domain ? recipient.PrimarySmtpAddress[..at] + domain : null;
    }

    private static Recipient WithPrimary(Recipient recipient, string primary) => recipient with
    {
        SourceAddress = recipient.PrimarySmtpAddress,
        PrimarySmtpAddress = primary,
        EmailAddresses =
        [
            $"SMTP:{primary}",
            .. recipient.EmailAddresses.Where(address => !IsAddress(address, primary))
                .Select(address => address.StartsWith(Smtp, StringComparison.OrdinalIgnoreCase) ? Smtp + address[Smtp.Length..] : address),
        ],
    };

    private static bool IsAddress(string proxyAddress, string address) => Is(proxyAddress, Smtp + address);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static MigrationFault Wrong(string message, string nextStep) => new(FaultScope.Operator, message, nextStep);
}

/// <summary>The source's address book with every recipient as it was decided about.</summary>
public sealed class DecidedDirectory(IRecipientDirectory directory, RecipientDecisions decisions) : IRecipientDirectory
{
    public IAsyncEnumerable<Recipient> GetRecipientsAsync(CancellationToken ct) => directory.GetRecipientsAsync(ct).Select(decisions.Apply);

    public async Task<Recipient?> FindAsync(string addressOrLegacyExchangeDN, CancellationToken ct) =>
        await directory.FindAsync(addressOrLegacyExchangeDN, ct) is { } found ? decisions.Apply(found) : null;

    public ValueTask DisposeAsync() => directory.DisposeAsync();
}
