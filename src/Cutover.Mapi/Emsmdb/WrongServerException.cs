namespace Cutover.Mapi.Emsmdb;

/// <summary>The mailbox lives on another server: connect there. Source: [MS-OXCROPS] 2.2.3.1.4.</summary>
/// <param name="serverName">The server's distinguished name, or its plain name.</param>
public sealed class WrongServerException(string serverName)
    : MapiException("RopLogon", MapiErrorCode.WrongServer, $"the mailbox is on {serverName}")
{
    /// <summary>The server's plain name.</summary>
    public string ServerName { get; } = serverName[(serverName.LastIndexOf('=') + 1)..];
}
