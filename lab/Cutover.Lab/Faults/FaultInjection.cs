using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cutover.Lab.Faults;

/// <summary>
/// The fault switches of a web server, as its first middleware. A rule's path part is looked for in "METHOD /path?query".
/// </summary>
/// <param name="writeBody">Writes the server's own error body for a 429 or 503; null leaves it empty.</param>
/// <param name="kindsFor">Which kinds may strike this request as a whole; null means all.</param>
public sealed class FaultInjection(
    FaultSwitches switches, TimeProvider clock, Func<HttpContext, FaultRule, Task>? writeBody = null, Func<HttpContext, FaultKind[]>? kindsFor = null)
{
    private static readonly FaultKind[] AllKinds = Enum.GetValues<FaultKind>();

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        var rule = switches.Take(request, kindsFor?.Invoke(context) ?? AllKinds);
        return rule is null ? next(context) : StrikeAsync(rule, context, next);
    }

    private Task StrikeAsync(FaultRule rule, HttpContext context, RequestDelegate next) => rule.Kind switch
    {
        FaultKind.Refuse => AbortAsync(context),
        FaultKind.TooManyRequests => AnswerAsync(StatusCodes.Status429TooManyRequests, rule, context),
        FaultKind.ServiceUnavailable => AnswerAsync(StatusCodes.Status503ServiceUnavailable, rule, context),
        FaultKind.DropAfterBytes => DropAsync(rule, context, next),
        FaultKind.Slow => SlowAsync(rule, context, next),
        FaultKind.LoseResponse => LoseAsync(context, next),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private Task AnswerAsync(int status, FaultRule rule, HttpContext context)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status429TooManyRequests || rule.Delay > TimeSpan.Zero)
            context.Response.Headers.RetryAfter = Math.Ceiling(rule.Delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return writeBody?.Invoke(context, rule) ?? Task.CompletedTask;
    }

    private async Task SlowAsync(FaultRule rule, HttpContext context, RequestDelegate next)
    {
        await Task.Delay(rule.Delay, clock, context.RequestAborted);
        await next(context);
    }

    private static async Task DropAsync(FaultRule rule, HttpContext context, RequestDelegate next)
    {
        await using var cut = new CutStream(context.Response.Body, rule.Bytes, context.Abort);
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(cut, body));
        await next(context);
        await cut.FlushAsync();
        context.Abort();
    }

    private static async Task LoseAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await next(context);
        context.Abort();
    }
}

/// <summary>Puts the fault switches into a server's pipeline.</summary>
public static class FaultInjectionPipeline
{
    public static IApplicationBuilder UseFaultInjection(
        this IApplicationBuilder app,
        FaultSwitches switches,
        TimeProvider? clock = null,
        Func<HttpContext, FaultRule, Task>? writeBody = null,
        Func<HttpContext, FaultKind[]>? kindsFor = null)
    {
        var faults = new FaultInjection(switches, clock ?? TimeProvider.System, writeBody, kindsFor);
        return app.Use((HttpContext context, RequestDelegate next) => faults.InvokeAsync(context, next));
    }
}
