namespace Cutover.Mapi.Http;

/// <summary>
/// Sends connections for one host and port elsewhere, like curl's --connect-to: TLS and the Host header keep the first name.
/// </summary>
/// <param name="Host">The name that is asked for; empty means any.</param>
/// <param name="Port">The port that is asked for; 0 means any.</param>
public sealed record ConnectTo(string Host, int Port, string ToHost, int ToPort)
{
    /// <summary>Reads <c>HOST:PORT:TO-HOST:TO-PORT</c>; an IPv6 address stands in brackets.</summary>
    public static ConnectTo Parse(string rule)
    {
        var parts = new List<string>();
        for (var rest = rule; ; rest = rest[1..])
        {
            var end = rest.StartsWith('[') ? rest.IndexOf(']') + 1 : rest.IndexOf(':');
            if (end <= 0 && !rest.StartsWith(':')) end = rest.Length;
            parts.Add(rest[..end].Trim('[', ']'));
            rest = rest[end..];
            if (rest.Length == 0) break;
        }

        if (parts.Count != 4 || !TryPort(parts[1], out var port) || !TryPort(parts[3], out var toPort))
            throw new FormatException($"'{rule}' is not a connect-to rule: write HOST:PORT:TO-HOST:TO-PORT");
        return new ConnectTo(parts[0], port, parts[2], toPort);
    }

    public override string ToString() => $"{Host}:{Port}:{ToHost}:{ToPort}";

    internal bool Matches(string host, int port) =>
        (Host.Length == 0 || Host.Equals(host, StringComparison.OrdinalIgnoreCase)) && (Port == 0 || Port == port);

    private static bool TryPort(string text, out int port) => int.TryParse(text, out port) && port is >= 0 and <= 65535 || text.Length == 0;
}
