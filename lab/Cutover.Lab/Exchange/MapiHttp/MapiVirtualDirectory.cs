using Cutover.Lab.Exchange.Http;
using Cutover.Mapi.MapiHttp;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>The /mapi virtual directory: an endpoint for the store and one for the address book.</summary>
internal sealed class MapiVirtualDirectory
{
    public const string Root = "/mapi/";

    /// <summary>The path of the mailbox server endpoint, and that of the address book server endpoint.</summary>
    public const string MailStorePath = Root + "emsmdb/";

    public const string AddressBookPath = Root + "nspi/";

    private readonly Dictionary<string, MapiHttpEndpoint> endpoints = [];
    private readonly AccountDirectory directory;
    private readonly MapiHttpOptions options;

    public MapiVirtualDirectory(ExchangeServerOptions server, AccountDirectory directory)
    {
        this.directory = directory;
        options = server.MapiHttp;
        if (server.MailStore is { } store) Add(MailStorePath, new MailStoreEndpoint(store, options));
        if (server.AddressBook is { } addressBook) Add(AddressBookPath, new AddressBookEndpoint(addressBook, server));
    }

    /// <summary>An endpoint's URL; with a mailbox it names that one.</summary>
    public static string Url(string authority, string path, Guid? mailbox, string domain) =>
        $"https://{authority}{path}{(mailbox is null ? "" : $"?MailboxId={mailbox}@{domain}")}";

    /// <param name="path">The request's path in lower case.</param>
    public Task HandleAsync(HttpContext context, string path)
    {
        if (endpoints.TryGetValue(path.EndsWith('/') ? path : path + "/", out var endpoint)) return endpoint.HandleAsync(context);
        if (endpoints.Count > 0) return RefuseAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private void Add(string path, IMapiHttpService service) => endpoints[path] = new MapiHttpEndpoint(path, service, directory, options);

    private async Task RefuseAsync(HttpContext context)
    {
        if (directory.SignIn(context) is null) return;
        await new MapiHttpAnswer(context, options).FailAsync(new MapiHttpFailure(MapiHttpResponseCode.InvalidPath, "There is no endpoint here."));
    }
}
