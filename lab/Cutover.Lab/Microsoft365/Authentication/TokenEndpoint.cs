using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.Authentication;

/// <summary>POST /{tenant}/oauth2/v2.0/token: the client credentials grant with a secret, a certificate or a federated token.</summary>
internal sealed class TokenEndpoint(Tenant tenant)
{
    private const string DefaultScope = "/.default";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
            await AnswerAsync(context, 200, Grant((string)context.Request.RouteValues["tenant"]!, form));
        }
        catch (TokenError e)
        {
            await AnswerAsync(context, e.Status, e.ToJson(tenant.Now));
        }
    }

    private JsonObject Grant(string realm, IFormCollection form)
    {
        CheckTenant(realm);
        if (form["grant_type"] != "client_credentials")
            throw new TokenError(400, "unsupported_grant_type", 70003,
                $"The app requested an unsupported grant type '{form["grant_type"]}'.");
        CheckClient(form);
        var audience = Audience(form["scope"].ToString());
        var seconds = (int)tenant.Options.TokenLifetime.TotalSeconds;
        return new JsonObject
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = seconds,
            ["ext_expires_in"] = seconds,
            ["access_token"] = tenant.Tokens.Issue(Claims(audience), tenant.Options.TokenLifetime),
        };
    }

    private void CheckTenant(string realm)
    {
        if (Guid.TryParse(realm, out var id) ? id == tenant.Identity.TenantId : tenant.Domains.IsVerified(realm)) return;
        throw new TokenError(400, "invalid_request", 90002,
            $"Tenant '{realm}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "
            + "Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");
    }

    private void CheckClient(IFormCollection form)
    {
        var clientId = form["client_id"].ToString();
        if (!Guid.TryParse(clientId, out var id) || id != tenant.Identity.ClientId)
            throw new TokenError(400, "unauthorized_client", 700016,
                $"Application with identifier '{clientId}' was not found in the directory '{tenant.Options.OrganizationName}'. This can happen if the "
                + "application has not been installed by the administrator of the tenant or consented to by any user in the tenant.");
        if (form["client_assertion_type"] == AssertionType)
            CheckAssertion(ClientAssertion.Parse(form["client_assertion"].ToString()), clientId);
        else
            CheckSecret(form["client_secret"].ToString(), clientId);
    }

    private void CheckAssertion(ClientAssertion assertion, string clientId)
    {
        if (assertion.IsFederated(clientId)) assertion.Verify(tenant.Options.FederatedCredential, tenant.Now);
        else assertion.Verify(clientId, tenant.Options.ClientCertificate, tenant.Identity.TenantId.ToString(), tenant.Now);
    }

    private void CheckSecret(string secret, string clientId)
    {
        if (secret.Length == 0)
            throw TokenError.InvalidClient(7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(tenant.Identity.ClientSecret)))
            throw TokenError.InvalidClient(7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, "
                + $"for a secret added to app '{clientId}'.");
        if (tenant.Options.ClientSecretExpires <= tenant.Now)
            throw TokenError.InvalidClient(7000222, $"The provided client secret keys for app '{clientId}' are expired.");
    }

    private string Audience(string scope)
    {
        if (!scope.EndsWith(DefaultScope, StringComparison.Ordinal))
            throw new TokenError(400, "invalid_scope", 1002012,
                $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.");
        var resource = scope[..^DefaultScope.Length].TrimEnd('/');
        return resource is AccessToken.GraphAudience or AccessToken.ExchangeAudience
            ? resource
            : throw new TokenError(400, "invalid_resource", 500011,
                $"The resource principal named {resource} was not found in the tenant named {tenant.Options.OrganizationName}.");
    }

    private JsonObject Claims(string audience)
    {
        var isExchange = audience == AccessToken.ExchangeAudience;
        var roles = isExchange ? tenant.Options.ExchangeRoles : tenant.Options.GraphRoles;
        return new JsonObject
        {
            ["aud"] = audience,
            ["iss"] = $"https://sts.windows.net/{tenant.Identity.TenantId}/",
            ["appid"] = tenant.Identity.ClientId.ToString(),
            ["idtyp"] = "app",
            ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
            ["tid"] = tenant.Identity.TenantId.ToString(),
            ["ver"] = "1.0",
            ["wids"] = tenant.Options.IsExchangeAdministrator ? new JsonArray(AccessToken.ExchangeAdministrator) : [],
        };
    }

    private static Task AnswerAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store, no-cache";
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
