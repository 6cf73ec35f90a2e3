using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Cutover.Core.Mailboxes;
using MimeKit;

namespace Cutover.Interop.Gromox;

/// <summary>A folder as EWS tells it.</summary>
internal sealed record EwsFolder(string Id, string Path, int Total, int Unread);

/// <summary>Asks gromox's EWS for folders and items, as the mailbox's owner.</summary>
internal sealed class EwsSide(GromoxServer server) : IDisposable
{
    private const int PageSize = 500;

    // Within an EntryId of a message: what counts it in its database. Source: [MS-OXCDATA] 2.2.4.2.
    private const int CounterOffset = 62;
    private const int CounterSize = 6;

    private static readonly XNamespace T = "http://schemas.microsoft.com/exchange/services/2006/types";
    private static readonly XNamespace M = "http://schemas.microsoft.com/exchange/services/2006/messages";

    private readonly Dictionary<string, string> itemIds = [];

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        // The stream is TLS already, with the certificate checked; HTTP is spoken inside it.
        ConnectCallback = async (_, ct) => await server.Connector().ConnectAsync(server.HostName, 443, ct),
    });

    public async Task<IReadOnlyList<EwsFolder>> FoldersAsync(CancellationToken ct)
    {
        var answer = await AskAsync(
            """<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>""",
            ct);
        var all = answer.Descendants(T + "FolderId").Select(id => id.Parent).OfType<XElement>().ToDictionary(IdOf, folder => folder);
        string PathOf(XElement folder)
        {
            var name = folder.Element(T + "DisplayName")?.Value ?? "";
            var parent = folder.Element(T + "ParentFolderId")?.Attribute("Id")?.Value ?? "";
            return all.TryGetValue(parent, out var above) ? PathOf(above) + "/" + name : name;
        }
        return [.. all.Values.Select(folder => new EwsFolder(IdOf(folder), PathOf(folder), Number(folder, "TotalCount"), Number(folder, "UnreadCount")))];
    }

    /// <summary>Class, subject, and for appointments start and end, of the items of a folder, sorted; items that gromox refuses to show are left out.</summary>
    public async Task<IReadOnlyList<string>> ItemsAsync(EwsFolder folder, CancellationToken ct)
    {
        var lines = new List<string>();
        for (var offset = 0; offset < folder.Total; offset += PageSize)
            lines.AddRange(await PageAsync(folder, offset, Math.Min(PageSize, folder.Total - offset), ct));
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    /// <summary>One item that gromox can't show makes it refuse the page: then it is asked for in halves.</summary>
    private async Task<IReadOnlyList<string>> PageAsync(EwsFolder folder, int offset, int count, CancellationToken ct)
    {
        try
        {
            var answer = await AskAsync(
                $"""<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:IndexedPageItemView MaxEntriesReturned="{count}" Offset="{offset}" BasePoint="Beginning"/><m:ParentFolderIds><t:FolderId Id="{folder.Id}"/></m:ParentFolderIds></m:FindItem>""",
                ct);
            var items = answer.Descendants(T + "Items").Elements().ToList();
            foreach (var id in items.Select(item => item.Element(T + "ItemId")?.Attribute("Id")?.Value).OfType<string>()) itemIds[CounterIn(id)] = id;
            return [.. items.Select(Line)];
        }
        catch (HttpRequestException refused) when (refused.StatusCode == HttpStatusCode.InternalServerError)
        {
            if (count == 1) return [];
            var half = count / 2;
            return [.. await PageAsync(folder, offset, half, ct), .. await PageAsync(folder, offset + half, count - half, ct)];
        }
    }

    /// <summary>The item as gromox itself writes it as MIME; null where it does not, or MimeKit can't read it.</summary>
    public async Task<MailFacts?> FactsAsync(ItemInfo info, CancellationToken ct)
    {
        if (!itemIds.TryGetValue(info.Key.Value[^(2 * CounterSize)..].ToUpperInvariant(), out var id)) return null;
        var answer = await AskAsync(
            $"""<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape><m:ItemIds><t:ItemId Id="{id}"/></m:ItemIds></m:GetItem>""",
            ct);
        if (answer.Descendants(T + "MimeContent").FirstOrDefault()?.Value is not { } content) return null;
        try
        {
            using var message = MimeMessage.Load(new MemoryStream(Convert.FromBase64String(content)), ct);
            return MailFacts.Of(message, info.IsRead);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private static string CounterIn(string itemId) => Convert.ToHexString(Convert.FromBase64String(itemId).AsSpan(CounterOffset, CounterSize));

    private static string Line(XElement item) =>
        $"{item.Element(T + "ItemClass")?.Value} '{WholeMailbox.Shown(item.Element(T + "Subject")?.Value)}' {Time(item, "Start")} {Time(item, "End")}".TrimEnd();

    private static string Time(XElement item, string name) => item.Element(T + name)?.Value is { } text
        ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal).ToString("s", CultureInfo.InvariantCulture)
        : "";

    private static string IdOf(XElement folder) => folder.Element(T + "FolderId")?.Attribute("Id")?.Value ?? "";

    private static int Number(XElement folder, string name) => int.Parse(folder.Element(T + name)?.Value ?? "0", CultureInfo.InvariantCulture);

    private async Task<XElement> AskAsync(string body, CancellationToken ct)
    {
        var envelope =
            $"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="{T}" xmlns:m="{M}"><s:Header><t:RequestServerVersion Version="Exchange2013"/></s:Header><s:Body>{body}</s:Body></s:Envelope>""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server.HostName}/EWS/Exchange.asmx")
        {
            Content = new StringContent(envelope, Encoding.UTF8, "text/xml"),
        };
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{server.Mailbox}:{server.Password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", pair);
        using var answer = await http.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
        return XElement.Parse(await answer.Content.ReadAsStringAsync(ct));
    }
}
