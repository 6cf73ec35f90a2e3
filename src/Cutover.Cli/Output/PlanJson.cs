using System.Text.Json;
using System.Text.Json.Serialization;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Microsoft365.Trial;

namespace Cutover.Cli.Output;

/// <summary>Plans and trials as JSON on standard output.</summary>
internal static class PlanJson
{
    public static async Task WriteAsync(IReadOnlyList<PlannedRecipient> planned, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, planned, PlanJsonContext.Default.IReadOnlyListPlannedRecipient, ct);
    }

    public static async Task WriteAsync(LicencePlan plan, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, plan, PlanJsonContext.Default.LicencePlan, ct);
    }

    public static async Task WriteAsync(IReadOnlyList<TriedCall> tried, CancellationToken ct)
    {
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, tried, PlanJsonContext.Default.IReadOnlyListTriedCall, ct);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<PlannedRecipient>))]
[JsonSerializable(typeof(LicencePlan))]
[JsonSerializable(typeof(IReadOnlyList<TriedCall>))]
internal sealed partial class PlanJsonContext : JsonSerializerContext;
