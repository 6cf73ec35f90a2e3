using Cutover.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Cutover.Server;

/// <summary>Gives the engine's measurements and traces to those that the settings name; nothing is collected when they name none.</summary>
internal static class TelemetryExport
{
    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, TelemetrySettings? settings)
    {
        if (settings is null || (settings.PrometheusPort is null && settings.OtlpEndpoint is null)) return services;
        var collector = settings.OtlpEndpoint is null ? null
            : Uri.TryCreate(settings.OtlpEndpoint, UriKind.Absolute, out var url) ? url
            : throw new InvalidSettingsException($"telemetry.otlpEndpoint takes a URL, not {settings.OtlpEndpoint}.");
        if (settings.PrometheusPort is <= 0 or > ushort.MaxValue)
            throw new InvalidSettingsException($"telemetry.prometheusPort takes 1 to {ushort.MaxValue}, not {settings.PrometheusPort}.");
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(EngineTelemetry.Name, "Microsoft.Orleans");
            if (settings.PrometheusPort is { } port)
                metrics.AddPrometheusHttpListener(listener => (listener.Host, listener.Port) = (settings.PrometheusHost, port));
            if (collector is not null) metrics.AddOtlpExporter(exporter => exporter.Endpoint = collector);
        });
        if (collector is not null)
            telemetry.WithTracing(tracing => tracing.AddSource(EngineTelemetry.Name).AddOtlpExporter(exporter => exporter.Endpoint = collector));
        return services;
    }
}
