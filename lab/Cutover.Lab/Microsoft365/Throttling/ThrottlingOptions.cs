namespace Cutover.Lab.Microsoft365.Throttling;

/// <summary>The Outlook service's limits per application and mailbox. Source: Microsoft Graph throttling page, 17 September 2026.</summary>
public sealed record ThrottlingOptions
{
    public bool IsOn { get; init; } = true;

    public int MaxConcurrentRequests { get; init; } = 4;

    public int MaxRequests { get; init; } = 10_000;

    public TimeSpan RequestWindow { get; init; } = TimeSpan.FromMinutes(10);

    public long MaxUploadBytes { get; init; } = 150_000_000;

    public TimeSpan UploadWindow { get; init; } = TimeSpan.FromMinutes(5);
}
