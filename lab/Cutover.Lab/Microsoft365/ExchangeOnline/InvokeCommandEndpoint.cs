using Microsoft.AspNetCore.Http;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

internal sealed class InvokeCommandEndpoint(Tenant tenant)
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.StatusCode = tenant.Options.IsExchangeAdministrator ? 400 : 403;
        return Task.CompletedTask;
    }
}
