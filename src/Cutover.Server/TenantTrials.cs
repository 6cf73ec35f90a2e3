using Cutover.Endpoints.Microsoft365;
using Cutover.Endpoints.Microsoft365.Trial;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cutover.Server;

/// <summary>Tries on the tenant of the settings whether a cutover can work there.</summary>
public static class TenantTrials
{
    /// <param name="mailbox">Sign-in name or address of a user with a mailbox; one folder and one item are made there and removed.</param>
    /// <param name="tell">Shows the administrator a warning.</param>
    /// <exception cref="Core.Faults.MigrationFault">The settings of the target can't be used.</exception>
    /// <exception cref="InvalidSettingsException">The settings can't be used.</exception>
    public static IAsyncEnumerable<TriedCall> RunAsync(CutoverSettings settings, string mailbox, Action<string> tell, CancellationToken ct)
    {
        var target = settings.ToPlan().Target;
        var connector = settings.Network.ToConnector(DnsAccess.OpenResolver(settings.Dns), trace: null, new TellingLogger(tell));
        return Microsoft365Endpoint.OpenTrial(target, Secrets.Read(target.Secret), connector, TimeProvider.System, NullLoggerFactory.Instance).RunAsync(mailbox, ct);
    }
}
