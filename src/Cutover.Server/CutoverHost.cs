using Cutover.Core.Batches;
using Cutover.Core.Domains;
using Cutover.Core.Endpoints;
using Cutover.Core.Messages;
using Cutover.Core.Preflight;
using Cutover.Core.Recipients;
using Cutover.Core.Runbooks;
using Cutover.Core.Runbooks.Steps;
using Cutover.Core.Sync;
using Cutover.Mapi.Tracing;
using Cutover.Orchestrator.Batches;
using Cutover.Orchestrator.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cutover.Server;

/// <summary>One cutover with everything it needs: engine, endpoints, DNS, mail and the run-book's memory, in this process.</summary>
public sealed class CutoverHost : IAsyncDisposable
{
    private readonly IHost host;

    private CutoverHost(IHost host, CutoverPlan plan)
    {
        this.host = host;
        Plan = plan;
        Journal = new CutoverJournal(host.Services.GetRequiredService<IRunbookRecord>());
        Migration = host.Services.GetRequiredService<IMigrationService>();
    }

    public CutoverPlan Plan { get; }

    public CutoverJournal Journal { get; }

    public IMigrationService Migration { get; }

    /// <summary>Starts the engine; what an earlier process left under way goes on.</summary>
    /// <param name="tell">Shows the administrator what to do by hand.</param>
    /// <param name="trace">Writes down what goes over the wire to the source; null writes nothing.</param>
    /// <exception cref="InvalidSettingsException">The settings can't be used.</exception>
    public static async Task<CutoverHost> StartAsync(
        CutoverSettings settings, WorkDirectory work, Action<string> tell, ProtocolTrace? trace, CancellationToken ct)
    {
        var plan = settings.ToPlan();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(plan);
        var resolver = DnsAccess.OpenResolver(settings.Dns);
        var connector = settings.Network.ToConnector(resolver, trace, new TellingLogger(tell));
        builder.Services.AddSingleton(connector);
        builder.Services.AddSingleton(work);
        builder.Services.AddSingleton<IEndpointFactory>(services =>
            new EndpointFactory(connector, plan.Decisions, work.SpoolDirectory, TimeProvider.System, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(DnsAccess.OpenZone(settings, tell, TimeProvider.System));
        builder.Services.AddSingleton<IDnsResolver>(resolver);
        builder.Services.AddSingleton(await MailAccess.OpenAsync(settings.Mail, plan, connector, TimeProvider.System, ct));
        builder.Services.AddSingleton<IInitialPasswords>(new InitialPasswordStore(work.InitialPasswordsFile, KeyRing.Open(), TimeProvider.System));
        builder.Services.AddTelemetryExport(settings.Telemetry);
        builder.Services.AddCutoverOrchestrator(settings.Storage.ToOptions(work.Path) with { IncrementalSyncInterval = plan.IncrementalSyncInterval });
        var host = builder.Build();
        await host.StartAsync(ct);
        return new CutoverHost(host, plan);
    }

    /// <summary>What is recorded of the batch, while the engine does not run here.</summary>
    /// <param name="work">The work folder; its database is opened only when the settings name no other.</param>
    public static Task<T> ReadRecordsAsync<T>(CutoverSettings settings, string work, Func<BatchRecords, BatchName, Task<T>> read) =>
        BatchRecords.ReadAsync(settings.Storage.ToOptions(work), TimeProvider.System, records => read(records, settings.ToPlan().BatchName));

    /// <summary>The nine steps of a cutover as a run-book.</summary>
    /// <param name="beforeIncrementalSync">A step of the caller's own, once every mailbox is Synced.</param>
    public Runbook CreateRunbook(string language, IRunbookObserver observer, IApprovals approvals, RunbookStep? beforeIncrementalSync = null)
    {
        var clock = Get<TimeProvider>();
        var organisation = new SourceOrganisation(Plan, Get<IEndpointFactory>());
        var calls = new PatientCalls(Get<FaultPolicy>(), clock);
        var welcome = new WelcomeMessage(language);
        RunbookStep[] pilot = Plan.PilotMailboxes.Count == 0 ? [] : [new PilotStep(Plan, Migration, Journal, approvals)];
        RunbookStep[] beginning =
        [
            new PreflightStep(
            [
                new OutlookAnywhereCheck(Plan, Get<IEndpointFactory>(), organisation), new RecipientsCheck(organisation),
                new RecipientPlanCheck(Plan, Get<IEndpointFactory>(), organisation),
                new TenantCheck(Plan, Get<IEndpointFactory>(), organisation), new MailboxAccessCheck(Get<IEndpointFactory>(), organisation, calls),
            ]),
            new ProveDomainStep(Plan, Get<IEndpointFactory>(), Get<IDnsZone>(), clock),
            new ConnectSourceStep(Plan, Get<IEndpointFactory>(), Journal),
            new ProvisionRecipientsStep(Plan, Get<IEndpointFactory>(), organisation, Get<IInitialPasswords>(), Journal),
            new LowerTtlStep(Plan, Get<IDnsZone>(), Get<IDnsResolver>(), Journal),
            .. pilot,
            new CopyMailboxesStep(Plan, Migration, Get<IEndpointFactory>(), Journal),
        ];
        RunbookStep[] ending =
        [
            new IncrementalSyncStep(Plan, Migration, clock),
            new CarrySettingsStep(Plan, Get<IEndpointFactory>(), Journal, calls),
            new SwitchMxStep(Plan, Get<IEndpointFactory>(), Get<IDnsZone>(), Get<IDnsResolver>(), Journal, approvals, clock),
            new LastSyncStep(Plan, Migration, Journal, clock),
            new VerifyStep(Plan, Migration, Journal),
            new WelcomeStep(Plan, Get<IMessageSender>(), welcome, Journal, clock),
            new RemoveBatchStep(Plan, Migration, Get<IDnsZone>(), new RemovalGuard(Plan, Migration, welcome, Journal, clock), approvals),
        ];
        RunbookStep[] own = beforeIncrementalSync is null ? [] : [beforeIncrementalSync];
        return new Runbook([.. beginning, .. own, .. ending], Get<IRunbookRecord>(), observer, calls, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();
}
