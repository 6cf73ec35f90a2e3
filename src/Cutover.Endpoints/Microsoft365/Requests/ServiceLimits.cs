namespace Cutover.Endpoints.Microsoft365.Requests;

/// <summary>What the Outlook service takes of one application for one mailbox. Source: Microsoft Graph service-specific throttling limits, 17 September 2026.</summary>
public sealed record ServiceLimits
{
    public int MaxConcurrentRequests { get; init; } = 4;

    public int MaxRequests { get; init; } = 10_000;

    public TimeSpan RequestWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of PATCH, POST and PUT bodies as they go over the wire: base64 counts in full. The page says megabytes; the smaller kind is meant.</summary>
    public long MaxUploadBytes { get; init; } = 150_000_000;

    public TimeSpan UploadWindow { get; init; } = TimeSpan.FromMinutes(5);
}
