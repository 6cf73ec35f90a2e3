namespace Cutover.Mapi.Http;

/// <summary>Where an SRV record leads. Source: RFC 2782.</summary>
public sealed record SrvTarget(string Host, int Port);
