namespace Cutover.Mapi.MapiHttp;

/// <summary>The headers of MAPI over HTTP. Source: [MS-OXCMAPIHTTP] 2.2.3.</summary>
public static class MapiHttpHeaders
{
    public const string ContentType = "application/mapi-http";

    /// <summary>The content type of an answer whose response code is not 0: words for people.</summary>
    public const string FailureContentType = "text/html";

    public const string RequestType = "X-RequestType";

    /// <summary>A GUID of the session context, a colon, and a counter that grows with each request. Echoed.</summary>
    public const string RequestId = "X-RequestId";

    /// <summary>A GUID of the client, a colon, and a counter that differs per session context. Echoed.</summary>
    public const string ClientInfo = "X-ClientInfo";

    /// <summary>Outlook/15.xx.xxxx.xxxx.</summary>
    public const string ClientApplication = "X-ClientApplication";

    /// <summary>Exchange/15.xx.xxxx.xxx.</summary>
    public const string ServerApplication = "X-ServerApplication";

    public const string ResponseCode = "X-ResponseCode";

    /// <summary>Milliseconds between two PENDING lines while the server works.</summary>
    public const string PendingPeriod = "X-PendingPeriod";

    /// <summary>Milliseconds that a session context lives without a request.</summary>
    public const string ExpirationInfo = "X-ExpirationInfo";

    public const string ElapsedTime = "X-ElapsedTime";

    public const string StartTime = "X-StartTime";
}

/// <summary>The values of X-RequestType at the mailbox server endpoint. Source: [MS-OXCMAPIHTTP] 2.2.3.3.1.</summary>
public static class MailStoreRequestType
{
    public const string Connect = "Connect";
    public const string Execute = "Execute";
    public const string Disconnect = "Disconnect";
    public const string NotificationWait = "NotificationWait";

    /// <summary>At either endpoint: it has no body.</summary>
    public const string Ping = "PING";
}

/// <summary>The lines before a response's body. Source: [MS-OXCMAPIHTTP] 2.2.7.</summary>
public static class MetaTag
{
    /// <summary>The server has taken the request.</summary>
    public const string Processing = "PROCESSING";

    /// <summary>The server still works.</summary>
    public const string Pending = "PENDING";

    /// <summary>Additional headers, an empty line and the body follow.</summary>
    public const string Done = "DONE";
}
