namespace Cutover.Core.Recipients;

/// <summary>What recipients refer to: managers, delegates, owners and members, by legacyExchangeDN.</summary>
public static class RecipientReferences
{
    /// <summary>A finding for each reference to a recipient that is not among these (S36).</summary>
    public static IEnumerable<(Recipient Recipient, ProvisioningFinding Finding)> Lost(IReadOnlyList<Recipient> recipients)
    {
        var known = recipients.Select(recipient => recipient.LegacyExchangeDN).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var recipient in recipients)
            foreach (var (role, other) in Of(recipient).Where(reference => !known.Contains(reference.Other)))
                yield return (recipient, new ProvisioningFinding("S36", $"{recipient.PrimarySmtpAddress} has the {role} {other}, who is not moved",
                    $"Take the {role} off, or add its mailbox to the cutover."));
    }

    private static IEnumerable<(string Role, string Other)> Of(Recipient recipient)
    {
        if (recipient.Manager is { } manager) yield return ("manager", manager);
        foreach (var one in recipient.Delegates) yield return ("delegate", one);
        foreach (var one in recipient.ManagedBy) yield return ("owner", one);
        foreach (var one in recipient.Members) yield return ("member", one);
    }
}
