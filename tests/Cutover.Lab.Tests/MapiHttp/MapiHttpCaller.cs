using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;

namespace Cutover.Lab.Tests.MapiHttp;

/// <summary>A client that says every header by hand, so that it can be wrong.</summary>
public sealed class MapiHttpCaller : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri url;
    private readonly Guid session = Guid.NewGuid();
    private int request;

    public MapiHttpCaller(Connector connector, LabAccount account, Uri url)
    {
        this.url = url;
        http = new HttpClient(connector.CreateHttpHandler(new HttpAuthentication(new NetworkCredential(account.UserName, account.Password), HttpAuthenticationScheme.Basic)));
    }

    /// <summary>The cookies that the next request brings.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    public async Task<MapiHttpReply> SendAsync(string requestType, ReadOnlyMemory<byte> body = default, Action<HttpRequestMessage>? change = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/mapi-http");
        message.Headers.Add("X-RequestType", requestType);
        message.Headers.Add("X-RequestId", $"{{{session}}}:{++request}");
        message.Headers.Add("X-ClientInfo", "{2EF33C39-49C8-421C-B876-CDF7F2AC3AA0}:123");
        message.Headers.Add("X-ClientApplication", "Outlook/15.00.4551.1000");
        if (Cookies.Count > 0) message.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        change?.Invoke(message);
        using var response = await http.SendAsync(message);
        return await ReadAsync(response);
    }

    public void Dispose() => http.Dispose();

    private async Task<MapiHttpReply> ReadAsync(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2))) Cookies[cookie[0]] = cookie[1];
        }
        return new MapiHttpReply(response, await response.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>An answer taken apart.</summary>
public sealed class MapiHttpReply
{
    public MapiHttpReply(HttpResponseMessage response, byte[] content)
    {
        Status = response.StatusCode;
        ContentType = response.Content.Headers.ContentType?.MediaType;
        IsChunked = response.Headers.TransferEncodingChunked == true;
        Headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        if (ContentType == "application/mapi-http") Split(content);
        else Body = content;
    }

    public HttpStatusCode Status { get; }

    public string? ContentType { get; }

    public bool IsChunked { get; }

    public Dictionary<string, string> Headers { get; }

    public List<string> MetaTags { get; } = [];

    public Dictionary<string, string> AdditionalHeaders { get; } = [];

    public byte[] Body { get; private set; } = [];

    /// <summary>X-ResponseCode; the additional one where there is one.</summary>
    public int Code => int.Parse(AdditionalHeaders.GetValueOrDefault("X-ResponseCode") ?? Headers["X-ResponseCode"], CultureInfo.InvariantCulture);

    private void Split(byte[] content)
    {
        var head = content.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(content, 0, head).Split("\r\n"))
        {
            if (line.Split(": ", 2) is [var name, var value]) AdditionalHeaders[name] = value;
            else MetaTags.Add(line);
        }
        Body = content[(head + 4)..];
    }
}
