using Microsoft.Extensions.DependencyInjection;

namespace Cutover.Orchestrator.Hosting;

/// <summary>Puts the orchestrator into a host.</summary>
public static class CutoverOrchestrator
{
    /// <summary>
    /// Adds the silo, its storage and <see cref="Core.Batches.IMigrationService"/>. The host must also provide <see cref="Core.Endpoints.IEndpointFactory"/>;
    /// <see cref="TimeProvider"/> is the system's unless it provides one. What was under way when an earlier process ended goes on when the host starts.
    /// </summary>
    public static IServiceCollection AddCutoverOrchestrator(this IServiceCollection services, OrchestratorOptions options)
    {
        services.AddSingleton(options);
        return services;
    }
}
