using System.Text.Json;
using Cutover.Core.Recipients;
using Cutover.Endpoints.Tests.Contracts;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>The lab's tenant as what recipients are made in.</summary>
public sealed class Microsoft365ProvisionerContractTests : RecipientProvisionerContract, IAsyncLifetime
{
    private TenantLab lab = null!;

    public async ValueTask InitializeAsync() => lab = await TenantLab.StartAsync();

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    protected override Task<IRecipientProvisioner> OpenAsync() => lab.OpenProvisionerAsync();

    protected override Recipient Recipient(string alias, RecipientType type) => TenantLab.Recipient(alias, type);

    protected override string Snapshot() => JsonSerializer.Serialize(lab.Server.Directory.Recipients.OrderBy(recipient => recipient.Id));

    protected override IReadOnlyList<string> Members(ProvisionedRecipient group) =>
        [.. lab.Server.Directory.Recipients.Single(recipient => recipient.Id.ToString() == group.TargetId).Members.Select(id => id.ToString())];
}
