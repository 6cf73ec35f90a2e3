using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Endpoints.Microsoft365;
using Cutover.Lab.Microsoft365.Authentication;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>The ways to sign in that are not a secret, and the clouds to sign in to.</summary>
public sealed class SignInTests : IDisposable
{
    private const string Issuer = "https://oidc.cluster.test/";
    private const string Subject = "system:serviceaccount:cutover:cutover";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("cutover-sign-in-");
    private readonly RSA key = RSA.Create(2048);
    private readonly X509Certificate2 certificate;

    public SignInTests()
    {
        var now = TimeProvider.System.GetUtcNow();
        certificate = new CertificateRequest("CN=cutover", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_certificate_signs_in()
    {
        await using var lab = await TenantLab.StartAsync(options => options with { ClientCertificate = X509CertificateLoader.LoadCertificate(certificate.RawData) });
        var file = Write("cutover.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(lab.Server.TenantId.ToString(), (await lab.SignInAsync("CertificateFile", file)).Id);
    }

    [Fact]
    public async Task A_workload_identity_signs_in_with_the_token_that_its_platform_keeps_in_a_file()
    {
        await using var lab = await StartWithWorkloadIdentityAsync();

        Assert.Equal(lab.Server.TenantId.ToString(), (await lab.SignInAsync("FederatedTokenFile", Write("token", Token(Subject)))).Id);
    }

    [Fact]
    public async Task Another_workload_is_refused_and_told_what_the_application_must_trust()
    {
        await using var lab = await StartWithWorkloadIdentityAsync();
        var token = Token("system:serviceaccount:default:other");

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => lab.SignInAsync("FederatedTokenFile", Write("token", token)));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.Contains("AADSTS700213", fault.Message);
        Assert.Contains("federated credential", fault.NextStep);
        Assert.DoesNotContain(token, fault.ToString());
    }

    [Theory]
    [InlineData(null, "https://login.microsoftonline.com/", "https://graph.microsoft.com/v1.0/", "https://outlook.office365.com", true)]
    [InlineData("usgovgcchigh", "https://login.microsoftonline.us/", "https://graph.microsoft.us/v1.0/", "https://outlook.office365.us", false)]
    [InlineData("USGovDoD", "https://login.microsoftonline.us/", "https://dod-graph.microsoft.us/v1.0/", "https://outlook-dod.office365.us", false)]
    [InlineData("China", "https://login.partner.microsoftonline.cn/", "https://microsoftgraph.chinacloudapi.cn/v1.0/", "https://outlook.office365.cn", false)]
    public void A_cloud_has_addresses_of_its_own(string? cloud, string authority, string graph, string exchange, bool hasImport)
    {
        var settings = Microsoft365Settings.Read(Endpoint(cloud));

        Assert.Equal((authority, graph, exchange, hasImport),
            (settings.Authority.AbsoluteUri, settings.GraphUrl.AbsoluteUri, settings.ExchangeOnlineResource, settings.HasMailboxImport));
        Assert.Equal(new Uri(graph).GetLeftPart(UriPartial.Authority), settings.GraphResource);
    }

    [Fact]
    public void A_cloud_that_nobody_knows_is_a_clear_error() =>
        Assert.Contains("USGovGCCHigh", Assert.Throws<MigrationFault>(() => Microsoft365Settings.Read(Endpoint("Mars"))).Message);

    private Task<TenantLab> StartWithWorkloadIdentityAsync() => TenantLab.StartAsync(options => options with
    {
        FederatedCredential = new FederatedCredential(Issuer, Subject, X509CertificateLoader.LoadCertificate(certificate.RawData)),
    });

    private static MigrationEndpoint Endpoint(string? cloud)
    {
        var settings = new Dictionary<string, string> { ["TenantId"] = "t", ["ClientId"] = "c" };
        if (cloud is not null) settings["Cloud"] = cloud;
        return new MigrationEndpoint("tenant", MigrationEndpointType.Microsoft365, settings, SecretRef.None, 1, 1);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(directory.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>What Kubernetes would put into the pod.</summary>
    private string Token(string subject)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = $"{Part(new { alg = "RS256", kid = "1" })}.{Part(new { iss = Issuer, sub = subject, aud = FederatedCredential.Audience, nbf = now, exp = now + 600 })}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Part(object claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
}
