using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;

namespace Cutover.Lab.Microsoft365.Directory;

/// <summary>The tenant's domains. Thread-safe; what is saved survives the process.</summary>
internal sealed class TenantDomains
{
    private const int RecordCount = 5;
    private readonly Lock gate = new();
    private readonly TenantDatabase database;
    private readonly Dictionary<string, TenantDomain> domains;

    public TenantDomains(TenantDatabase database, Microsoft365Options options)
    {
        this.database = database;
        domains = database.Read(connection => connection.Query<string>("SELECT document FROM domain"))
            .Select(document => JsonSerializer.Deserialize<TenantDomain>(document)!)
            .ToDictionary(domain => domain.Name, StringComparer.OrdinalIgnoreCase);
        if (domains.Count > 0) return;
        Save(New(options.InitialDomain) with
        {
            IsInitial = true,
            IsDefault = true,
            IsVerified = true,
            SupportedServices = ["Email", "OfficeCommunicationsOnline"],
        });
    }

    public IReadOnlyList<TenantDomain> All
    {
        get
        {
            lock (gate) return [.. domains.Values];
        }
    }

    public TenantDomain? Find(string name)
    {
        lock (gate) return domains.GetValueOrDefault(name);
    }

    public bool IsVerified(string name) => Find(name) is { IsVerified: true };

    public static TenantDomain New(string name) => new(
        name.ToLowerInvariant(), false, false, false, [],
        RandomNumberGenerator.GetInt32(10_000_000, 100_000_000).ToString(CultureInfo.InvariantCulture),
        [.. Enumerable.Range(0, RecordCount).Select(_ => Guid.NewGuid())]);

    public void Save(TenantDomain domain)
    {
        lock (gate)
        {
            database.Write(_ =>
            {
                var formers = domains.Values.Where(other => domain.IsDefault && other.IsDefault && other.Name != domain.Name).ToList();
                foreach (var former in formers)
                    Store(former with { IsDefault = false });
                Store(domain);
            });
        }
    }

    public void Remove(string name)
    {
        lock (gate)
        {
            database.Write(connection => connection.Execute("DELETE FROM domain WHERE name = @name", new { name }));
            domains.Remove(name);
        }
    }

    private void Store(TenantDomain domain)
    {
        var document = JsonSerializer.Serialize(domain);
        database.Write(connection => connection.Execute(
            "INSERT INTO domain VALUES(@Name, @document) ON CONFLICT(name) DO UPDATE SET document = @document",
            new { domain.Name, document }));
        domains[domain.Name] = domain;
    }
}
