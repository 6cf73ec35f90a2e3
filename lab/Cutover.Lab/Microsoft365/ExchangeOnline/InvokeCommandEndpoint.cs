using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cutover.Lab.Microsoft365.Authentication;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>POST /adminapi/beta/{tenant}/InvokeCommand: runs one cmdlet. The envelope's names are case-sensitive.</summary>
internal sealed class InvokeCommandEndpoint
{
    private const int NulBodyLength = 4096;
    private readonly Tenant tenant;
    private readonly FrozenDictionary<string, Cmdlet> cmdlets;
    private readonly ResultPages pages;

    public InvokeCommandEndpoint(Tenant tenant)
    {
        this.tenant = tenant;
        pages = new ResultPages(tenant);
        var recipients = new RecipientLookup(tenant);
        IEnumerable<Cmdlet> all =
        [
            .. new AcceptedDomainCmdlets(tenant).All,
            .. new RecipientCmdlets(recipients).All,
            .. new MailboxCmdlets(tenant, recipients).All,
            .. new MailContactCmdlets(tenant, recipients).All,
            .. new MailUserCmdlets(tenant, recipients).All,
            .. new DistributionGroupCmdlets(tenant, recipients).All,
            .. new DynamicDistributionGroupCmdlets(tenant, recipients).All,
            .. new GroupMemberCmdlets(recipients).All,
            .. new PermissionCmdlets(recipients).All,
            .. new CalendarProcessingCmdlets(recipients).All,
            .. new FolderPermissionCmdlets(tenant, recipients).All,
        ];
        cmdlets = all.ToFrozenDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);
    }

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["request-id"] = Guid.NewGuid().ToString();
        if (!await AuthorizeAsync(context)) return;
        try
        {
            await WriteAsync(context, 200, await RunAsync(context));
        }
        catch (CmdletException e)
        {
            await WriteAsync(context, e.Status, e.ToJson());
        }
    }

    private async Task<JsonObject> RunAsync(HttpContext context)
    {
        var input = await ReadEnvelopeAsync(context.Request);
        var name = input["CmdletName"]!.GetValue<string>();
        if (!cmdlets.TryGetValue(name, out var cmdlet)) throw CmdletException.UnknownCmdlet(name);
        var call = new CmdletCall((JsonObject)input["Parameters"]!);
        cmdlet.Check(call);
        var values = cmdlet.Run(call).ToList();
        var (page, nextLink) = pages.Cut(context.Request, values, call);
        var body = new JsonObject
        {
            ["@odata.context"] =
                $"{Base(context.Request)}/adminapi/beta/{context.Request.RouteValues["tenant"]}/$metadata#Collection(Exchange.GenericHashTable)",
            ["adminapi.warnings@odata.type"] = "#Collection(String)",
            ["@adminapi.warnings"] = new JsonArray([.. call.Warnings.Select(warning => JsonValue.Create(warning))]),
        };
        if (nextLink is not null) body["@odata.nextLink"] = nextLink;
        body["value"] = new JsonArray([.. page.Select(value => Annotated(value, context.Request.Query["$select"].ToString()))]);
        return body;
    }

    private static async Task<JsonObject> ReadEnvelopeAsync(HttpRequest request)
    {
        JsonObject? envelope;
        try
        {
            envelope = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            throw Malformed("The request body is not valid JSON.");
        }

        if (envelope?["CmdletInput"] is not JsonObject input)
            throw Malformed(
                "The parameter 'CmdletInput' in the request payload is not a valid parameter for the operation 'InvokeCommand'.");
        if (input.FirstOrDefault(property =>
            property.Key is not ("CmdletName" or "Parameters") && !property.Key.Contains('@')).Key is { } unknown)
            throw Malformed($"The property '{unknown}' does not exist on type 'Exchange.CmdletInput'.");
        if (input["CmdletName"] is not JsonValue || input["Parameters"] is not JsonObject)
            throw Malformed(
                "A null value was found for the property named 'Parameters', which has the expected type 'Exchange.GenericHashTable[Nullable=False]'.");
        return input;
    }

    private static CmdletException Malformed(string message) => new(400, "BadRequest", "Microsoft.OData.ODataException", message);

    private async Task<bool> AuthorizeAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var claims = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? tenant.Tokens.Read(header["Bearer ".Length..])
            : null;
        var token = claims is null || tenant.Tokens.IsExpired(claims) ? null : AccessToken.FromClaims(claims);
        if (token?.Audience != AccessToken.ExchangeAudience || !token.Roles.Contains("Exchange.ManageAsApp") || !IsThisTenant(context))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", error=\"invalid_token\"";
            return false;
        }

        if (token.IsExchangeAdministrator) return true;
        context.Response.StatusCode = 403;
        context.Response.Headers["x-ms-diagnostics"] =
            "2000008;reason=\"The application does not have the required directory role.\";error_category=\"insufficient_role\"";
        await context.Response.Body.WriteAsync(new byte[NulBodyLength]);
        return false;
    }

    private bool IsThisTenant(HttpContext context) =>
        context.Request.RouteValues["tenant"] is string named
        && (Guid.TryParse(named, out var id) ? id == tenant.Identity.TenantId : tenant.Domains.IsVerified(named));

    // Every array and GUID has its type in front, as the service writes it.
    private static JsonObject Annotated(JsonObject value, string select)
    {
        var wanted = select.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var annotated = new JsonObject();
        foreach (var (name, node) in value)
        {
            if (wanted.Length > 0 && !wanted.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (node is JsonArray) annotated[name + "@odata.type"] = "#Collection(String)";
            if (name.EndsWith("Guid", StringComparison.Ordinal))
            {
                annotated[name + "@data.type"] = "System.Guid";
                annotated[name + "@odata.type"] = "#Guid";
            }

            annotated[name] = node?.DeepClone();
        }

        return annotated;
    }

    private static string Base(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        context.Response.Headers["OData-Version"] = "4.0";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
