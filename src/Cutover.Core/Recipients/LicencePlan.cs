namespace Cutover.Core.Recipients;

/// <summary>A licence of the tenant that comes with an Exchange Online mailbox.</summary>
/// <param name="Name">Microsoft's skuPartNumber, such as ENTERPRISEPACK.</param>
/// <param name="Owned">Seats bought.</param>
/// <param name="Free">Seats that nobody has; none where the subscription is suspended.</param>
public sealed record LicenceStock(string Name, int Owned, int Used, int Free);

/// <summary>The licence that a user has or gets; null where none is left.</summary>
/// <param name="IsThere">The user has it already.</param>
public sealed record PlannedLicence(string PrimarySmtpAddress, string? Licence, bool IsThere);

/// <summary>A mailbox that works without a licence for 30 days only, from the day that it was made (S71).</summary>
public sealed record UnlicensedMailbox(string PrimarySmtpAddress, DateTimeOffset DisabledOn)
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(30);
}

/// <summary>Who gets which licence (S22), found out by looking alone.</summary>
/// <param name="UsageLocation">The country that licences are assigned in.</param>
public sealed record LicencePlan(IReadOnlyList<LicenceStock> Stock, IReadOnlyList<PlannedLicence> Users, string UsageLocation)
{
    /// <summary>User mailboxes of the tenant that are running out of time, the first to be disabled first.</summary>
    public IReadOnlyList<UnlicensedMailbox> Unlicensed { get; init; } = [];

    /// <summary>User mailboxes for which no seat is left.</summary>
    public int Short => Users.Count(user => user.Licence is null);
}
