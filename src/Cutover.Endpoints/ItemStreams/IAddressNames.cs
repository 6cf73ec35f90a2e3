namespace Cutover.Endpoints.ItemStreams;

/// <summary>Knows the SMTP addresses behind legacyExchangeDNs.</summary>
public interface IAddressNames
{
    /// <summary>The primary SMTP address; null when nobody bears the name.</summary>
    string? SmtpAddressOf(string legacyExchangeDN);
}
