using System.Text.Json.Nodes;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;
using Cutover.Lab.Microsoft365.Authentication;
using Cutover.Lab.Microsoft365.Directory;
using Cutover.Lab.Microsoft365.ExchangeOnline;
using Cutover.Lab.Microsoft365.Graph;
using Cutover.Lab.Microsoft365.Import;
using Cutover.Lab.Microsoft365.Mail;
using Cutover.Lab.Microsoft365.Mailboxes;
using Cutover.Lab.Microsoft365.Throttling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MimeKit;

namespace Cutover.Lab.Microsoft365;

/// <summary>
/// The lab's Microsoft 365: sign-in, Graph, mailbox import and Exchange Online on one HTTPS port. What it answered as done is still done
/// after
/// the process was killed and started again on the same state file; ids and secrets stay, the port may differ.
/// </summary>
public sealed class Microsoft365Server : IAsyncDisposable
{
    private readonly Tenant tenant;
    private readonly WebApplication app;

    private Microsoft365Server(Tenant tenant, WebApplication app, int port)
    {
        (this.tenant, this.app) = (tenant, app);
        BaseUrl = new Uri($"https://localhost:{port}");
    }

    /// <summary>Serves the authority, Graph's /v1.0, /adminapi and importItem.</summary>
    public Uri BaseUrl { get; }

    public Guid TenantId => tenant.Identity.TenantId;

    /// <summary>The registered application.</summary>
    public Guid ClientId => tenant.Identity.ClientId;

    public string ClientSecret => tenant.Identity.ClientSecret;

    public FaultSwitches FaultSwitches => tenant.Options.FaultSwitches;

    /// <summary>The recipients of the tenant, for tests and reports.</summary>
    public TenantDirectory Directory => tenant.Directory;

    /// <summary>The mailboxes of the tenant, for tests and reports.</summary>
    public TenantMailboxes Mailboxes => tenant.Mailboxes;

    /// <summary>The domains of the tenant, for tests and reports.</summary>
    public IReadOnlyList<TenantDomain> Domains => tenant.Domains.All;

    /// <summary>What was sent through Graph.</summary>
    public IReadOnlyList<SentMail> SentMail => tenant.Mail.Sent;

    /// <exception cref="LabPortTakenException">Another program holds the port.</exception>
    public static async Task<Microsoft365Server> StartAsync(Microsoft365Options options, CancellationToken ct = default)
    {
        var tenant = Tenant.Open(options);
        var app = LabWebHost.CreateBuilder(options.Port, options.CertificateChain).Build();
        Map(app, tenant);
        try
        {
            var port = await LabWebHost.StartAsync(app, "The lab's Microsoft 365 tenant", options.Port, ct);
            return new Microsoft365Server(tenant, app, port);
        }
        catch
        {
            await app.DisposeAsync();
            tenant.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Mail that comes in from outside, as it does once MX points here: into the recipient's inbox, through groups. False when the address
    /// is
    /// nobody's in this tenant.
    /// </summary>
    public bool DeliverMail(string recipient, MimeMessage message) => tenant.Mail.Deliver(recipient, message);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        tenant.Dispose();
    }

    private static void Map(WebApplication app, Tenant tenant)
    {
        var throttle = new MailboxThrottle(tenant.Options.Throttling, tenant.Clock);
        var tokens = new TokenEndpoint(tenant);
        var sessions = new AttachmentSessions(tenant, throttle);
        var graph = new GraphEndpoint(tenant, throttle, sessions);
        var import = new ImportEndpoint(tenant, throttle);
        var cmdlets = new InvokeCommandEndpoint(tenant);
        app.UseFaultInjection(tenant.Options.FaultSwitches, tenant.Clock, (context, _) => WriteFaultAsync(context, tenant));
        app.UseRouting();
        app.MapPost("/{tenant}/oauth2/v2.0/token", (RequestDelegate)tokens.HandleAsync);
        app.Map("/v1.0/{**path}", (RequestDelegate)graph.HandleAsync);
        app.MapPost("/api/gv1.0/{mailbox}/importItem", (RequestDelegate)import.HandleAsync);
        app.MapPut(AttachmentSessions.Path, (RequestDelegate)sessions.HandleAsync);
        app.MapPost("/adminapi/beta/{tenant}/InvokeCommand", (RequestDelegate)cmdlets.HandleAsync);
    }

    private static Task WriteFaultAsync(HttpContext context, Tenant tenant)
    {
        var isThrottled = context.Response.StatusCode == StatusCodes.Status429TooManyRequests;
        var error = isThrottled
            ? new GraphException(429, "TooManyRequests", "Too many requests. Please retry after the given time.")
            : new GraphException(503, "ServiceUnavailable", "The service is unavailable.");
        var requestId = Guid.NewGuid().ToString();
        var clientRequestId = context.Request.Headers["client-request-id"].FirstOrDefault() ?? requestId;
        context.Response.Headers["request-id"] = requestId;
        context.Response.ContentType = "application/json";
        JsonObject body = error.ToJson(tenant.Now, requestId, clientRequestId);
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
