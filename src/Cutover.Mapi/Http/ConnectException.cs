namespace Cutover.Mapi.Http;

/// <summary>Why no connection came about.</summary>
public enum ConnectFailure
{
    NameNotResolved,
    Refused,

    /// <summary>No route, or no answer in time: often a firewall.</summary>
    Unreachable,

    /// <summary>The certificate's chain does not end in a root that we trust.</summary>
    UntrustedCertificate,

    /// <summary>The certificate is for other names than the one asked for.</summary>
    WrongName,

    /// <summary>The certificate is out of its time, or not yet in it.</summary>
    ExpiredCertificate,

    /// <summary>Any other end of the TLS handshake.</summary>
    TlsFailed,
}

/// <summary>No connection to a server could be made. Written for the administrator.</summary>
public sealed class ConnectException(ConnectFailure failure, string message, string nextStep, Exception? inner = null)
    : MapiProtocolException(message, inner)
{
    public ConnectFailure Failure { get; } = failure;

    /// <summary>What the administrator can do about it.</summary>
    public string NextStep { get; } = nextStep;

    /// <summary>The refusal inside an HttpClient's exception, when there is one.</summary>
    public static ConnectException? Find(Exception? exception)
    {
        while (exception is not null and not ConnectException) exception = exception.InnerException;
        return exception as ConnectException;
    }
}
